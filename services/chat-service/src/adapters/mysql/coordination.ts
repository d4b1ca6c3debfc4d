import type { Coordination, Cursors } from '@bigtech/partition-log'
import { isUniqueViolation, sql } from '@bigtech/sql'
import { exact, type Db } from './schema.ts'

/** Each write is one statement that names the version it is written over. */
export function createMysqlCoordination(db: Db): Coordination {
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
    },

    async leave(node) {
      await db.deleteFrom('partition_nodes').where('node', '=', node).execute()
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
