import type { Kysely, Transaction } from 'kysely'
import type { EventRecord, Outbox } from '../ports.ts'
import { toInsert, toOutboxRow, toRowIds } from './outbox-rows.ts'
import { asOutbox, type OutboxTables } from './tables.ts'

const INSERT_CHUNK = 200

/**
 * Inserts outbox rows inside the caller's transaction: they exist if and only if it commits. Call it after the change has locked the
 * aggregate's row, so that ids of one key are given in commit order on every database. Then `relay.notify()` after the commit.
 * @param now ms since the epoch
 */
export async function enqueue<S extends OutboxTables>(
  trx: Transaction<S>,
  records: readonly EventRecord[],
  now: number,
): Promise<void> {
  const rows = records.map((record) => toInsert(record, now))
  for (let start = 0; start < rows.length; start += INSERT_CHUNK)
    await asOutbox(trx)
      .insertInto('outbox')
      .values(rows.slice(start, start + INSERT_CHUNK))
      .execute()
}

/** The outbox over a service's SQL database (tables of createOutboxTables). */
export function createSqlOutbox<S extends OutboxTables>(database: Kysely<S>): Outbox {
  const db = asOutbox(database)

  const pending = (limit: number) =>
    db.selectFrom('outbox').selectAll().where('parked', '=', 0).orderBy('id').limit(limit).execute()

  const holdLease = async (owner: string, leaseMs: number, now: number): Promise<boolean> => {
    const lease = await db.selectFrom('outbox_lease').selectAll().where('id', '=', 1).executeTakeFirst()
    if (lease?.owner === owner && Number(lease.expires_at) - now > leaseMs / 2) return true
    const taken = await db
      .updateTable('outbox_lease')
      .set({ owner, expires_at: now + leaseMs })
      .where('id', '=', 1)
      .where((where) => where.or([where('owner', '=', owner), where('expires_at', '<=', now)]))
      .executeTakeFirst()
    return taken.numUpdatedRows > 0n
  }

  return {
    async claim({ owner, limit, leaseMs, now }) {
      // An idle relay must not write to the disk every second.
      if ((await pending(1)).length === 0) return []
      if (!(await holdLease(owner, leaseMs, now))) return []
      return (await pending(limit)).map(toOutboxRow)
    },
    async published(ids) {
      if (ids.length > 0) await db.deleteFrom('outbox').where('id', 'in', toRowIds(ids)).execute()
    },
    async failed(ids, error) {
      if (ids.length === 0) return
      await db
        .updateTable('outbox')
        .set((update) => ({ attempts: update('attempts', '+', 1), last_error: error.slice(0, 500) }))
        .where('id', 'in', toRowIds(ids))
        .execute()
    },
    async park(id, error) {
      await db
        .updateTable('outbox')
        .set({ parked: 1, last_error: error.slice(0, 500) })
        .where('id', 'in', toRowIds([id]))
        .execute()
    },
    async parked({ limit }) {
      const rows = await db
        .selectFrom('outbox')
        .selectAll()
        .where('parked', '=', 1)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...toOutboxRow(row), last_error: row.last_error }))
    },
    async unpark(ids) {
      const known = toRowIds(ids)
      if (known.length > 0)
        await db.updateTable('outbox').set({ parked: 0, attempts: 0 }).where('id', 'in', known).execute()
    },
    async stats() {
      const rows = await db
        .selectFrom('outbox')
        .select([
          'parked',
          (select) => select.fn.countAll().as('rows'),
          (select) => select.fn.min('created_at').as('oldest'),
        ])
        .groupBy('parked')
        .execute()
      const of = (parked: number) => rows.find((row) => row.parked === parked)
      const oldest = of(0)?.oldest
      return {
        pending: Number(of(0)?.rows ?? 0),
        parked: Number(of(1)?.rows ?? 0),
        oldest_created_at: oldest === undefined ? null : Number(oldest),
      }
    },
    async release(owner) {
      await db
        .updateTable('outbox_lease')
        .set({ owner: '', expires_at: 0 })
        .where('id', '=', 1)
        .where('owner', '=', owner)
        .execute()
    },
  }
}
