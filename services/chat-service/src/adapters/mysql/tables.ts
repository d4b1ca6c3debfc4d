import type { InboxTables, OutboxTables } from '@bigtech/messaging'
import type { LeaseTables } from '@bigtech/service'
import type { Generated, Kysely, Transaction } from 'kysely'
import type { MessageType } from '../../domain/message.ts'
import type { Role, RoomType } from '../../domain/room.ts'
import type { ChatLogSchema } from './schema.ts'

/** What is read of the chat: see migrations/mysql/0002-chat.ts. `…log_at`: microseconds of a log document. JSON is text here. */
export type RoomTables = {
  room_directory: { id: Generated<number>; lower_id: number | null; higher_id: number | null }
  rooms: {
    id: number
    p: number
    type: RoomType
    name: string | null
    created_by: number
    created_at: number
    last_seq: number
    rev: number
    f: number
    member_count: number
    last_activity_at: number
    log_at: number
    invite_code: string | null
    invite_expires_at: number | null
  }
  members: {
    room_id: number
    user_id: number
    role: Role
    join_seq: number
    join_f: number
    join_log_at: number
    joined_at: number
    read_seq: number
    read_log_at: number
    muted: number
    mentions_only: Generated<number>
    muted_until: Generated<number | null>
    hidden: number
    settings_log_at: number
  }
  former_members: { user_id: number; room_id: number; left_log_at: number; via: 'left' | 'removed' | 'closed' }
  invitations: { user_id: number; room_id: number; invited_by: number; created_at: number; declined_at: number | null }
  partition_positions: { p: number; n: number; at: number; whole_n: Generated<number> }
}

export type MessageTables = {
  messages: {
    room_id: number
    seq: number
    rev: number
    log_at: number
    sent_log_at: number
    user_id: number
    message_type: MessageType
    content: string
    client_message_id: Buffer | null
    reply_to: number | null
    file: string | null
    system: string | null
    reactions: string | null
    mentions: string | null
    created_at: number
    edited_at: number | null
    deleted_at: number | null
    pinned_at: number | null
    pinned_by: number | null
  }
  pins: { room_id: number; seq: number }
  uncounted: { room_id: number; seq: number }
  mentioned: { room_id: number; user_id: number; seq: number }
  search_terms: { room_id: number; term: Buffer; sent_log_at: number; seq: number }
  search_rooms: { room_id: number; rev: number }
  search_stale: { room_id: number; seq: number; rev: number; content: string; file: string | null }
}

export type PeopleTables = {
  files: {
    id: string
    owner_id: number
    name: string
    type: string
    size: number
    width: number | null
    height: number | null
    blob_key: string
    thumbnail_key: string | null
    created_at: number
    attachments: number
  }
  attachments: { file_id: string; room_id: number; seq: number }
  profiles: {
    user_id: number
    username: string
    display_name: string
    profile_image_url: string | null
    active: number
  }
  blocks: { user_id: number; blocked_user_id: number }
  daily_counts: { user_id: number; what: string; day: number; n: number }
  person_locks: { user_id: number }
  group_keys: { made_for: Buffer; room_id: number; created_at: number }
}

export type ChatSchema = ChatLogSchema &
  RoomTables &
  MessageTables &
  PeopleTables &
  OutboxTables &
  InboxTables &
  LeaseTables

export type ChatDb = Kysely<ChatSchema>
export type ChatTrx = Transaction<ChatSchema>
