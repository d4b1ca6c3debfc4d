import { enqueue, once, pruneInbox } from '@bigtech/messaging'
import { locksRows } from '@bigtech/sql'
import type { PeopleStore } from '../../ports.ts'
import type { Db, Trx } from './schema.ts'

const GROUP = 'friend-service'

export function createSqlPeopleStore(db: Db): PeopleStore {
  const inTurn = async (event: { event_id: string; now: number }, effect: (trx: Trx) => Promise<void>): Promise<void> =>
    void (await once(db, { group: GROUP, eventId: event.event_id, now: event.now }, effect))
  const setActive = (trx: Trx, userId: number, active: number) =>
    trx.updateTable('profiles').set({ active }).where('user_id', '=', userId).execute()

  return {
    async highestId() {
      const row = await db
        .selectFrom('profiles')
        .select((select) => select.fn.max('user_id').as('id'))
        .executeTakeFirst()
      return row?.id ?? 0
    },
    async profiles(userIds) {
      if (userIds.length === 0) return new Map()
      const rows = await db.selectFrom('profiles').selectAll().where('user_id', 'in', userIds).execute()
      return new Map(rows.map((row) => [row.user_id, { ...row, active: row.active === 1 }]))
    },
    applyProfile: ({ profile, ...event }) =>
      inTurn(event, async (trx) => {
        const row = { ...profile, active: profile.active ? 1 : 0 }
        const { user_id, ...values } = row
        const { numUpdatedRows } = await trx
          .updateTable('profiles')
          .set(values)
          .where('user_id', '=', user_id)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) await trx.insertInto('profiles').values(row).execute()
      }),
    prepareClosure: ({ user_id, reply, ...event }) =>
      inTurn(event, async (trx) => {
        await setActive(trx, user_id, 0)
        await enqueue(trx, [reply], event.now)
      }),
    cancelClosure: ({ user_id, ...event }) => inTurn(event, async (trx) => void (await setActive(trx, user_id, 1))),
    erase: ({ user_id, events, ...event }) =>
      inTurn(event, async (trx) => {
        const friends = await trx.selectFrom('friendships').select('friend_id').where('user_id', '=', user_id).execute()
        await trx
          .deleteFrom('friendships')
          .where((where) => where.or([where('user_id', '=', user_id), where('friend_id', '=', user_id)]))
          .execute()
        await trx
          .deleteFrom('requests')
          .where((where) => where.or([where('from_user_id', '=', user_id), where('to_user_id', '=', user_id)]))
          .execute()
        await trx
          .deleteFrom('blocks')
          .where((where) => where.or([where('user_id', '=', user_id), where('blocked_user_id', '=', user_id)]))
          .execute()
        if (locksRows(trx))
          await trx
            .deleteFrom('pairs')
            .where((where) => where.or([where('lower_id', '=', user_id), where('higher_id', '=', user_id)]))
            .execute()
        // What they reported goes with them; what was reported of them stays, without the words.
        await trx.deleteFrom('reports').where('reporter_id', '=', user_id).execute()
        await trx.updateTable('reports').set({ note: '' }).where('user_id', '=', user_id).execute()
        await trx.deleteFrom('profiles').where('user_id', '=', user_id).execute()
        await enqueue(trx, events(friends.map((row) => row.friend_id)), event.now)
      }),
    prune: async (now) => void (await pruneInbox(db, { now })),
  }
}
