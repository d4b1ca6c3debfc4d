import type { Selectable } from 'kysely'
import type { Mention } from '../../domain/mention.ts'
import type { MessageRow } from '../../domain/message.ts'
import type { Member, Room, RoomSettings } from '../../domain/room.ts'
import type { Partner, StoredFile } from '../../ports.ts'
import type { MessageTables, PeopleTables, RoomTables } from './tables.ts'

export const MESSAGE = [
  'room_id',
  'seq',
  'rev',
  'user_id',
  'message_type',
  'content',
  'reply_to',
  'file',
  'client_message_id',
  'system',
  'reactions',
  'mentions',
  'created_at',
  'edited_at',
  'deleted_at',
  'pinned_at',
  'pinned_by',
] as const
export const ROOM = ['id', 'type', 'name', 'created_by', 'created_at', 'last_seq', 'rev', 'member_count'] as const
export const MEMBER = [
  'room_id',
  'user_id',
  'role',
  'join_seq',
  'joined_at',
  'read_seq',
  'muted',
  'mentions_only',
  'muted_until',
] as const

type StoredMessage = Pick<Selectable<MessageTables['messages']>, (typeof MESSAGE)[number]>
type StoredRoom = Pick<Selectable<RoomTables['rooms']>, (typeof ROOM)[number]>
type StoredMember = Pick<Selectable<RoomTables['members']>, (typeof MEMBER)[number]>

/** A document of MongoDB that is older than a field has none. */
const parseJson = (json: string | null | undefined): unknown => (typeof json === 'string' ? JSON.parse(json) : null)

export const toMentions = (json: string | null | undefined): readonly Mention[] =>
  (parseJson(json) as readonly Mention[] | null) ?? []

/** Rows of the driver have no prototype, and may have more columns. */
export const toMessageRow = (row: StoredMessage): MessageRow => ({
  room_id: row.room_id,
  seq: row.seq,
  rev: row.rev,
  user_id: row.user_id,
  message_type: row.message_type,
  content: row.content,
  reply_to: row.reply_to,
  file: parseJson(row.file) as MessageRow['file'],
  client_message_id: row.client_message_id?.toString() ?? null,
  system: parseJson(row.system) as MessageRow['system'],
  reactions: (parseJson(row.reactions) as MessageRow['reactions'] | null) ?? {},
  mentions: toMentions(row.mentions),
  created_at: row.created_at,
  edited_at: row.edited_at,
  deleted_at: row.deleted_at,
  pinned_at: row.pinned_at,
  pinned_by: row.pinned_by,
})

export const toRoom = (row: StoredRoom): Room => ({
  id: row.id,
  type: row.type,
  name: row.name,
  created_by: row.created_by,
  created_at: row.created_at,
  last_seq: row.last_seq,
  rev: row.rev,
  member_count: row.member_count,
})

/** Nothing, or mentions alone, or else everything. */
export const toSettings = (row: Pick<StoredMember, 'muted' | 'mentions_only' | 'muted_until'>): RoomSettings => ({
  notify: row.muted === 1 ? 'none' : row.mentions_only === 1 ? 'mentions' : 'all',
  muted_until: row.muted_until,
})

export const fromSettings = ({ notify, muted_until }: RoomSettings) => ({
  muted: Number(notify === 'none'),
  mentions_only: Number(notify === 'mentions'),
  muted_until,
})

export const toMember = (row: StoredMember): Member => ({
  room_id: row.room_id,
  user_id: row.user_id,
  role: row.role,
  join_seq: row.join_seq,
  joined_at: row.joined_at,
  read_seq: row.read_seq,
  ...toSettings(row),
})

/** Somebody the read model does not know yet has just registered. */
export const toPartner = (row: {
  partner_id: number
  active: number | null
  blocked: number
  blocked_by_me: number
}): Partner => ({
  user_id: row.partner_id,
  active: row.active !== 0,
  blocked: row.blocked === 1,
  blocked_by_me: row.blocked_by_me === 1,
})

export const toStoredFile = (row: Selectable<PeopleTables['files']>): StoredFile => ({
  id: row.id,
  owner_id: row.owner_id,
  name: row.name,
  type: row.type,
  size: row.size,
  width: row.width,
  height: row.height,
  has_thumbnail: row.thumbnail_key !== null,
  blob_key: row.blob_key,
  thumbnail_key: row.thumbnail_key,
  created_at: row.created_at,
})
