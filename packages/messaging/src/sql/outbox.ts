import type { Kysely, Transaction } from 'kysely'
import type { EventRecord, Outbox } from '../ports.ts'
import { isAgain, STATE, toInsert, toOutboxRow, toRowIds } from './outbox-rows.ts'
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

/** Old events are looked for so often at most, and so many are forgotten at once. */
const FORGET_EVERY_MS = 60_000
const FORGET_AT_ONCE = 1_000

/**
 * The outbox over a service's SQL database (tables of createOutboxTables).
 * @param options.keepMs published events are kept for so long, for `tellAgain`: a bus that does not fsync may lose them. Default: not at all
 */
export function createSqlOutbox<S extends OutboxTables>(
  database: Kysely<S>,
  { keepMs = 0 }: { keepMs?: number } = {},
): Outbox {
  const db = asOutbox(database)
  let lookedAt = 0

  const inState = (state: number, limit: number) =>
    db.selectFrom('outbox').selectAll().where('parked', '=', state).orderBy('id').limit(limit).execute()
  /** In the order of their ids, whether they are new or told again: so the newest of a key comes last. */
  const pending = async (limit: number) => {
    const rows = await inState(STATE.pending, limit)
    if (keepMs === 0) return rows
    rows.push(...(await inState(STATE.again, limit)))
    return rows.sort((a, b) => Number(a.id) - Number(b.id)).slice(0, limit)
  }

  /** Not in the order of time, but nearly: ids are given when a transaction begins to write. */
  const forget = async (now: number): Promise<void> => {
    if (keepMs === 0 || now - lookedAt < FORGET_EVERY_MS) return
    lookedAt = now
    for (let more = true; more;) {
      const oldest = await db
        .selectFrom('outbox')
        .select(['id', 'created_at'])
        .where('parked', '=', STATE.told)
        .orderBy('id')
        .limit(FORGET_AT_ONCE)
        .execute()
      const old = oldest.filter(({ created_at }) => Number(created_at) < now - keepMs).map(({ id }) => Number(id))
      if (old.length > 0) await db.deleteFrom('outbox').where('id', 'in', old).execute()
      more = old.length === FORGET_AT_ONCE
    }
  }

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
      await forget(now)
      // An idle relay must not write to the disk every second.
      if ((await pending(1)).length === 0) return []
      if (!(await holdLease(owner, leaseMs, now))) return []
      return (await pending(limit)).map(toOutboxRow)
    },
    async published(ids) {
      if (ids.length === 0) return
      if (keepMs === 0) return void (await db.deleteFrom('outbox').where('id', 'in', toRowIds(ids)).execute())
      const told = async (those: readonly string[], was: number): Promise<void> => {
        if (those.length === 0) return
        await db
          .updateTable('outbox')
          .set({ parked: STATE.told })
          .where('id', 'in', toRowIds(those))
          .where('parked', '=', was)
          .execute()
      }
      await told(
        ids.filter((id) => !isAgain(id)),
        STATE.pending,
      )
      await told(ids.filter(isAgain), STATE.again)
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
        .set({ parked: STATE.parked, last_error: error.slice(0, 500) })
        .where('id', 'in', toRowIds([id]))
        .execute()
    },
    async parked({ limit }) {
      const rows = await db
        .selectFrom('outbox')
        .selectAll()
        .where('parked', '=', STATE.parked)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...toOutboxRow(row), last_error: row.last_error }))
    },
    async unpark(ids) {
      const known = toRowIds(ids)
      if (known.length > 0)
        await db.updateTable('outbox').set({ parked: STATE.pending, attempts: 0 }).where('id', 'in', known).execute()
    },
    async stats() {
      const rows = await db
        .selectFrom('outbox')
        .select([
          'parked',
          (select) => select.fn.countAll().as('rows'),
          (select) => select.fn.min('created_at').as('oldest'),
        ])
        .where('parked', '!=', STATE.told)
        .groupBy('parked')
        .execute()
      const of = (state: number) => rows.find(({ parked }) => parked === state)
      const oldest = of(STATE.pending)?.oldest
      return {
        // How old an event is when it is told once more says nothing of the relay.
        pending: Number(of(STATE.pending)?.rows ?? 0) + Number(of(STATE.again)?.rows ?? 0),
        parked: Number(of(STATE.parked)?.rows ?? 0),
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
