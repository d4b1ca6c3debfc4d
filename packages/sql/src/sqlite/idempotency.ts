import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { isUniqueViolation } from '../errors.ts'
import { openThreadedDatabase } from './database.ts'

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

/** Answers to requests with an Idempotency-Key (`IdempotencyStore` of packages/http) for 24 h, in a SQLite file of their own. */
export async function openIdempotencyStore(file: string) {
  const db = await openThreadedDatabase<Schema>(file, 'idempotency', migrations)
  const find = ({ scope, key }: Entry) =>
    db.selectFrom('idempotency').selectAll().where('scope', '=', scope).where('key', '=', key)
  const remove = ({ scope, key }: Entry) =>
    db.deleteFrom('idempotency').where('scope', '=', scope).where('key', '=', key)

  /** `service` keeps the keys of services apart that share the file. */
  const storeFor = (service: string) => {
    const own = (entry: Entry): Entry => ({ scope: `${service}:${entry.scope}`, key: entry.key })
    return {
      async begin(request: Entry & { fingerprint: string; now: number }): Promise<Begun> {
        const { fingerprint, now } = request
        const entry = own(request)
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
          await db
            .insertInto('idempotency')
            .values({ ...entry, fingerprint, status: null, body: null, created_at: now })
            .execute()
          return { state: 'new' }
        } catch (error) {
          if (!isUniqueViolation(error)) throw error
          return this.begin(request)
        }
      },
      async finish({ answer, ...entry }: Entry & { answer: Answer }): Promise<void> {
        const { scope, key } = own(entry)
        await db.updateTable('idempotency').set(answer).where('scope', '=', scope).where('key', '=', key).execute()
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
