import { MYSQL_TABLE } from '@bigtech/sql'
import { type ColumnType, type Generated, type Kysely, MysqlAdapter, PostgresAdapter, sql } from 'kysely'

/** Some drivers return 64-bit integers as text. */
type BigInteger<Insert = number> = ColumnType<number | string, Insert, number>

/** What a service adds to its Kysely schema to have an outbox. */
export type OutboxTables = {
  outbox: {
    id: BigInteger<number | undefined>
    topic: string
    record_key: string
    value: string
    headers: string
    attempts: Generated<number>
    parked: Generated<number>
    last_error: string | null
    created_at: BigInteger
  }
  outbox_lease: { id: number; owner: string; expires_at: BigInteger }
}

/** What a service adds to its Kysely schema to have an inbox. */
export type InboxTables = {
  inbox: { consumer_group: string; event_id: string; processed_at: BigInteger }
}

/**
 * Creates `outbox` and `outbox_lease` (SQLite, MySQL/MariaDB, PostgreSQL); call it in a migration.
 * Times are milliseconds since the epoch.
 */
export async function createOutboxTables<S>(db: Kysely<S>): Promise<void> {
  const { adapter } = db.getExecutor()
  if (adapter instanceof MysqlAdapter) return createMysqlOutboxTables(db)
  const isPostgres = adapter instanceof PostgresAdapter
  await db.schema
    .createTable('outbox')
    // SQLite's autoincrement (ids are never used twice) exists for INTEGER only.
    .addColumn('id', isPostgres ? 'bigserial' : 'integer', (column) =>
      isPostgres ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('topic', 'varchar(200)', (column) => column.notNull())
    .addColumn('record_key', 'varchar(200)', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('headers', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('parked', 'smallint', (column) => column.notNull().defaultTo(0))
    .addColumn('last_error', 'varchar(500)')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('outbox_pending').on('outbox').columns(['parked', 'id']).execute()
  await db.schema
    .createTable('outbox_lease')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('owner', 'varchar(100)', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  await asOutbox(db).insertInto('outbox_lease').values({ id: 1, owner: '', expires_at: 0 }).execute()
}

/** MySQL cannot undo a CREATE TABLE: a migration that was killed is run again over what it left. */
async function createMysqlOutboxTables<S>(db: Kysely<S>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS outbox (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, topic VARCHAR(200) NOT NULL, record_key VARCHAR(200) NOT NULL,
    value MEDIUMTEXT NOT NULL, headers MEDIUMTEXT NOT NULL, attempts INT NOT NULL DEFAULT 0,
    parked SMALLINT NOT NULL DEFAULT 0, last_error VARCHAR(500), created_at BIGINT NOT NULL,
    KEY outbox_pending (parked, id)) ${MYSQL_TABLE}`.execute(db)
  await sql`CREATE TABLE IF NOT EXISTS outbox_lease (
    id INT NOT NULL PRIMARY KEY, owner VARCHAR(100) NOT NULL, expires_at BIGINT NOT NULL) ${MYSQL_TABLE}`.execute(db)
  await asOutbox(db).insertInto('outbox_lease').ignore().values({ id: 1, owner: '', expires_at: 0 }).execute()
}

/** Creates `inbox`; call it in a migration. */
export async function createInboxTable<S>(db: Kysely<S>): Promise<void> {
  if (db.getExecutor().adapter instanceof MysqlAdapter) {
    await sql`CREATE TABLE IF NOT EXISTS inbox (
      consumer_group VARCHAR(100) NOT NULL, event_id VARCHAR(100) NOT NULL, processed_at BIGINT NOT NULL,
      PRIMARY KEY (consumer_group, event_id), KEY inbox_processed_at (processed_at)) ${MYSQL_TABLE}`.execute(db)
    return
  }
  await db.schema
    .createTable('inbox')
    .addColumn('consumer_group', 'varchar(100)', (column) => column.notNull())
    .addColumn('event_id', 'varchar(100)', (column) => column.notNull())
    .addColumn('processed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('inbox_pk', ['consumer_group', 'event_id'])
    .execute()
  await db.schema.createIndex('inbox_processed_at').on('inbox').column('processed_at').execute()
}

/** A service's schema contains these tables; Kysely's types cannot say "at least". */
export const asOutbox = (db: unknown): Kysely<OutboxTables> => db as Kysely<OutboxTables>
export const asInbox = (db: unknown): Kysely<InboxTables> => db as Kysely<InboxTables>
