/** Shapes of the HTTP API, as the services' contracts have them (types.test.ts compares). Times are ISO 8601 UTC. */

export type Page<T> = { items: T[]; next_cursor: string | null }
export type PageQuery = { cursor?: string | undefined; limit?: number | undefined }

// --- people

export type AccountStatus = 'active' | 'inactive' | 'closing' | 'closed'
export type AccountRole = 'user' | 'admin'

export type PublicProfile = {
  id: number
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
  status: AccountStatus
}

export type OwnProfile = {
  id: number
  email: string | null
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
  age: number | null
  phone: string | null
  status: AccountStatus
  role: AccountRole
  login_count: number
  last_login_at: string | null
  created_at: string
  updated_at: string
}

export type Registration = {
  email: string
  username: string
  password: string
  display_name?: string | null
  age?: number | null
  phone?: string | null
}

/** What is left out stays; null clears. */
export type ProfileChange = {
  username?: string
  display_name?: string | null
  status_message?: string | null
  age?: number | null
  phone?: string | null
}

export type TokenPair = {
  access_token: string
  refresh_token: string
  token_type: 'bearer'
  /** seconds */
  expires_in: number
}

export type SessionInfo = {
  id: string
  /** User-Agent of the sign-in */
  device: string | null
  ip: string | null
  created_at: string
  last_used_at: string
  current: boolean
}

export type Activity = {
  id: number
  activity_type: string
  description: string
  data: Record<string, unknown>
  created_at: string
}

export type UserHistory = {
  state: OwnProfile
  version: number
  events: {
    version: number
    event_id: string
    event_type: string
    data: Record<string, unknown>
    occurred_at: string
  }[]
}

export type DataExport = {
  exported_at: string
  profile: OwnProfile
  sessions: Omit<SessionInfo, 'current'>[]
  friend_ids: number[]
  activities: Activity[]
}

export type Presence = { user_id: number; online: boolean; last_seen_at: string | null }

// --- friends

export type Person = {
  user_id: number
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
}

export type FriendRequest = {
  id: number
  from_user_id: number
  to_user_id: number
  status: 'pending' | 'accepted' | 'rejected' | 'cancelled'
  created_at: string
}
export type ListedFriendRequest = FriendRequest & { user: Person }
/** `online` is null when presence could not be asked. */
export type Friend = Person & { online: boolean | null; last_seen_at: string | null; friends_since: string }
export type BlockedPerson = Person & { blocked_since: string }
export type Suggestion = Person & { mutual_friends: number }

// --- rooms and messages

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

export type SystemEvent =
  | { kind: 'room_created'; user_ids: number[] }
  | { kind: 'member_joined'; user_ids: number[]; via: 'added' | 'invite' }
  | { kind: 'member_left'; user_ids: number[]; via: 'left' | 'removed' | 'closed'; new_owner: number | null }
  | { kind: 'room_renamed'; name: string }
  | { kind: 'role_changed'; user_ids: number[]; role: Role }

export type Reaction = { emoji: string; count: number; user_ids: number[] }

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
  /** As of this answer. What is current: `unreadOf` of the sync core. */
  unread_count: number
  client_message_id: string | null
  file: FileInfo | null
  system: SystemEvent | null
  pinned_at: string | null
  pinned_by: number | null
}

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
  /** of a direct room the other person's display name */
  name: string
  created_by: number
  created_at: string
  member_count: number
  /** In a list: both people of a direct room, nobody of a group. Of a single room: up to 100. */
  members: Member[]
  last_message: Message | null
  last_seq: number
  rev: number
  unread_count: number
  muted: boolean
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
export type Invite = { code: string; path: string; expires_at: string | null }

// --- operations (administrators)

export type TopicState = {
  name: string
  partitions: { partition: number; start_offset: number; end_offset: number }[]
  retention_ms: number
}
export type StoredRecord = {
  topic: string
  key: string
  value: { event_id: string; event_type: string; timestamp: string } & Record<string, unknown>
  headers: Record<string, string>
  partition: number
  offset: number
  stored_at: number
}
export type GroupLag = {
  group: string
  topic: string
  partition: number
  committed_offset: number
  end_offset: number
  lag: number
}
export type OutboxState = { service: string; pending: number; parked: number; oldest_created_at: number | null }
export type ServiceHealth = { service: string; checks: Record<string, { status: 'up' | 'down'; detail?: string }> }
