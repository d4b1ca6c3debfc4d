import { once } from '@bigtech/messaging'
import type { Once, PeopleStore } from '../../ports.ts'
import { removeActor } from './note-store.ts'
import { chunksOf, type Db, type Trx } from './schema.ts'

const GROUP = 'notification-service'

export function createSqlPeopleStore(db: Db, closesPerDay: number): PeopleStore {
  const inTurn = async ({ event_id: eventId, now }: Once, effect: (trx: Trx) => Promise<void>): Promise<void> =>
    void (await once(db, { group: GROUP, eventId, now }, effect))

  return {
    async people(userIds) {
      const found = new Map<
        number,
        { user_id: number; display_name: string; profile_image_url: string | null; active: boolean }
      >()
      for (const part of chunksOf([...new Set(userIds)])) {
        const rows = await db.selectFrom('people').selectAll().where('user_id', 'in', part).execute()
        for (const row of rows) found.set(row.user_id, { ...row, active: row.active === 1 })
      }
      return found
    },
    applyProfile: ({ person, ...event }) =>
      inTurn(event, async (trx) => {
        const row = { ...person, active: person.active ? 1 : 0 }
        await trx.deleteFrom('people').where('user_id', '=', person.user_id).execute()
        await trx.insertInto('people').values(row).execute()
      }),
    block: ({ user_id, other, on, ...event }) =>
      inTurn(event, async (trx) => {
        await trx.deleteFrom('blocks').where('user_id', '=', user_id).where('blocked_user_id', '=', other).execute()
        if (on) await trx.insertInto('blocks').values({ user_id, blocked_user_id: other }).execute()
      }),
    async blocks(userIds) {
      const found = new Map<number, Set<number>>()
      for (const part of chunksOf([...new Set(userIds)])) {
        const rows = await db.selectFrom('blocks').selectAll().where('user_id', 'in', part).execute()
        for (const { user_id, blocked_user_id } of rows) {
          const those = found.get(user_id)
          if (those) those.add(blocked_user_id)
          else found.set(user_id, new Set([blocked_user_id]))
        }
      }
      return found
    },
    erase: ({ user_id, ...event }) =>
      inTurn(event, async (trx) => {
        const closing = { now: event.now, perDay: closesPerDay }
        const told = trx.selectFrom('notifications').select('id').where('user_id', '=', user_id)
        await trx.deleteFrom('note_actors').where('note_id', 'in', told).execute()
        for (const table of [
          'notifications',
          'subscriptions',
          'deliveries',
          'told',
          'digests',
          'settings',
          'people',
          'dead_pushes',
        ] as const)
          await trx.deleteFrom(table).where('user_id', '=', user_id).execute()
        // That the account is closed is told afterwards.
        await trx.deleteFrom('mails').where('user_id', '=', user_id).where('kind', '!=', 'account_closed').execute()
        await trx
          .deleteFrom('blocks')
          .where((where) => where.or([where('user_id', '=', user_id), where('blocked_user_id', '=', user_id)]))
          .execute()
        const theirs = await trx.selectFrom('note_actors').select('note_id').where('user_id', '=', user_id).execute()
        for (const { note_id } of theirs) await removeActor(trx, closing, note_id, user_id)
      }),
  }
}
