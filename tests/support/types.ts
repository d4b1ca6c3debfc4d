/** Shapes of the public contract, as far as these tests look at them. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  trace_id: string
  errors?: { field: string; message: string }[]
}

export type Page<T> = { items: T[]; next_cursor: string | null }

export type Profile = {
  id: number
  email: string
  username: string
  display_name: string
  age: number | null
  phone: string | null
  status: string
  role: string
  login_count: number
  last_login_at: string | null
}

export type Message = {
  id: string
  room_id: number
  user_id: number
  content: string
  message_type: string
  seq: number
  rev: number
  created_at: string
  edited_at: string | null
  is_deleted: boolean
  reply_to: string | null
  reactions: { emoji: string; count: number; user_ids: number[] }[]
  unread_count: number
  client_message_id: string | null
  file: { id: string; name: string; url: string; thumbnail_url: string | null } | null
  system: { kind: string; user_ids?: number[]; via?: string; role?: string; name?: string; new_owner?: number } | null
  pinned_at: string | null
}

export type Member = { user_id: number; display_name: string; role: string; join_seq: number; read_seq: number }

export type Room = {
  id: number
  type: string
  name: string
  member_count: number
  members: Member[]
  named: boolean
  last_message: Message | null
  last_seq: number
  rev: number
  unread_count: number
  muted: boolean
  role: string
  read_seq: number
  join_seq: number
}

export type History = {
  items: Message[]
  has_before: boolean
  has_after: boolean
  last_seq: number
  rev: number
  read_seq: number
  join_seq: number
}

export type Changes = {
  room_id: number
  from_rev: number
  to_rev: number
  has_more: boolean
  messages: Message[]
  reads: { user_id: number; read_seq: number }[]
}

export type StoredFile = {
  id: string
  name: string
  type: string
  size: number
  width: number | null
  height: number | null
  has_thumbnail: boolean
}

/** A frame of docs/realtime.md. */
export type Frame = {
  type: string
  token?: string
  room_id?: number | null
  rev?: number
  message?: Message
  old_read_seq?: number
  read_seq?: number
  user_id?: number
  resumed?: boolean
  reason?: string
  code?: number | string
  ref?: string | number | null
  status?: number
  detail?: string
  [field: string]: unknown
}
