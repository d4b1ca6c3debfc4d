import { Kysely, type MysqlPool } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Pool } from 'mysql2'
import { migrate } from '../migrate.ts'
import { createMysqlDialect } from './dialect.ts'
import { mapMysqlError } from './errors.ts'

const MIGRATION_MS = 3_600_000

export type MysqlOptions = Readonly<{
  /** `mysql://user:password@host:port` */
  url: string
  database: string
  /** Open at most; calls beyond wait, `queue` of them at most. */
  connections?: number
  queue?: number
  /** ms to wait for a connection to be made, default 3,000 */
  connectTimeoutMs?: number
  /** ms to wait for the answer to a statement, default 10,000: beyond, the connection is given up. Also for a connection that is free. */
  answerTimeoutMs?: number
  /** Takes several statements at once (`readThenWrite`), which nothing else should. */
  scripts?: boolean
}>

/**
 * A pool of connections to one database. It makes new ones as old ones are lost: after an outage it is well again without a restart.
 * Numbers beyond 2^53 come as text, times are UTC, texts are compared by their code points.
 */
export async function connectMysql<Schema>(options: MysqlOptions): Promise<Kysely<Schema>> {
  const { createPool } = await import('mysql2')
  const pool = createPool({
    uri: options.url,
    database: options.database,
    connectionLimit: options.connections ?? 20,
    queueLimit: options.queue ?? 1_000,
    connectTimeout: options.connectTimeoutMs ?? 3_000,
    // A connection that the server or a firewall has dropped is noticed while it is idle.
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    decimalNumbers: true,
    multipleStatements: options.scripts ?? false,
  })
  const prepared = preparePool(pool, options.answerTimeoutMs ?? 10_000)
  const db = new Kysely<Schema>({ dialect: createMysqlDialect(prepared) })
  // Kysely would call it a fault of the program when somebody asks after the end: a request that was cut off as the process stopped, say. The pool says that it is
  // closed, which is an outage like any other.
  const destroy = () => new Promise<void>((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve())))
  return Object.assign(db, { destroy })
}

/**
 * A machine that vanishes says no more that it does, and what it had locked in a transaction would stay so until the server notices: two hours, by the
 * keepalive of TCP. MariaDB rolls back the transactions of who says nothing for so long, seconds: no longer than it takes until another owner of a
 * partition may write. MySQL has no such setting (docs/deployment.md), and reads this as a comment.
 */
const IDLE_TRANSACTION_S = 10

/** Said to every new connection, whatever the server's own settings are. */
const SESSION = [
  // Locks are taken on rows that are named (FOR UPDATE); those on gaps between rows would only add deadlocks.
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // What does not fit is an error and not cut off; MariaDB takes no query that MySQL 8 would refuse; backslashes escape, as the driver writes.
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'
    /*M! , SESSION idle_transaction_timeout = ${IDLE_TRANSACTION_S} */`,
]

type Answered = (...answer: unknown[]) => void
type Query = (options: object, done: Answered) => unknown

/**
 * Prepares each new connection, and limits the wait for each answer and for a free connection: a server that stopped without closing its
 * connections would be waited for without end.
 */
function preparePool(pool: Pool, timeout: number): MysqlPool {
  const prepared = new WeakSet<object>()
  return {
    getConnection(done) {
      let waits = true
      const timer = setTimeout(() => {
        waits = false
        done(Object.assign(new Error('no connection became free in time'), { code: 'ETIMEDOUT' }), undefined as never)
      }, timeout)
      pool.getConnection((error, connection) => {
        clearTimeout(timer)
        if (!waits) return connection?.release()
        if (!connection || prepared.has(connection)) return done(error, connection)
        const query = connection.query.bind(connection) as Query
        const withLimit = (sql: string, values: unknown, answered: Answered) =>
          query({ sql, values, timeout }, (...answer) => {
            // The driver gives up waiting, but the statement still stands in the way of the next.
            if ((answer[0] as { code?: string } | null)?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') connection.destroy()
            answered(...answer)
          })
        connection.query = withLimit as unknown as typeof connection.query
        const say = ([sql, ...rest]: readonly string[]): void => {
          if (sql === undefined) {
            prepared.add(connection)
            return done(null, connection)
          }
          withLimit(sql, [], (failure) => {
            if (!failure) return say(rest)
            connection.destroy()
            done(failure, connection)
          })
        }
        say(SESSION)
      })
    },
    end: (done) => pool.end(done),
  }
}

/**
 * Opens a service's database, which is made when it is not there, and brings it to the newest schema; of several processes that start
 * together one does that and the others wait.
 * @throws STORAGE_UNAVAILABLE, MigrationError
 */
export async function openMysqlDatabase<Schema>(
  options: MysqlOptions & Readonly<{ migrations: Record<string, Migration> }>,
): Promise<Kysely<Schema>> {
  const { createConnection } = await import('mysql2/promise')
  try {
    const connection = await createConnection({ uri: options.url, connectTimeout: options.connectTimeoutMs ?? 3_000 })
    const name = `\`${options.database.replaceAll('`', '``')}\``
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
    await connection.end()
  } catch (error) {
    throw mapMysqlError(error)
  }
  // Changing a large table, or waiting for another process that does, takes longer than a query may.
  const slow = await connectMysql<Schema>({ ...options, connections: 2, answerTimeoutMs: MIGRATION_MS })
  try {
    await migrate(slow, options.database, options.migrations)
  } finally {
    await slow.destroy()
  }
  return connectMysql<Schema>(options)
}
