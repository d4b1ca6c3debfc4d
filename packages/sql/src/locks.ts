import { MysqlAdapter, sql, type Kysely } from 'kysely'

// oxlint-disable-next-line typescript/no-explicit-any -- any schema will do
type Database = Kysely<any>

/**
 * Whether what is read in this transaction must be locked (FOR UPDATE) so that it stays as it was until the end: on MySQL. SQLite lets one
 * transaction run at a time, and has no such lock.
 */
export const locksRows = (db: Database): boolean => db.isTransaction && db.getExecutor().adapter instanceof MysqlAdapter

/** Said of each table: a server or a database may have other defaults. */
export const MYSQL_TABLE = sql.raw('ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin')
