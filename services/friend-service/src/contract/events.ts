import { defineEvent, type TopicConfig } from '@bigtech/messaging/contract'
import { Type, type Static, type TObject, type TProperties } from 'typebox'

export const FRIEND_TOPIC = 'friend.events'

export const friendTopics: readonly TopicConfig[] = [{ name: FRIEND_TOPIC, partitions: 3, retentionMs: 7 * 86_400_000 }]

const Id = Type.Integer({ minimum: 1 })

/** Everything between two people stays in order. */
const pair = (a: number, b: number): string => (a < b ? `${a}:${b}` : `${b}:${a}`)

function define<P extends TProperties>(event: {
  type: string
  summary: string
  schema: TObject<P>
  key: (fields: Static<TObject<P>>) => string
}) {
  return defineEvent<P>({ ...event, topic: FRIEND_TOPIC, source: '/friend-service', version: 1 })
}

const request = Type.Object({ request_id: Id, from_user_id: Id, to_user_id: Id })
const byRequest = (value: { from_user_id: number; to_user_id: number }) => pair(value.from_user_id, value.to_user_id)

export const FriendRequestSent = define({
  type: 'FriendRequestSent',
  summary: 'Someone asked someone to be friends',
  schema: request,
  key: byRequest,
})
export const FriendRequestAccepted = define({
  type: 'FriendRequestAccepted',
  summary: 'Two people are now friends',
  schema: request,
  key: byRequest,
})
export const FriendRequestRejected = define({
  type: 'FriendRequestRejected',
  summary: 'A friend request was declined',
  schema: request,
  key: byRequest,
})
export const FriendRequestCancelled = define({
  type: 'FriendRequestCancelled',
  summary: 'A friend request was withdrawn',
  schema: request,
  key: byRequest,
})
export const FriendRemoved = define({
  type: 'FriendRemoved',
  summary: 'user_id ended the friendship',
  schema: Type.Object({ user_id: Id, friend_user_id: Id }),
  key: (value) => pair(value.user_id, value.friend_user_id),
})

const block = Type.Object({ user_id: Id, blocked_user_id: Id })
const byBlock = (value: { user_id: number; blocked_user_id: number }) => pair(value.user_id, value.blocked_user_id)
export const UserBlocked = define({
  type: 'UserBlocked',
  summary: 'user_id blocked blocked_user_id; whatever was between them ended',
  schema: block,
  key: byBlock,
})
export const UserUnblocked = define({
  type: 'UserUnblocked',
  summary: 'user_id took a block back',
  schema: block,
  key: byBlock,
})

/** friend-service's answer in user-service's account-closure saga. */
export const UserClosurePrepared = define({
  type: 'UserClosurePrepared',
  summary: "friend-service is ready for the account's closure",
  schema: Type.Object({ user_id: Id, saga_id: Type.String(), service: Type.String() }),
  key: (value) => String(value.user_id),
})

export const friendEvents = [
  FriendRequestSent,
  FriendRequestAccepted,
  FriendRequestRejected,
  FriendRequestCancelled,
  FriendRemoved,
  UserBlocked,
  UserUnblocked,
  UserClosurePrepared,
] as const
