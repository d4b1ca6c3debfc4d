import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { isUniqueViolation } from './errors.ts'
import { MYSQL_TABLE } from './locks.ts'
import { openMysqlDatabase, type MysqlOptions } from './mysql/database.ts'
import { openThreadedDatabase } from './sqlite/database.ts'

type Answer = { status: number; body: string }
type Begun = { state: 'new' } | { state: 'pending' } | { state: 'mismatch' } | { state: 'done'; answer: Answer }
type Entry = { scope: string; key: string }

type Schema = {
  idempotency: Entry & { fingerprint: string; status: number | null; body: string | null; created_at: number }
}

const KEPT_MS = 24 * 3_600_000
/** A request that died (kill -9) before its answer was stored may be tried again after this. */
const ABANDONED_MS = 60_000

const migrations: Record<string, Migration> = {
  '0001_idempotency': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('idempotency')
        .addColumn('scope', 'varchar(200)', (column) => column.notNull())
        .addColumn('key', 'varchar(200)', (column) => column.notNull())
        .addColumn('fingerprint', 'varchar(100)', (column) => column.notNull())
        .addColumn('status', 'integer')
        .addColumn('body', 'text')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('idempotency_pk', ['scope', 'key'])
        .execute()
      await db.schema.createIndex('idempotency_created_at').on('idempotency').column('created_at').execute()
    },
  },
}

const mysqlMigrations: Record<string, Migration> = {
  '0001_idempotency': {
    async up(db: Kysely<unknown>) {
      await sql`CREATE TABLE IF NOT EXISTS idempotency (
        scope VARCHAR(200) NOT NULL, \`key\` VARCHAR(200) NOT NULL, fingerprint VARCHAR(100) NOT NULL,
        status INT, body MEDIUMTEXT, created_at BIGINT NOT NULL,
        PRIMARY KEY (scope, \`key\`), KEY idempotency_created_at (created_at)) ${MYSQL_TABLE}`.execute(db)
    },
  },
}

/** Answers to requests with an Idempotency-Key (`IdempotencyStore` of packages/http) for 24 h, in a SQLite file of their own … */
export const openIdempotencyStore = async (file: string) =>
  createIdempotencyStores(await openThreadedDatabase<Schema>(file, 'idempotency', migrations))

/** … or in a database that many processes share. */
export const openMysqlIdempotencyStore = async (options: MysqlOptions) =>
  createIdempotencyStores(await openMysqlDatabase<Schema>({ ...options, migrations: mysqlMigrations }))

function createIdempotencyStores(db: Kysely<Schema>) {
  const find = ({ scope, key }: Entry) =>
    db.selectFrom('idempotency').selectAll().where('scope', '=', scope).where('key', '=', key)
  const remove = ({ scope, key }: Entry) =>
    db.deleteFrom('idempotency').where('scope', '=', scope).where('key', '=', key)

  const begin = async (entry: Entry, request: { fingerprint: string; now: number }): Promise<Begun> => {
    const { fingerprint, now } = request
    const row = await find(entry).executeTakeFirst()
    const age = row ? now - row.created_at : Infinity
    const usable = row !== undefined && age < KEPT_MS && (row.status !== null || age < ABANDONED_MS)
    if (usable) {
      if (row.fingerprint !== fingerprint) return { state: 'mismatch' }
      if (row.status === null) return { state: 'pending' }
      return { state: 'done', answer: { status: row.status, body: row.body ?? '' } }
    }
    // Of several that find an old entry one removes it, and one inserts the new one.
    if (row) await remove(entry).where('created_at', '=', row.created_at).execute()
    try {
      const { scope, key } = entry
      const row = { scope, key, fingerprint, status: null, body: null, created_at: now }
      await db.insertInto('idempotency').values(row).execute()
      return { state: 'new' }
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return begin(entry, request)
    }
  }

  /** `service` keeps the keys of services apart that share the file. */
  const storeFor = (service: string) => {
    const own = (entry: Entry): Entry => ({ scope: `${service}:${entry.scope}`, key: entry.key })
    return {
      begin: (request: Entry & { fingerprint: string; now: number }): Promise<Begun> => begin(own(request), request),
      async finish({ answer, ...entry }: Entry & { answer: Answer }): Promise<void> {
        const { scope, key } = own(entry)
        const change = db.updateTable('idempotency').set(answer).where('scope', '=', scope).where('key', '=', key)
        await change.execute()
      },
      async abandon(entry: Entry): Promise<void> {
        await remove(own(entry)).execute()
      },
    }
  }
  return {
    storeFor,
    async prune(now: number): Promise<void> {
      await db
        .deleteFrom('idempotency')
        .where('created_at', '<', now - KEPT_MS)
        .execute()
    },
    close: () => db.destroy(),
  }
}
