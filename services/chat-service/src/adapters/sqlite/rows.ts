import type { SQLOutputValue } from 'node:sqlite'
import type { Mention } from '../../domain/mention.ts'
import type { FileInfo, MessageRow, MessageType, Reactions, SystemEvent } from '../../domain/message.ts'
import type { Member, Role, Room, RoomSettings, RoomType } from '../../domain/room.ts'
import type { Partner, StoredFile, Usage } from '../../ports.ts'

type Row = Record<string, SQLOutputValue>

export const parseJson = (json: SQLOutputValue | undefined): unknown =>
  typeof json === 'string' ? JSON.parse(json) : null
const nullable = (value: SQLOutputValue | undefined) => (value === null || value === undefined ? null : Number(value))

/** None is stored as NULL. */
export const toMentions = (json: SQLOutputValue | undefined): readonly Mention[] =>
  (parseJson(json) as readonly Mention[] | null) ?? []
export const fromMentions = (mentions: readonly Mention[]): string | null =>
  mentions.length === 0 ? null : JSON.stringify(mentions)

export function toMessageRow(row: Row): MessageRow {
  return {
    room_id: Number(row['room_id']),
    seq: Number(row['seq']),
    rev: Number(row['rev']),
    user_id: Number(row['user_id']),
    message_type: row['message_type'] as MessageType,
    content: row['content'] as string,
    reply_to: nullable(row['reply_to']),
    file: parseJson(row['file']) as FileInfo | null,
    client_message_id: row['client_message_id'] as string | null,
    system: parseJson(row['system']) as SystemEvent | null,
    reactions: (parseJson(row['reactions']) as Reactions | null) ?? {},
    mentions: toMentions(row['mentions']),
    created_at: Number(row['created_at']),
    edited_at: nullable(row['edited_at']),
    deleted_at: nullable(row['deleted_at']),
    pinned_at: nullable(row['pinned_at']),
    pinned_by: nullable(row['pinned_by']),
  }
}

export function toRoom(row: Row): Room {
  return {
    id: Number(row['id']),
    type: row['type'] as RoomType,
    name: row['name'] as string | null,
    created_by: Number(row['created_by']),
    created_at: Number(row['created_at']),
    last_seq: Number(row['last_seq']),
    rev: Number(row['rev']),
    member_count: Number(row['member_count']),
  }
}

export function toMember(row: Row, roomId = Number(row['room_id'])): Member {
  return {
    room_id: roomId,
    user_id: Number(row['user_id']),
    role: row['role'] as Role,
    join_seq: Number(row['join_seq']),
    joined_at: Number(row['joined_at']),
    read_seq: Number(row['read_seq']),
    ...toSettings(row),
  }
}

export const toSettings = (row: Row): RoomSettings => ({
  notify: row['notify'] as RoomSettings['notify'],
  muted_until: nullable(row['muted_until']),
})

export const toUsage = (row: Row): Usage => ({ files: Number(row['files']), bytes: Number(row['bytes']) })

/** Somebody the read model does not know yet has just registered. */
export const toPartner = (row: Row, idColumn: string): Partner => ({
  user_id: Number(row[idColumn]),
  active: row['active'] !== 0,
  blocked: row['blocked'] === 1,
  blocked_by_me: row['blocked_by_me'] === 1,
})

export function toStoredFile(row: Row): StoredFile {
  return {
    id: row['id'] as string,
    owner_id: Number(row['owner_id']),
    name: row['name'] as string,
    type: row['type'] as string,
    size: Number(row['size']),
    width: nullable(row['width']),
    height: nullable(row['height']),
    has_thumbnail: row['thumbnail_key'] !== null,
    blob_key: row['blob_key'] as string,
    thumbnail_key: row['thumbnail_key'] as string | null,
    created_at: Number(row['created_at']),
  }
}
