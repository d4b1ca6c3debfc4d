import { systemClock, type Clock } from '@bigtech/kernel'
import type { EventRecord, Outbox, OutboxRow } from '@bigtech/messaging'
import type { Kysely, Selectable } from 'kysely'
import type { Db, UserSchema } from './schema.ts'

const LEASE = 'user_events'

/** The unpublished part of the users' streams as messaging's Outbox (see its guarantees). */
export function createSqlOutbox(db: Kysely<UserSchema>, clock: Clock = systemClock): Outbox {
  const pending = () =>
    db.selectFrom('user_events').where('published_at', 'is', null).where('parked_at', 'is', null).orderBy('id')
  return {
    claim: ({ owner, limit, leaseMs, now }) =>
      db.transaction().execute(async (tx) => {
        const rows = await tx
          .selectFrom('user_events')
          .selectAll()
          .where('published_at', 'is', null)
          .where('parked_at', 'is', null)
          .orderBy('id')
          .limit(limit)
          .execute()
        // An idle relay must not cost a disk write a poll.
        if (rows.length === 0 || !(await holdLease(tx, owner, leaseMs, now))) return []
        return rows.map(toOutboxRow)
      }),
    async published(ids) {
      if (ids.length === 0) return
      await db
        .updateTable('user_events')
        .set({ published_at: clock.now(), record: null, last_error: null })
        .where('id', 'in', ids)
        .execute()
    },
    async failed(ids, error) {
      if (ids.length === 0) return
      await db
        .updateTable('user_events')
        .set((eb) => ({ attempts: eb('attempts', '+', 1), last_error: error.slice(0, 500) }))
        .where('id', 'in', ids)
        .execute()
    },
    async park(id, error) {
      await db
        .updateTable('user_events')
        .set({ parked_at: clock.now(), last_error: error.slice(0, 500) })
        .where('id', '=', id)
        .execute()
    },
    async parked({ limit }) {
      const rows = await db
        .selectFrom('user_events')
        .selectAll()
        .where('published_at', 'is', null)
        .where('parked_at', 'is not', null)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...toOutboxRow(row), last_error: row.last_error }))
    },
    async unpark(ids) {
      if (ids.length === 0) return
      await db
        .updateTable('user_events')
        .set({ parked_at: null, attempts: 0 })
        .where('id', 'in', ids)
        .where('published_at', 'is', null)
        .execute()
    },
    async stats() {
      const waiting = await pending()
        .clearOrderBy()
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('occurred_at').as('oldest')])
        .executeTakeFirstOrThrow()
      const parked = await db
        .selectFrom('user_events')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('published_at', 'is', null)
        .where('parked_at', 'is not', null)
        .executeTakeFirstOrThrow()
      return { pending: waiting.count, parked: parked.count, oldest_created_at: waiting.oldest }
    },
    async release(owner) {
      await db.deleteFrom('outbox_lease').where('name', '=', LEASE).where('owner', '=', owner).execute()
    },
  }
}

async function holdLease(tx: Db, owner: string, leaseMs: number, now: number): Promise<boolean> {
  const lease = await tx.selectFrom('outbox_lease').selectAll().where('name', '=', LEASE).executeTakeFirst()
  const expires_at = now + leaseMs
  if (!lease) {
    await tx.insertInto('outbox_lease').values({ name: LEASE, owner, expires_at }).execute()
    return true
  }
  if (lease.owner === owner && lease.expires_at - now > leaseMs / 2) return true
  const { numUpdatedRows } = await tx
    .updateTable('outbox_lease')
    .set({ owner, expires_at })
    .where('name', '=', LEASE)
    .where((eb) => eb.or([eb('owner', '=', owner), eb('expires_at', '<=', now)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const toOutboxRow = (row: Selectable<UserSchema['user_events']>): OutboxRow => ({
  id: row.id,
  record: JSON.parse(row.record ?? 'null') as EventRecord,
  attempts: row.attempts,
  created_at: row.occurred_at,
})
