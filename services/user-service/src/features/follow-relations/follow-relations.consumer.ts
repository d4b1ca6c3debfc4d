import type { Clock } from '@bigtech/kernel'
import { integerField, occasionOf, type EventHandler } from '@bigtech/messaging'
import type { UserStore } from '../../ports.ts'
import { followRelation, type RelationChange } from './follow-relations.ts'

/** Handlers of friend-service's events, reading only the fields they need. */
export function relationHandlers(ports: { store: UserStore; clock: Clock }): Record<string, EventHandler> {
  const on =
    (read: (id: (field: string) => number) => RelationChange): EventHandler =>
    (record) =>
      followRelation(
        ports,
        occasionOf(record),
        read((field) => integerField(record, field)),
      )
  return {
    FriendRequestAccepted: on((id) => ({ type: 'befriended', a: id('from_user_id'), b: id('to_user_id') })),
    FriendRemoved: on((id) => ({ type: 'unfriended', a: id('user_id'), b: id('friend_user_id') })),
    UserBlocked: on((id) => ({ type: 'blocked', by: id('user_id'), other: id('blocked_user_id') })),
    UserUnblocked: on((id) => ({ type: 'unblocked', by: id('user_id'), other: id('blocked_user_id') })),
  }
}
