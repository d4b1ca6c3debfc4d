import { describeEvent, type TopicConfig } from '@bigtech/messaging/contract'
import { Type } from 'typebox'
import { CHAT_TOPIC, kinds, MESSAGE_TOPIC } from './event-kinds.ts'

const DAY_MS = 86_400_000
export const chatTopics: readonly TopicConfig[] = [
  { name: MESSAGE_TOPIC, partitions: 10, retentionMs: 7 * DAY_MS },
  { name: CHAT_TOPIC, partitions: 3, retentionMs: 7 * DAY_MS },
]

const Id = Type.Integer({ minimum: 1 })

const onMessage = { message_id: Type.String(), room_id: Id, user_id: Id, seq: Id, rev: Id }

export const MessageSent = describeEvent(kinds.MessageSent, {
  summary:
    'A message was stored; reply_to_user_id is who wrote the message that it answers, mentions are whom it calls',
  schema: Type.Object({
    ...onMessage,
    content: Type.String(),
    message_type: Type.String(),
    reply_to: Type.Union([Type.String(), Type.Null()]),
    reply_to_user_id: Type.Union([Id, Type.Null()]),
    file_id: Type.Union([Type.String(), Type.Null()]),
    mentions: Type.Array(Id),
    mentions_everyone: Type.Boolean(),
  }),
})

export const MessageEdited = describeEvent(kinds.MessageEdited, {
  summary: 'The sender changed the text of a message',
  schema: Type.Object({ ...onMessage, content: Type.String() }),
})

export const MessageDeleted = describeEvent(kinds.MessageDeleted, {
  summary: 'A message was deleted (its content is gone, its place stays)',
  schema: Type.Object(onMessage),
})

const reaction = Type.Object({ ...onMessage, emoji: Type.String() })
export const MessageReactionAdded = describeEvent(kinds.MessageReactionAdded, {
  summary: 'A member reacted to a message; user_id is who reacted, author_id who wrote it',
  schema: Type.Object({ ...reaction.properties, author_id: Id }),
})
export const MessageReactionRemoved = describeEvent(kinds.MessageReactionRemoved, {
  summary: 'A member took a reaction back',
  schema: reaction,
})
export const MessagePinned = describeEvent(kinds.MessagePinned, {
  summary: 'A member pinned a message; user_id is who pinned',
  schema: Type.Object(onMessage),
})
export const MessageUnpinned = describeEvent(kinds.MessageUnpinned, {
  summary: 'A member unpinned a message',
  schema: Type.Object(onMessage),
})
export const MessagesRead = describeEvent(kinds.MessagesRead, {
  summary: 'A member read up to a message',
  schema: Type.Object({ room_id: Id, user_id: Id, old_read_seq: Type.Integer(), read_seq: Type.Integer() }),
})

export const ChatRoomCreated = describeEvent(kinds.ChatRoomCreated, {
  summary: 'A direct or group room was created',
  schema: Type.Object({
    room_id: Id,
    room_type: Type.Enum(['direct', 'group']),
    name: Type.Union([Type.String(), Type.Null()]),
    created_by: Id,
    member_ids: Type.Array(Id),
  }),
})
export const ChatRoomRenamed = describeEvent(kinds.ChatRoomRenamed, {
  summary: 'A group was renamed',
  schema: Type.Object({ room_id: Id, user_id: Id, name: Type.String() }),
})
export const RoomMembersJoined = describeEvent(kinds.RoomMembersJoined, {
  summary: 'People became members of a room; user_id is who added them',
  schema: Type.Object({ room_id: Id, user_id: Id, member_ids: Type.Array(Id), via: Type.String() }),
})
export const RoomMemberLeft = describeEvent(kinds.RoomMemberLeft, {
  summary: 'A member left or was removed; user_id is who is gone',
  schema: Type.Object({ room_id: Id, user_id: Id, via: Type.String(), new_owner: Type.Union([Id, Type.Null()]) }),
})
export const RoomRoleChanged = describeEvent(kinds.RoomRoleChanged, {
  summary: 'A member of a group was given another role',
  schema: Type.Object({ room_id: Id, user_id: Id, role: Type.String() }),
})

export const RoomSettingsChanged = describeEvent(kinds.RoomSettingsChanged, {
  summary: 'A member chose what to be told of a room: all, mentions or none, and nothing before muted_until',
  schema: Type.Object({
    room_id: Id,
    user_id: Id,
    notify: Type.String(),
    muted_until: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  }),
})

/** chat-service's answer in user-service's account-closure saga. */
export const UserClosurePrepared = describeEvent(kinds.UserClosurePrepared, {
  summary: "chat-service is ready for the account's closure",
  schema: Type.Object({ user_id: Id, saga_id: Type.String(), service: Type.String() }),
})

export const chatEvents = [
  MessageSent,
  MessageEdited,
  MessageDeleted,
  MessageReactionAdded,
  MessageReactionRemoved,
  MessagePinned,
  MessageUnpinned,
  MessagesRead,
  ChatRoomCreated,
  ChatRoomRenamed,
  RoomMembersJoined,
  RoomMemberLeft,
  RoomRoleChanged,
  RoomSettingsChanged,
  UserClosurePrepared,
] as const
