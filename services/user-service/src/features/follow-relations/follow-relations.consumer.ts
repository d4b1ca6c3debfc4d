import type { Clock } from '@bigtech/kernel'
import type { EventHandler } from '@bigtech/messaging'
import type { UserStore } from '../../ports.ts'
import { followRelation, type RelationChange } from './follow-relations.ts'

/** Handlers of friend-service's events, reading only the fields they need. */
export function relationHandlers(ports: { store: UserStore; clock: Clock }): Record<string, EventHandler> {
  const on =
    (read: (id: (field: string) => number) => RelationChange): EventHandler =>
    async ({ value }) => {
      const id = (field: string): number => {
        const number = value[field]
        if (!Number.isSafeInteger(number)) throw new TypeError(`${value.event_type} has no valid ${field}`)
        return number as number
      }
      await followRelation(ports, value.event_id, read(id))
    }
  return {
    FriendRequestAccepted: on((id) => ({ type: 'befriended', a: id('from_user_id'), b: id('to_user_id') })),
    FriendRemoved: on((id) => ({ type: 'unfriended', a: id('user_id'), b: id('friend_user_id') })),
    UserBlocked: on((id) => ({ type: 'blocked', by: id('user_id'), other: id('blocked_user_id') })),
    UserUnblocked: on((id) => ({ type: 'unblocked', by: id('user_id'), other: id('blocked_user_id') })),
  }
}
