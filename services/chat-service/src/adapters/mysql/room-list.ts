import { sql } from '@bigtech/sql'
import type { RawBuilder } from 'kysely'
import { EVERYONE } from '../../domain/mention.ts'
import { readUpTo } from '../../domain/room.ts'
import type { RoomListEntry, RoomListQuery, RoomQueries } from '../../ports.ts'
import { MESSAGE, toMember, toMessageRow, toRoom } from './rows.ts'
import { inSnapshot } from './snapshot.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

type Row = Record<string, unknown>
type Place = { id: number; last_activity_at: number; f: number }

const PARTNER = ['user_id', 'role', 'join_seq', 'joined_at', 'read_seq'] as const
/** Of two rows that are joined, those of the second with a letter before them. */
const columns = (table: string, names: readonly string[]) =>
  sql.raw(names.map((name) => `${table}.\`${name}\` AS ${table}_${name}`).join(', '))

/** Rooms of a person before a place in the list. All of theirs are looked at, by the index of their memberships. */
const page = ({ user_id, before, limit }: RoomListQuery) => {
  const [activity, id] = before ?? [Number.MAX_SAFE_INTEGER, 0]
  return sql`FROM members m JOIN rooms r ON r.id = m.room_id
    WHERE m.user_id = ${user_id} AND m.hidden = 0
      AND (r.last_activity_at < ${activity} OR (r.last_activity_at = ${activity} AND r.id < ${id}))
    ORDER BY r.last_activity_at DESC, r.id DESC LIMIT ${limit}`
}
/** Those of a person among some, whether hidden or not. */
const some = (userId: number, roomIds: readonly number[]) =>
  sql`FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = ${userId} AND m.room_id IN (${sql.join(roomIds)})`

/** The page is cut before anything is looked up that only its rooms need. */
const entriesOf = (rooms: RawBuilder<unknown>) => sql<Row>`
  SELECT page.*, CASE page.type WHEN 'direct' THEN (page.read_seq < page.last_seq) + COALESCE(p.read_seq < page.last_seq, 0)
      ELSE (SELECT COUNT(*) FROM members u WHERE u.room_id = page.id AND u.read_seq < page.last_seq) END AS last_unread,
    ${columns('p', PARTNER)}, ${columns('l', MESSAGE)}
  FROM (
    SELECT m.user_id, m.role, m.join_seq, m.joined_at, m.read_seq, m.muted, m.mentions_only, m.muted_until, m.hidden,
      r.id, r.type, r.name, r.created_by, r.created_at, r.last_seq, r.rev, r.f, r.member_count, r.last_activity_at
    ${rooms}
  ) AS page
  LEFT JOIN members p ON page.type = 'direct' AND p.room_id = page.id AND p.user_id <> page.user_id
  LEFT JOIN messages l ON l.room_id = page.id AND l.seq = page.last_seq AND page.last_seq > page.join_seq
  ORDER BY page.last_activity_at DESC, page.id DESC`

/** The rooms of a user, of one moment: three statements, however many they are; four where some are known. */
export function createMysqlRoomList(db: ChatDb): Pick<RoomQueries, 'list' | 'listAround' | 'listed'> {
  return {
    list: (query) => inSnapshot(db, (trx) => read(trx, page(query))),
    listed: (roomId, userId) => inSnapshot(db, async (trx) => (await read(trx, some(userId, [roomId])))[0]),
    listAround: (query, known) =>
      inSnapshot(db, async (trx) => {
        const { rows } = await sql<Place>`SELECT r.id, r.last_activity_at, r.f ${page(query)}`.execute(trx)
        const places = rows.map(({ id, last_activity_at, f }) => ({
          room_id: id,
          last_activity_at,
          known: known(id, f),
        }))
        const unknown = places.filter((place) => place.known === undefined).map(({ room_id }) => room_id)
        const entries = unknown.length === 0 ? [] : await read(trx, some(query.user_id, unknown))
        const byRoom = new Map(entries.map((entry) => [entry.room.id, entry]))
        return places.map(({ known: found, ...place }) => ({
          ...place,
          ...(found === undefined ? { entry: byRoom.get(place.room_id)! } : { known: found }),
        }))
      }),
  }
}

async function read(trx: ChatTrx, rooms: RawBuilder<unknown>): Promise<RoomListEntry[]> {
  const entries = (await entriesOf(rooms).execute(trx)).rows.map(toEntry)
  const unread = entries.filter(({ room, me }) => readUpTo(me) < room.last_seq)
  if (unread.length === 0) return entries
  const uncounted = await uncountedOf(trx, unread)
  const mentioned = await mentionedOf(trx, unread)
  return entries.map((entry) => ({
    ...entry,
    uncounted: (uncounted.get(entry.room.id) ?? []).map(({ seq }) => seq),
    mentioned: (mentioned.get(entry.room.id) ?? []).map(({ seq }) => seq),
  }))
}

/** What calls the reader, or everyone, after the reader's position: two ranges of the key for each room. */
async function mentionedOf(trx: ChatTrx, unread: readonly RoomListEntry[]): Promise<Map<number, { seq: number }[]>> {
  const rows = await trx
    .selectFrom('mentioned')
    .select(['room_id', 'seq'])
    .distinct()
    .where((where) =>
      where.or(
        unread.flatMap(({ room, me }) =>
          [EVERYONE, me.user_id].map((called) =>
            where.and([where('room_id', '=', room.id), where('user_id', '=', called), where('seq', '>', readUpTo(me))]),
          ),
        ),
      ),
    )
    .orderBy('room_id')
    .orderBy('seq')
    .execute()
  return Map.groupBy(rows, ({ room_id }) => room_id)
}

/** What does not count after the reader's position, a range of the key for each room that has anything there. */
async function uncountedOf(trx: ChatTrx, unread: readonly RoomListEntry[]): Promise<Map<number, { seq: number }[]>> {
  const rows = await trx
    .selectFrom('uncounted')
    .select(['room_id', 'seq'])
    .where((where) =>
      where.or(
        unread.map(({ room, me }) => where.and([where('room_id', '=', room.id), where('seq', '>', readUpTo(me))])),
      ),
    )
    .orderBy('room_id')
    .orderBy('seq')
    .execute()
  return Map.groupBy(rows, ({ room_id }) => room_id)
}

/** The columns of one of the rows that were joined. */
const part = (row: Row, table: 'p' | 'l', names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, row[`${table}_${name}`]]))

function toEntry(row: Row): RoomListEntry {
  const room = toRoom(row as Parameters<typeof toRoom>[0])
  const member = (columns: Row) => toMember({ ...columns, room_id: room.id } as Parameters<typeof toMember>[0])
  return {
    room,
    me: member(row),
    partner:
      row['p_user_id'] === null
        ? null
        : member({ ...part(row, 'p', PARTNER), muted: 0, mentions_only: 0, muted_until: null }),
    last: row['l_seq'] === null ? null : toMessageRow(part(row, 'l', MESSAGE) as Parameters<typeof toMessageRow>[0]),
    last_unread: row['last_unread'] as number,
    uncounted: [],
    mentioned: [],
    hidden: row['hidden'] === 1,
    last_activity_at: row['last_activity_at'] as number,
    version: row['f'] as number,
  }
}
