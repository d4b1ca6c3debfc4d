import { MysqlDialect, type DatabaseConnection, type Driver, type MysqlPool, type QueryResult } from 'kysely'
import { storageErrors } from '../errors.ts'
import { untilUncontended } from '../transaction.ts'
import { isLostAnswer, isMysqlOutage, mapMysqlError } from './errors.ts'

/**
 * Kysely on MySQL or MariaDB whose outages are STORAGE_UNAVAILABLE. When the connection is lost while a COMMIT is under way, or a change
 * outside of a transaction, nobody can say whether it happened: STORAGE_UNCERTAIN. A change outside of a transaction that the server undid, because it
 * and another one waited for each other, is run again, as `transaction` does with all of one.
 */
export function createMysqlDialect(pool: MysqlPool): MysqlDialect {
  return new GuardedDialect({ pool })
}

class GuardedDialect extends MysqlDialect {
  override createDriver(): Driver {
    return guard(super.createDriver())
  }
}

const mapped = async <T>(work: () => Promise<T>, map = mapMysqlError): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw map(error)
  }
}

/** What is lost before a COMMIT is under way is not kept. */
const mapUncertain = (error: unknown): unknown =>
  isLostAnswer(error) ? storageErrors.STORAGE_UNCERTAIN({ cause: error, retryAfterS: 5 }) : mapMysqlError(error)

/** The last of several statements may end a transaction that they are in. */
const CHANGES = /^\s*(?:insert|update|delete|replace)\b|(?:^|;)\s*commit\s*$/i
/** Outside of a transaction it is one of its own. */
const ONE_CHANGE = /^\s*(?:insert|update|delete|replace)\b[^;]*$/i

/** The connection itself is handed out: Kysely keeps what belongs to it by identity. */
function guard(driver: Driver): Driver {
  const guarded = new WeakSet<DatabaseConnection>()
  const inTransaction = new WeakSet<DatabaseConnection>()
  return {
    init: (options) => driver.init(options),
    async acquireConnection(options) {
      const connection = await mapped(() => driver.acquireConnection(options))
      if (guarded.has(connection)) return connection
      guarded.add(connection)
      const executeQuery = connection.executeQuery.bind(connection)
      connection.executeQuery = <R>(...args: Parameters<typeof executeQuery>): Promise<QueryResult<R>> => {
        const run = () => executeQuery<R>(...args)
        if (inTransaction.has(connection)) return mapped(run)
        const { sql } = args[0]
        const again = ONE_CHANGE.test(sql) ? () => untilUncontended(run) : run
        return mapped(again, CHANGES.test(sql) ? mapUncertain : mapMysqlError)
      }
      return connection
    },
    async beginTransaction(connection, settings) {
      await driver.beginTransaction(connection, settings)
      inTransaction.add(connection)
    },
    async commitTransaction(connection) {
      try {
        await driver.commitTransaction(connection)
      } catch (error) {
        const cause = (error as { cause?: unknown }).cause ?? error
        throw isMysqlOutage(cause) ? storageErrors.STORAGE_UNCERTAIN({ cause, retryAfterS: 5 }) : error
      } finally {
        inTransaction.delete(connection)
      }
    },
    async rollbackTransaction(connection) {
      // A connection that was lost has rolled back; the reason is in the error that led here.
      await driver.rollbackTransaction(connection).catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== 'STORAGE_UNAVAILABLE') throw error
      })
      inTransaction.delete(connection)
    },
    savepoint: driver.savepoint?.bind(driver),
    rollbackToSavepoint: driver.rollbackToSavepoint?.bind(driver),
    releaseSavepoint: driver.releaseSavepoint?.bind(driver),
    releaseConnection: (connection) => driver.releaseConnection(connection),
    destroy: (options) => driver.destroy(options),
  } as Driver
}
