import { MysqlDialect, type DatabaseConnection, type Driver, type MysqlPool, type QueryResult } from 'kysely'
import { storageErrors } from '../errors.ts'
import { isMysqlOutage, mapMysqlError } from './errors.ts'

/**
 * Kysely on MySQL or MariaDB whose outages are STORAGE_UNAVAILABLE. When the connection is lost while a COMMIT is under way, nobody can say
 * whether it happened: STORAGE_UNCERTAIN.
 */
export function createMysqlDialect(pool: MysqlPool): MysqlDialect {
  return new GuardedDialect({
    pool,
    // Locks are taken on rows that are named (FOR UPDATE); those on gaps between rows would only add deadlocks.
    onCreateConnection: async (connection) => {
      const settings = `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED`
      await connection.executeQuery({ sql: settings, parameters: [] } as unknown as Parameters<
        typeof connection.executeQuery
      >[0])
    },
  })
}

class GuardedDialect extends MysqlDialect {
  override createDriver(): Driver {
    return guard(super.createDriver())
  }
}

const mapped = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw mapMysqlError(error)
  }
}

/** The connection itself is handed out: Kysely keeps what belongs to it by identity. */
function guard(driver: Driver): Driver {
  const guarded = new WeakSet<DatabaseConnection>()
  return {
    init: (options) => driver.init(options),
    async acquireConnection(options) {
      const connection = await mapped(() => driver.acquireConnection(options))
      if (guarded.has(connection)) return connection
      guarded.add(connection)
      const executeQuery = connection.executeQuery.bind(connection)
      connection.executeQuery = <R>(...args: Parameters<typeof executeQuery>): Promise<QueryResult<R>> =>
        mapped(() => executeQuery<R>(...args))
      return connection
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    async commitTransaction(connection) {
      try {
        await driver.commitTransaction(connection)
      } catch (error) {
        const cause = (error as { cause?: unknown }).cause ?? error
        throw isMysqlOutage(cause) ? storageErrors.STORAGE_UNCERTAIN({ cause, retryAfterS: 5 }) : error
      }
    },
    async rollbackTransaction(connection) {
      // A connection that was lost has rolled back; the reason is in the error that led here.
      await driver.rollbackTransaction(connection).catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== 'STORAGE_UNAVAILABLE') throw error
      })
    },
    savepoint: driver.savepoint?.bind(driver),
    rollbackToSavepoint: driver.rollbackToSavepoint?.bind(driver),
    releaseSavepoint: driver.releaseSavepoint?.bind(driver),
    releaseConnection: (connection) => driver.releaseConnection(connection),
    destroy: (options) => driver.destroy(options),
  } as Driver
}
