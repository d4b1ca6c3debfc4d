import type { Changes, Mention, Message, Notification, Notify, ReadPosition } from '../types.ts'

/** Frames from the server (docs/realtime.md). `token`: the place to resume from once the frame was handled. */
export type HelloFrame = {
  type: 'hello'
  connection_id: string
  user_id: number
  heartbeat_ms: number
  resumed: boolean
  token: string
}
export type MessageFrame = {
  type: 'message'
  room_id: number
  rev: number
  old_read_seq: number
  message: Message
  token: string
}
export type MessageChangedFrame = {
  type: 'message_changed'
  room_id: number
  rev: number
  message: Message
  token: string
}
export type SkipFrame = { type: 'skip'; room_id: number; rev: number; token: string }
export type ReadFrame = {
  type: 'read'
  room_id: number
  user_id: number
  old_read_seq: number
  read_seq: number
  token: string
}
export type RoomJoinedFrame = { type: 'room_joined'; room_id: number; join_seq: number; token?: string }
export type RoomLeftFrame = { type: 'room_left'; room_id: number; reason: string; token?: string }
export type RoomSettingsFrame = {
  type: 'room_settings'
  room_id: number
  muted: boolean
  /** Servers that leave these out know only `muted`. */
  notify?: Notify
  muted_until?: string | null
  hidden: boolean
  /** Where one's history begins: moves when a direct room is cleared. Servers that leave it out make clients load the room. */
  join_seq?: number
  token?: string
}
export type TypingFrame = { type: 'typing'; room_id: number; user_id: number; typing: boolean; at: string }
/** A name or picture is another one: of somebody in a room of ours, or of a friend or oneself, whose words of the moment it has, too. */
export type PersonFrame = {
  type: 'person'
  user_id: number
  username: string
  display_name: string
  profile_image_url: string | null
  room_id?: number
  /** Of a room: what they were called before, null if nobody knew. */
  previous_name?: string | null
  status_message?: string | null
}
export type PresenceFrame = { type: 'presence'; user_id: number; online: boolean; last_seen_at: string | null }
export type FriendFrame = { type: 'friend'; event: string; user_id?: number }
/** One's invitations to groups changed. */
export type InvitationFrame = { type: 'invitation'; event: 'sent' | 'accepted' | 'declined'; room_id: number }
/** There is something new in the list of notifications, or more of one that is in it. */
export type NotificationFrame = {
  type: 'notification'
  /** `text` is Korean: no stream says which language is spoken. */
  notification: Notification & { texts: { ko: string; en: string } }
  unread_count: number
}
/** Notifications were read or taken back; which is not told. */
export type NotificationsChangedFrame = { type: 'notifications_changed'; unread_count: number }
export type ChangesFrame = {
  type: 'changes'
  room_id: number
  from_rev: number
  to_rev: number
  messages: Message[]
  reads: ReadPosition[]
}
export type ReplayedFrame = { type: 'replayed'; rooms: number; token: string }
export type ResyncFrame = { type: 'resync_required'; room_id: number | null; reason: string }
export type HeartbeatFrame = { type: 'heartbeat'; at: string; heads: Record<string, number>; token: string }

export type Frame =
  | HelloFrame
  | MessageFrame
  | MessageChangedFrame
  | SkipFrame
  | ReadFrame
  | RoomJoinedFrame
  | RoomLeftFrame
  | RoomSettingsFrame
  | TypingFrame
  | PersonFrame
  | PresenceFrame
  | FriendFrame
  | InvitationFrame
  | NotificationFrame
  | NotificationsChangedFrame
  | ChangesFrame
  | ReplayedFrame
  | ResyncFrame
  | HeartbeatFrame

/** SSE only: the last event of a stream. */
export type GoodbyeFrame = { type: 'goodbye'; code: number; reason: string; reconnect: boolean }

type OnRoom = { room_id: number }
type OnMessage = OnRoom & { message_id: string }

/** Commands over WebSocket: their fields, and what their `ack` has. */
export type Commands = {
  send: {
    fields: OnRoom & {
      content?: string
      message_type?: string
      reply_to?: string | null
      file_id?: string | null
      mentions?: readonly Mention[]
      client_message_id?: string | null
    }
    ack: {
      room_id: number
      message_id: string
      seq: number
      rev: number
      client_message_id: string | null
      created_at: string
      duplicate: boolean
    }
  }
  edit: { fields: OnMessage & { content: string; mentions?: readonly Mention[] }; ack: { message: Message } }
  delete: { fields: OnMessage; ack: { message: Message } }
  pin: { fields: OnMessage; ack: { message: Message } }
  unpin: { fields: OnMessage; ack: { message: Message } }
  react: { fields: OnMessage & { emoji: string }; ack: { message: Message } }
  unreact: { fields: OnMessage & { emoji: string }; ack: { message: Message } }
  read: { fields: OnRoom & { seq: number }; ack: { room_id: number; read_seq: number; unread_count: number } }
  typing: { fields: OnRoom & { typing?: boolean }; ack: object }
  focus: { fields: { room_id: number | null }; ack: object }
  changes: { fields: OnRoom & { since_rev: number; limit?: number }; ack: Changes }
  ping: { fields: object; ack: { at: string } }
}
export type CommandName = keyof Commands
