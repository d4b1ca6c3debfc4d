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
  const longText = adapter instanceof MysqlAdapter ? sql`mediumtext` : sql`text`
  await db.schema
    .createTable('outbox')
    .addColumn('id', adapter instanceof PostgresAdapter ? 'bigserial' : idType(adapter), (column) =>
      adapter instanceof PostgresAdapter ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('topic', 'varchar(200)', (column) => column.notNull())
    .addColumn('record_key', 'varchar(200)', (column) => column.notNull())
    .addColumn('value', longText, (column) => column.notNull())
    .addColumn('headers', longText, (column) => column.notNull())
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

/** Creates `inbox`; call it in a migration. */
export async function createInboxTable<S>(db: Kysely<S>): Promise<void> {
  await db.schema
    .createTable('inbox')
    .addColumn('consumer_group', 'varchar(100)', (column) => column.notNull())
    .addColumn('event_id', 'varchar(100)', (column) => column.notNull())
    .addColumn('processed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('inbox_pk', ['consumer_group', 'event_id'])
    .execute()
  await db.schema.createIndex('inbox_processed_at').on('inbox').column('processed_at').execute()
}

/** SQLite's autoincrement (ids are never used twice) exists for INTEGER only. */
const idType = (adapter: unknown) => (adapter instanceof MysqlAdapter ? 'bigint' : 'integer')

/** A service's schema contains these tables; Kysely's types cannot say "at least". */
export const asOutbox = (db: unknown): Kysely<OutboxTables> => db as Kysely<OutboxTables>
export const asInbox = (db: unknown): Kysely<InboxTables> => db as Kysely<InboxTables>
