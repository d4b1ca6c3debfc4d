import type { DatabaseSync } from 'node:sqlite'
import {
  SelectQueryNode,
  SqliteAdapter,
  SqliteDialect,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'
import { guardStorage } from './errors.ts'
import { bind, createStatements, execute, type Outcome, type Statements } from './statements.ts'
import type { ThreadConnection } from './thread.ts'

/**
 * Kysely on one SQLite file with two connections: reads outside of transactions run on this thread at once (they see what is
 * committed, so what is on disk), everything else in the database thread, one transaction at a time. No commit makes this
 * thread wait for the disk.
 */
export function createThreadedDialect(reader: DatabaseSync, writer: ThreadConnection): SqliteDialect {
  return new ThreadedDialect(reader, writer)
}

class ThreadedDialect extends SqliteDialect {
  readonly #reader: DatabaseSync
  readonly #writer: ThreadConnection

  constructor(reader: DatabaseSync, writer: ThreadConnection) {
    super({ database: () => Promise.reject(new Error('not used')) })
    this.#reader = reader
    this.#writer = writer
  }

  override createAdapter(): SqliteAdapter {
    return new ThreadedAdapter()
  }

  override createDriver() {
    return createDriver(this.#reader, this.#writer)
  }
}

class ThreadedAdapter extends SqliteAdapter {
  /** The driver itself keeps transactions apart. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

type Connection = DatabaseConnection & { inTransaction: boolean }

function createDriver(reader: DatabaseSync, writer: ThreadConnection): Driver {
  const statements = createStatements(reader)
  const turns = createTurns()
  const control = (sql: string) => writer.execute(sql, [])
  /** A transaction could not be rolled back: what comes next must not become a part of it. */
  let isUnclean = false
  const takeTurn = async () => {
    await turns.take()
    try {
      if (isUnclean) await control('rollback')
      isUnclean = false
    } catch (error) {
      turns.release()
      throw error
    }
  }
  const ended = (connection: Connection) => {
    connection.inTransaction = false
    turns.release()
  }

  return {
    init: async () => {},
    acquireConnection: async () => createConnection(reader, statements, writer, { ...turns, take: takeTurn }),
    releaseConnection: async () => {},
    async beginTransaction(connection) {
      await takeTurn()
      try {
        await control('begin immediate')
      } catch (error) {
        turns.release()
        throw error
      }
      ;(connection as Connection).inTransaction = true
    },
    // One that fails is rolled back next.
    commitTransaction: async (connection) => {
      await control('commit')
      ended(connection as Connection)
    },
    async rollbackTransaction(connection) {
      try {
        await control('rollback')
      } catch (error) {
        isUnclean = true
        throw error
      } finally {
        ended(connection as Connection)
      }
    },
    async destroy() {
      // The last connection to close folds the WAL into the file.
      reader.close()
      await writer.close()
    },
  }
}

function createConnection(
  reader: DatabaseSync,
  statements: Statements,
  writer: ThreadConnection,
  turns: Turns,
): Connection {
  const connection: Connection = {
    inTransaction: false,
    async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
      if (connection.inTransaction) return toResult(await writer.execute(sql, parameters))
      if (SelectQueryNode.is(query)) return toResult(guardStorage(() => execute(statements.get(sql), parameters)))
      await turns.take()
      try {
        return toResult(await writer.execute(sql, parameters))
      } finally {
        turns.release()
      }
    },
    async *streamQuery<R>({ sql, parameters, query }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      if (!SelectQueryNode.is(query)) throw new Error('only SELECT can be streamed')
      for (const row of reader.prepare(sql).iterate(...bind(parameters))) yield { rows: [row as R] }
    },
  }
  return connection
}

function toResult<R>({ rows, changes, insertId }: Outcome): QueryResult<R> {
  return {
    rows: rows as R[],
    ...(changes === undefined ? {} : { numAffectedRows: BigInt(changes) }),
    ...(insertId === undefined ? {} : { insertId: BigInt(insertId) }),
  }
}

type Turns = ReturnType<typeof createTurns>

/** One at a time, in the order of asking. */
function createTurns() {
  let taken = false
  const waiting: (() => void)[] = []
  return {
    async take(): Promise<void> {
      if (taken) await new Promise<void>((resolve) => waiting.push(resolve))
      taken = true
    },
    release(): void {
      const next = waiting.shift()
      if (next) next()
      else taken = false
    },
  }
}
