import { eventKind } from '@bigtech/messaging/event-kind'

/** What makes this service's events (their schemas are in events.ts). The writer thread imports no more than this. */

export const MESSAGE_TOPIC = 'message.events'
export const CHAT_TOPIC = 'chat.events'

type OnMessage = { message_id: string; room_id: number; user_id: number; seq: number; rev: number }

const byRoom = (fields: { room_id: number }): string => String(fields.room_id)
const byUser = (fields: { user_id: number }): string => String(fields.user_id)

const messageKind = <Fields extends { room_id: number }>(type: string) =>
  eventKind<Fields>({ type, topic: MESSAGE_TOPIC, version: 1, source: '/chat-service', key: byRoom })
const roomKind = <Fields extends { room_id: number }>(type: string) =>
  eventKind<Fields>({ type, topic: CHAT_TOPIC, version: 1, source: '/chat-service', key: byRoom })

export const kinds = {
  MessageSent: messageKind<
    OnMessage & {
      content: string
      message_type: string
      reply_to: string | null
      reply_to_user_id: number | null
      file_id: string | null
      mentions: number[]
      mentions_everyone: boolean
    }
  >('MessageSent'),
  MessageEdited: messageKind<OnMessage & { content: string }>('MessageEdited'),
  MessageDeleted: messageKind<OnMessage>('MessageDeleted'),
  MessageReactionAdded: messageKind<OnMessage & { emoji: string; author_id: number }>('MessageReactionAdded'),
  MessageReactionRemoved: messageKind<OnMessage & { emoji: string }>('MessageReactionRemoved'),
  MessagePinned: messageKind<OnMessage>('MessagePinned'),
  MessageUnpinned: messageKind<OnMessage>('MessageUnpinned'),
  MessagesRead: messageKind<{ room_id: number; user_id: number; old_read_seq: number; read_seq: number }>(
    'MessagesRead',
  ),
  ChatRoomCreated: roomKind<{
    room_id: number
    room_type: 'direct' | 'group'
    name: string | null
    created_by: number
    member_ids: number[]
  }>('ChatRoomCreated'),
  ChatRoomRenamed: roomKind<{ room_id: number; user_id: number; name: string }>('ChatRoomRenamed'),
  RoomMembersJoined: roomKind<{ room_id: number; user_id: number; member_ids: number[]; via: string }>(
    'RoomMembersJoined',
  ),
  RoomMemberLeft: roomKind<{ room_id: number; user_id: number; via: string; new_owner: number | null }>(
    'RoomMemberLeft',
  ),
  RoomRoleChanged: roomKind<{ room_id: number; user_id: number; role: string }>('RoomRoleChanged'),
  RoomSettingsChanged: roomKind<{ room_id: number; user_id: number; notify: string; muted_until: string | null }>(
    'RoomSettingsChanged',
  ),
  UserClosurePrepared: eventKind<{ user_id: number; saga_id: string; service: string }>({
    type: 'UserClosurePrepared',
    topic: CHAT_TOPIC,
    version: 1,
    source: '/chat-service',
    key: byUser,
  }),
}
