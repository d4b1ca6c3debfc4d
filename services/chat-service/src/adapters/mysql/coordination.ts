import type { Coordination, Cursors } from '@bigtech/partition-log'
import { isUniqueViolation, sql } from '@bigtech/sql'
import { exact, type Db } from './schema.ts'

/** Where a process is reached by the others; undefined while nobody knows. */
export type AddressOf = (node: string) => Promise<string | undefined>

/**
 * Each write is one statement that names the version it is written over.
 * @param ownAddress where the process that beats is reached by the others: told with each beat, so that it is known as long as the process is
 */
export function createMysqlCoordination(
  db: Db,
  ownAddress: () => string | undefined = () => undefined,
): Coordination & Readonly<{ addressOf: AddressOf }> {
  const addresses = new Map<string, string>()
  return {
    async read() {
      const [leases, nodes] = await Promise.all([
        db.selectFrom('partition_leases').selectAll().execute(),
        db.selectFrom('partition_nodes').selectAll().execute(),
      ])
      return { leases, nodes }
    },

    async write(lease) {
      exact(lease.p, lease.term, lease.floor, lease.version)
      if (lease.version > 1) {
        const { p, version, ...changed } = lease
        const { numUpdatedRows } = await db
          .updateTable('partition_leases')
          .set({ ...changed, version })
          .where('p', '=', p)
          .where('version', '=', version - 1)
          .executeTakeFirst()
        return numUpdatedRows === 1n
      }
      try {
        await db.insertInto('partition_leases').values(lease).execute()
        return true
      } catch (error) {
        if (isUniqueViolation(error)) return false
        throw error
      }
    },

    async beat({ node, beat }) {
      exact(beat)
      await db
        .insertInto('partition_nodes')
        .values({ node, beat })
        .onDuplicateKeyUpdate({ beat: sql<number>`GREATEST(beat, ${beat})` })
        .execute()
      const address = ownAddress()
      if (address === undefined) return
      await db.insertInto('partition_addresses').values({ node, address }).onDuplicateKeyUpdate({ address }).execute()
    },

    async leave(node) {
      addresses.delete(node)
      await db.deleteFrom('partition_nodes').where('node', '=', node).execute()
      await db.deleteFrom('partition_addresses').where('node', '=', node).execute()
    },

    async addressOf(node) {
      const known = addresses.get(node)
      if (known !== undefined) return known
      const row = await db
        .selectFrom('partition_addresses')
        .select('address')
        .where('node', '=', node)
        .executeTakeFirst()
      // A process has another name after a restart: what it said once is right as long as it is there.
      if (row) addresses.set(node, row.address)
      return row?.address
    },
  }
}

export function createMysqlCursors(db: Db): Cursors {
  return {
    async read(p) {
      const row = await db.selectFrom('partition_cursors').select('n').where('p', '=', p).executeTakeFirst()
      return row?.n ?? 0
    },

    async advance(p, n) {
      exact(p, n)
      await db
        .insertInto('partition_cursors')
        .values({ p, n })
        .onDuplicateKeyUpdate({ n: sql<number>`GREATEST(n, ${n})` })
        .execute()
    },
  }
}
