import { isUniqueViolation } from '@bigtech/sql'
import type { Kysely } from 'kysely'
import type { Leases } from './leases.ts'

/** What a service adds to its Kysely schema to have leases. */
export type LeaseTables = { leases: { name: string; owner: string; expires_at: number } }

/** Creates `leases`; call it in a migration. */
export async function createLeasesTable<S>(db: Kysely<S>): Promise<void> {
  await db.schema
    .createTable('leases')
    .ifNotExists()
    .addColumn('name', 'varchar(100)', (column) => column.primaryKey())
    .addColumn('owner', 'varchar(100)', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
}

/** Leases in the database that the processes of a service share. */
export function createSqlLeases<S extends LeaseTables>(database: Kysely<S>): Leases {
  // A service's schema contains the table; Kysely's types cannot say "at least".
  const db = database as unknown as Kysely<LeaseTables>
  return {
    async hold({ name, owner, ttlMs, now }) {
      const taken = await db
        .updateTable('leases')
        .set({ owner, expires_at: now + ttlMs })
        .where('name', '=', name)
        .where((where) => where.or([where('owner', '=', owner), where('expires_at', '<=', now)]))
        .executeTakeFirst()
      if (taken.numUpdatedRows > 0n) return true
      const known = await db.selectFrom('leases').select('name').where('name', '=', name).executeTakeFirst()
      if (known) return false
      try {
        await db
          .insertInto('leases')
          .values({ name, owner, expires_at: now + ttlMs })
          .execute()
        return true
      } catch (error) {
        if (isUniqueViolation(error)) return false
        throw error
      }
    },
    async release({ name, owner }) {
      await db.deleteFrom('leases').where('name', '=', name).where('owner', '=', owner).execute()
    },
  }
}
