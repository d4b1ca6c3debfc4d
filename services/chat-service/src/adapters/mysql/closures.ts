import { enqueue } from '@bigtech/messaging'
import { kinds } from '../../contract/event-kinds.ts'
import type { ClosureStore } from '../../ports.ts'
import { inTurn, type MysqlPeople } from './people.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

export const ERASED_NAME = '탈퇴한 사용자'

/** What a closure does to this service's own tables; what it does to rooms are commands of the log. */
export type PeopleClosures = Omit<ClosureStore, 'erase'> & {
  /**
   * The last step, after they have left their groups: nothing of the person stays but that there was one. False when it was done before.
   * Blocks go too.
   */
  forget(event: { event_id: string; user_id: number; now: number }): Promise<boolean>
}

export function createMysqlClosures(db: ChatDb, people: Pick<MysqlPeople, 'forget'>): PeopleClosures {
  const setActive = (trx: ChatTrx, userId: number, active: 0 | 1) =>
    trx.updateTable('profiles').set({ active }).where('user_id', '=', userId).execute()

  return {
    // Nothing here can refuse a closure; the account is set aside until it is final or cancelled.
    async prepare({ user_id, saga_id, traceparent, ...event }) {
      await inTurn(db, event, async (trx) => {
        await setActive(trx, user_id, 0)
        const about = { user_id, saga_id, service: 'chat-service' }
        await enqueue(trx, [kinds.UserClosurePrepared.make(about, { now: event.now, traceparent })], event.now)
      })
      people.forget(user_id)
    },
    async cancel({ user_id, ...event }) {
      await inTurn(db, event, async (trx) => void (await setActive(trx, user_id, 1)))
      people.forget(user_id)
    },
    async forget({ user_id, ...event }) {
      const done = await inTurn(db, event, async (trx) => {
        const erased = { username: '', display_name: ERASED_NAME, profile_image_url: null, active: 0 }
        await trx
          .insertInto('profiles')
          .values({ user_id, ...erased })
          .onDuplicateKeyUpdate(erased)
          .execute()
        await trx.deleteFrom('blocks').where('user_id', '=', user_id).execute()
        await trx.deleteFrom('blocks').where('blocked_user_id', '=', user_id).execute()
        await trx.deleteFrom('daily_counts').where('user_id', '=', user_id).execute()
      })
      people.forget(user_id)
      return done
    },
  }
}
