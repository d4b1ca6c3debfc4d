import { enqueue, once, type EventRecord } from '@bigtech/messaging'
import { transaction } from '@bigtech/sql'
import type { EntryStore } from '../../ports.ts'
import { addEntry, toEntry } from './entry-rows.ts'
import type { Db, Trx } from './schema.ts'

/** Beside that of the consents, which are erased of the same event in a transaction of their own. */
const GROUP = 'ai-service entries'

export function createSqlEntryStore(db: Db): EntryStore {
  const ofPerson = (userId: number, now: number) =>
    db.selectFrom('entries').selectAll().where('user_id', '=', userId).where('expires_at', '>', now)
  return {
    add: (entry, keeping) => transaction(db, (trx) => addEntry(trx, entry, keeping)),
    async one({ user_id, id, now }) {
      const row = await ofPerson(user_id, now).where('id', '=', id).executeTakeFirst()
      return row && toEntry(row)
    },
    async list({ user_id, kind, before, limit, now }) {
      const rows = await ofPerson(user_id, now)
        .$if(kind !== undefined, (query) => query.where('kind', '=', kind!))
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(toEntry)
    },
    async during({ user_id, start, end, after, limit, now }) {
      const rows = await ofPerson(user_id, now)
        .where('created_at', '>=', start)
        .where('created_at', '<', end)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => toEntry({ ...row, text: null }))
    },
    async lastAt({ user_id, now }) {
      const row = await db
        .selectFrom('entries')
        .select('created_at')
        .where('user_id', '=', user_id)
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.created_at ?? null
    },
    forget: ({ user_id, id, now }) =>
      transaction(db, async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('entries')
          .where('user_id', '=', user_id)
          .where('id', '=', id)
          .where('expires_at', '>', now)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await trx
          .updateTable('recordings')
          .set({ result: null })
          .where('user_id', '=', user_id)
          .where('entry_id', '=', id)
          .execute()
        return true
      }),
    forgetAll: ({ user_id, now, event }) =>
      transaction(db, async (trx) => {
        await eraseAll(trx, { user_id, now, event })
      }),
    async expire({ now, limit }) {
      const rows = await db
        .selectFrom('entries')
        .select('id')
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(limit)
        .execute()
      const ids = rows.map(({ id }) => id)
      if (ids.length > 0) await db.deleteFrom('entries').where('id', 'in', ids).execute()
      return ids.length
    },
    async erase({ event_id: eventId, now, user_id, event }) {
      await once(db, { group: GROUP, eventId, now }, async (trx) => {
        await eraseAll(trx, { user_id, now, event })
      })
    },
  }
}

/** The recordings first: one that is being finished now is finished before, or not at all. */
async function eraseAll(
  trx: Trx,
  { user_id, now, event }: Readonly<{ user_id: number; now: number; event: EventRecord }>,
): Promise<void> {
  const recordings = await trx.deleteFrom('recordings').where('user_id', '=', user_id).executeTakeFirst()
  const entries = await trx.deleteFrom('entries').where('user_id', '=', user_id).executeTakeFirst()
  if (recordings.numDeletedRows + entries.numDeletedRows > 0n) await enqueue(trx, [event], now)
}
