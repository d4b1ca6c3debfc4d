import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { MessageRow, MessageType } from '../../domain/message.ts'
import type { Member, Notify, Role, Room, RoomType } from '../../domain/room.ts'
import type { RoomListEntry, RoomQueries } from '../../ports.ts'
import { parseJson, toMentions } from './rows.ts'
import { createSnapshot } from './snapshot.ts'

/** Rooms of a person (?1) before a place in the list (?2, ?3), at most ?4. */
const PAGE = `FROM members m JOIN rooms r ON r.id = m.room_id
    WHERE m.user_id = ?1 AND m.hidden = 0 AND (r.last_activity_at, r.id) < (?2, ?3)
    ORDER BY r.last_activity_at DESC, r.id DESC LIMIT ?4`
/** Those of a person (?1) among some (?2), whether hidden or not. SQLite keeps the order of a CROSS JOIN: else it walks through all of the person's rooms. */
const SOME = `FROM json_each(?2) AS wanted CROSS JOIN members m ON m.room_id = wanted.value AND m.user_id = ?1
    CROSS JOIN rooms r ON r.id = m.room_id
    ORDER BY r.last_activity_at DESC, r.id DESC`
const PLACES = `SELECT r.id, r.last_activity_at, r.last_pos ${PAGE}`

// The page is cut before anything is looked up that only its rooms need.
const entriesOf = (rooms: string) => `
  WITH page AS MATERIALIZED (
    SELECT m.user_id, m.role, m.join_seq, m.joined_at, m.read_seq, m.notify, m.muted_until, m.hidden,
      r.id, r.type, r.name, r.created_by, r.created_at, r.last_seq, r.rev, r.member_count, r.last_activity_at, r.last_pos
    ${rooms}
  )
  SELECT page.last_activity_at, page.hidden,
    CASE page.type WHEN 'direct' THEN (page.read_seq < page.last_seq) + coalesce(p.read_seq < page.last_seq, 0)
      ELSE (SELECT count(*) FROM members u WHERE u.room_id = page.id AND u.read_seq < page.last_seq) END,
    page.id, page.type, page.name, page.created_by, page.created_at, page.last_seq, page.rev, page.member_count,
    page.user_id, page.role, page.join_seq, page.joined_at, page.read_seq, page.notify, page.muted_until,
    p.user_id, p.role, p.join_seq, p.joined_at, p.read_seq, 'all', NULL,
    l.rev, l.user_id, l.message_type, l.content, l.reply_to, l.file, l.client_message_id, l.system, l.reactions,
    l.created_at, l.edited_at, l.deleted_at, l.pinned_at, l.pinned_by, l.mentions,
    CASE WHEN max(page.read_seq, page.join_seq) < page.last_seq THEN (SELECT group_concat(seq) FROM (
      SELECT u.seq FROM messages u
      WHERE u.room_id = page.id AND u.seq > max(page.read_seq, page.join_seq)
        AND (u.message_type = 'system' OR u.deleted_at IS NOT NULL)
      ORDER BY u.seq
    )) END,
    CASE WHEN max(page.read_seq, page.join_seq) < page.last_seq THEN (SELECT group_concat(seq) FROM (
      SELECT DISTINCT c.seq FROM mentioned c
      WHERE c.room_id = page.id AND c.user_id IN (0, page.user_id) AND c.seq > max(page.read_seq, page.join_seq)
      ORDER BY c.seq
    )) END,
    page.last_pos
  FROM page
  LEFT JOIN members p ON page.type = 'direct' AND p.room_id = page.id AND p.user_id <> page.user_id
  LEFT JOIN messages l ON l.room_id = page.id AND l.seq = page.last_seq AND page.last_seq > page.join_seq
  ORDER BY page.last_activity_at DESC, page.id DESC`
/** Where in a row each part begins. */
const ROOM = 3
const ME = 11
const PARTNER = 18
const LAST = 25
const UNCOUNTED = 40
const MENTIONED = 41
const VERSION = 42

type Values = readonly SQLOutputValue[]
type Before = readonly [number, number] | undefined

/**
 * The rooms of a user, in one statement. Rows come as arrays and are taken apart by place: of a thousand rooms, objects with 43 names each
 * cost more than the query.
 */
export function createRoomList(db: DatabaseSync): Pick<RoomQueries, 'list' | 'listAround' | 'listed'> {
  const prepare = (sql: string) => {
    const statement = db.prepare(sql)
    statement.setReturnArrays(true)
    return (...values: (number | string)[]) => statement.all(...values) as unknown as Values[]
  }
  const pageOf = prepare(entriesOf(PAGE))
  const some = prepare(entriesOf(SOME))
  const placesOf = prepare(PLACES)
  const snapshot = createSnapshot(db)
  const start = (before: Before) => before ?? ([Number.MAX_SAFE_INTEGER, 0] as const)
  const entries = (userId: number, roomIds: readonly number[]) => some(userId, JSON.stringify(roomIds)).map(toEntry)

  return {
    list: async ({ user_id, before, limit }) => pageOf(user_id, ...start(before), limit).map(toEntry),
    listed: async (roomId, userId) => entries(userId, [roomId])[0],
    listAround: async ({ user_id, before, limit }, known) =>
      snapshot(() => {
        const places = placesOf(user_id, ...start(before), limit).map((row) => {
          const [room_id, last_activity_at, version] = row as [number, number, number]
          return { room_id, last_activity_at, known: known(room_id, version) }
        })
        const unknown = places.filter((place) => place.known === undefined).map(({ room_id }) => room_id)
        const read = unknown.length === 0 ? [] : entries(user_id, unknown)
        const byRoom = new Map(read.map((entry) => [entry.room.id, entry]))
        return places.map(({ known: found, ...place }) => ({
          ...place,
          ...(found === undefined ? { entry: byRoom.get(place.room_id)! } : { known: found }),
        }))
      }),
  }
}

function toEntry(row: Values): RoomListEntry {
  const room = roomAt(row, ROOM)
  return {
    room,
    me: memberAt(row, ME, room.id),
    partner: row[PARTNER] === null ? null : memberAt(row, PARTNER, room.id),
    last: row[LAST] === null ? null : messageAt(row, LAST, room),
    last_unread: row[2] as number,
    uncounted: seqsOf(row[UNCOUNTED] as string | null),
    mentioned: seqsOf(row[MENTIONED] as string | null),
    hidden: row[1] === 1,
    last_activity_at: row[0] as number,
    version: row[VERSION] as number,
  }
}

const seqsOf = (text: string | null): readonly number[] => (text === null ? [] : text.split(',').map(Number))

const roomAt = (row: Values, at: number): Room => ({
  id: row[at] as number,
  type: row[at + 1] as RoomType,
  name: row[at + 2] as string | null,
  created_by: row[at + 3] as number,
  created_at: row[at + 4] as number,
  last_seq: row[at + 5] as number,
  rev: row[at + 6] as number,
  member_count: row[at + 7] as number,
})

const memberAt = (row: Values, at: number, room_id: number): Member => ({
  room_id,
  user_id: row[at] as number,
  role: row[at + 1] as Role,
  join_seq: row[at + 2] as number,
  joined_at: row[at + 3] as number,
  read_seq: row[at + 4] as number,
  notify: row[at + 5] as Notify,
  muted_until: row[at + 6] as number | null,
})

const messageAt = (row: Values, at: number, room: Room): MessageRow => ({
  room_id: room.id,
  seq: room.last_seq,
  rev: row[at] as number,
  user_id: row[at + 1] as number,
  message_type: row[at + 2] as MessageType,
  content: row[at + 3] as string,
  reply_to: row[at + 4] as number | null,
  file: parseJson(row[at + 5]) as MessageRow['file'],
  client_message_id: row[at + 6] as string | null,
  system: parseJson(row[at + 7]) as MessageRow['system'],
  reactions: (parseJson(row[at + 8]) as MessageRow['reactions'] | null) ?? {},
  created_at: row[at + 9] as number,
  edited_at: row[at + 10] as number | null,
  deleted_at: row[at + 11] as number | null,
  pinned_at: row[at + 12] as number | null,
  pinned_by: row[at + 13] as number | null,
  mentions: toMentions(row[at + 14]),
})
