import type { Clock } from '@bigtech/kernel'
import type { EventRecord } from '@bigtech/messaging/contract'
import type { UserFrames } from '@bigtech/realtime'
import {
  FriendRemoved,
  FriendRequestAccepted,
  FriendRequestCancelled,
  FriendRequestRejected,
  FriendRequestSent,
  UserBlocked,
  UserUnblocked,
} from '../contract/events.ts'
import type { PairChange } from '../domain/pair.ts'
import type { EventsOf } from '../ports.ts'

const CLOSED = { accepted: FriendRequestAccepted, rejected: FriendRequestRejected, cancelled: FriendRequestCancelled }

/** The events of a change between two people. */
export function pairEvents(context: { clock: Clock; traceparent: string }): EventsOf {
  const one = (change: PairChange, requestId: number | null): EventRecord | undefined => {
    switch (change.kind) {
      case 'request':
        return FriendRequestSent.make(
          { request_id: requestId!, from_user_id: change.from, to_user_id: change.to },
          context,
        )
      case 'close': {
        const { id, from_user_id, to_user_id } = change.request
        return CLOSED[change.status].make({ request_id: id, from_user_id, to_user_id }, context)
      }
      case 'befriend':
        return undefined // told by FriendRequestAccepted
      case 'unfriend':
        return FriendRemoved.make({ user_id: change.by, friend_user_id: change.other }, context)
      case 'block':
        return UserBlocked.make({ user_id: change.by, blocked_user_id: change.other }, context)
      case 'unblock':
        return UserUnblocked.make({ user_id: change.by, blocked_user_id: change.other }, context)
    }
  }
  return (changes, requestId) => changes.map((change) => one(change, requestId)).filter((event) => event !== undefined)
}

/** Tells both people's open clients what list to fetch anew. A block is told to nobody else. */
export function publishFrames(frames: UserFrames, changes: readonly PairChange[]): void {
  const tell = (userId: number, event: string, other: number) =>
    frames.toUser(userId, { type: 'friend', event, user_id: other })
  const both = (event: string, a: number, b: number) => {
    tell(a, event, b)
    tell(b, event, a)
  }
  for (const change of changes) {
    if (change.kind === 'request') both('request_sent', change.from, change.to)
    else if (change.kind === 'close')
      both(`request_${change.status}`, change.request.from_user_id, change.request.to_user_id)
    else if (change.kind === 'unfriend') both('removed', change.by, change.other)
    else if (change.kind === 'block' || change.kind === 'unblock') tell(change.by, `${change.kind}ed`, change.other)
  }
}
