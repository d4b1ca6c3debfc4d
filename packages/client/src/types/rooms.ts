export type Role = 'owner' | 'admin' | 'member'
export type RoomType = 'direct' | 'group'
export type MessageType = 'text' | 'image' | 'file' | 'voice'

export type FileInfo = {
  id: string
  name: string
  /** media type found in the bytes */
  type: string
  /** bytes */
  size: number
  width: number | null
  height: number | null
  has_thumbnail: boolean
  url: string
  thumbnail_url: string | null
}

/** What one's files take, and what they may. */
export type FileUsage = { files: { used: number; allowed: number }; bytes: { used: number; allowed: number } }

export type SystemEvent =
  | { kind: 'room_created'; user_ids: number[] }
  | { kind: 'member_joined'; user_ids: number[]; via: 'added' | 'invite' }
  | { kind: 'member_left'; user_ids: number[]; via: 'left' | 'removed' | 'closed'; new_owner: number | null }
  | { kind: 'room_renamed'; name: string }
  | { kind: 'role_changed'; user_ids: number[]; role: Role }

export type Reaction = { emoji: string; count: number; user_ids: number[] }

/** A range of the text in UTF-16 code units, and whom it calls: a member, whatever they are called by now, or everyone. */
export type Mention = { offset: number; length: number } & ({ user_id: number } | { everyone: true })

export type Message = {
  id: string
  room_id: number
  user_id: number
  content: string
  message_type: MessageType | 'system'
  /** gap-free place in the room: 1, 2, 3 … */
  seq: number
  /** the room's revision of this message's latest change */
  rev: number
  created_at: string
  edited_at: string | null
  is_deleted: boolean
  /** message id */
  reply_to: string | null
  reactions: Reaction[]
  /** Whom the text calls, by ascending offset. Servers that leave it out know of none. */
  mentions?: Mention[]
  /** As of this answer. What is current: `unreadOf` of the sync core. */
  unread_count: number
  client_message_id: string | null
  file: FileInfo | null
  system: SystemEvent | null
  pinned_at: string | null
  pinned_by: number | null
}

/** A message that a search found, with who sent it: it may be somebody who is no member any more. */
export type SearchHit = Message & { sender: { display_name: string; profile_image_url: string | null } }

/** Every message, those that mention or answer one, or none. */
export type Notify = 'all' | 'mentions' | 'none'
export type RoomSettings = { notify: Notify; muted_until: string | null }

export type Member = {
  user_id: number
  username: string
  display_name: string
  profile_image_url: string | null
  role: Role
  join_seq: number
  joined_at: string
  read_seq: number
}

export type Room = {
  id: number
  type: RoomType
  /** of a direct room, and of a group that has none, made of the others' names */
  name: string
  /** Whether the group has a name of its own, the same for all. Servers that leave it out have no groups without one. */
  named?: boolean
  created_by: number
  created_at: string
  member_count: number
  /** In a list: both people of a direct room, nobody of a group. Of a single room: up to 100. */
  members: Member[]
  last_message: Message | null
  last_seq: number
  rev: number
  unread_count: number
  /** What does not count as unread after `max(read_seq, join_seq)`: the `seq` of system messages and deleted ones. */
  uncounted?: number[]
  /** Unread messages that mention oneself or everyone, and their `seq`. */
  mention_count?: number
  mentioned?: number[]
  /** whether `notify` is none */
  muted: boolean
  /** What one is told of. Servers that leave it out know only `muted`. */
  notify?: Notify
  /** Nothing is told before; in the past it means nothing. */
  muted_until?: string | null
  /** A direct room that was cleared: not in the list until its next message. */
  hidden?: boolean
  role: Role
  read_seq: number
  join_seq: number
  last_activity_at: string
}

export type NewMessage = {
  content?: string
  message_type?: MessageType
  /** id of a message of the room */
  reply_to?: string | null
  /** from `files.upload` */
  file_id?: string | null
  /** Without it `@username` in the text is found by the server. */
  mentions?: readonly Mention[]
  /** Chosen by the caller; a repeat returns the first message. */
  client_message_id?: string | null
}

/** Ascending `seq`. */
export type MessagePage = {
  items: Message[]
  has_before: boolean
  has_after: boolean
  last_seq: number
  rev: number
  read_seq: number
  join_seq: number
}

export type ReadPosition = { user_id: number; read_seq: number }

/** All that changed in `(from_rev, to_rev]`, each message once, by `rev`. */
export type Changes = {
  room_id: number
  from_rev: number
  to_rev: number
  has_more: boolean
  messages: Message[]
  reads: ReadPosition[]
}

export type ReadReceipt = { room_id: number; read_seq: number; unread_count: number }
type Reader = { user_id: number; display_name: string }
export type Readers = { message_id: string; readers: Reader[]; unread: Reader[] }
/** A group one went out of, and is asked back to. */
export type Invitation = {
  room_id: number
  name: string
  member_count: number
  invited_by: { user_id: number; display_name: string; profile_image_url: string | null }
  created_at: string
}
/** What an invite link leads to. Without a name: null. */
export type InvitePreview = { room_id: number; name: string | null; member_count: number; is_member: boolean }
export type Invite = { code: string; path: string; expires_at: string | null }
