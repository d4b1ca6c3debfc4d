import { enqueue } from '@bigtech/messaging'
import { kinds } from '../../contract/event-kinds.ts'
import type { People } from '../partition/ports.ts'
import { ERASED_NAME } from './erased.ts'
import { forgetName } from './erasures.ts'
import { inTurn } from './in-turn.ts'
import type { RoomMessages } from './room-messages.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** What a closure does to this service's own tables; what it does to rooms are commands of the log. */
export function createMysqlClosures(
  db: ChatDb,
  messages: RoomMessages,
): Pick<People, 'prepareClosure' | 'cancelClosure' | 'forget'> {
  const setActive = (trx: ChatTrx, userId: number, active: 0 | 1) =>
    trx.updateTable('profiles').set({ active }).where('user_id', '=', userId).execute()

  return {
    // Nothing here can refuse a closure; the account is set aside until it is final or cancelled.
    async prepareClosure({ user_id, saga_id, traceparent, ...event }) {
      await inTurn(db, event, async (trx) => {
        await setActive(trx, user_id, 0)
        const about = { user_id, saga_id, service: 'chat-service' }
        await enqueue(trx, [kinds.UserClosurePrepared.make(about, { now: event.now, traceparent })], event.now)
      })
    },
    async cancelClosure({ user_id, ...event }) {
      await inTurn(db, event, async (trx) => void (await setActive(trx, user_id, 1)))
    },
    async forget({ user_id, ...event }) {
      await inTurn(db, event, async (trx) => {
        await forgetName(trx, messages, user_id)
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
    },
  }
}
