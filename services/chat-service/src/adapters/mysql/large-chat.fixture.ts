import { sql } from '@bigtech/sql'
import { searchText } from '../../domain/search-text.ts'
import { fill } from './copy.fixture.ts'
import { indexRooms } from './search-index.ts'
import { termsOf } from './search-terms.ts'
import type { ChatDb } from './tables.ts'

/** `me` is in the first 200 of the rooms; after 300 they are empty. The busy room has `end` messages, each of its own document: at 10, 20, 30 … */
export const LARGE = { me: 1, users: 400, rooms: 4_000, mine: 200, busy: 1, direct: 2, end: 20_000, partitions: 4 }

const TEXTS = ['김치찌개 먹자', '물 좀 줘', '오늘 저녁에 시간 되니?', '네 알겠습니다', 'ㅋㅋㅋ']
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

/** Tables of such a size that the server prefers an index where there is one. */
export async function fillLargeChat(db: ChatDb): Promise<void> {
  const { me, users, rooms, mine, busy, direct, end, partitions } = LARGE
  const lengthOf = (room: number) => (room === busy ? end : room > 300 ? 0 : 40)
  await fill(
    db,
    'rooms',
    upTo(rooms).map((id) => ({
      id,
      p: id % partitions,
      type: id === direct ? 'direct' : 'group',
      name: null,
      created_by: 1,
      created_at: 1,
      last_seq: lengthOf(id),
      rev: lengthOf(id),
      f: lengthOf(id),
      member_count: 20,
      last_activity_at: lengthOf(id) * 10 + id,
      log_at: lengthOf(id) * 10,
      invite_code: `code-${id}`,
      invite_expires_at: null,
    })),
  )
  const membersOf = (room: number) => {
    const others = upTo(room === direct ? 1 : room > 300 ? 2 : 19).map((n) => 2 + ((room * 7 + n * 3) % (users - 1)))
    return [...new Set(room <= mine ? [me, ...others] : others)]
  }
  await fill(
    db,
    'members',
    upTo(rooms).flatMap((room_id) =>
      membersOf(room_id).map((user_id) => ({
        room_id,
        user_id,
        role: 'member',
        join_seq: 0,
        join_f: 1,
        join_log_at: 1,
        joined_at: 1,
        read_seq: Math.max(0, lengthOf(room_id) - 30),
        read_log_at: lengthOf(room_id) * 10,
        muted: 0,
        hidden: 0,
        settings_log_at: 0,
      })),
    ),
  )
  const messages = upTo(rooms).flatMap((room_id) =>
    upTo(lengthOf(room_id)).map((seq) => ({
      room_id,
      seq,
      rev: seq,
      log_at: seq * 10,
      sent_log_at: seq * 10,
      user_id: 1 + (seq % 20),
      message_type: seq % 20 === 1 ? 'system' : 'text',
      content: TEXTS[seq % TEXTS.length]!,
      client_message_id: seq % 20 === 1 ? null : Buffer.from(`c${seq}`),
      created_at: seq * 10,
      pinned_at: seq % 500 === 0 ? seq : null,
    })),
  )
  await fill(db, 'messages', messages)
  await fill(
    db,
    'mentioned',
    messages
      .filter(({ seq }) => seq % 5 === 0)
      .map(({ room_id, seq }) => ({ room_id, user_id: seq % 25 === 0 ? 0 : 1 + (seq % 20), seq })),
  )
  const places = (rows: typeof messages) => rows.map(({ room_id, seq }) => ({ room_id, seq }))
  await fill(db, 'uncounted', places(messages.filter((row) => row.message_type === 'system')))
  await fill(db, 'pins', places(messages.filter((row) => row.pinned_at !== null)))
  await fillPeople(db)
  await indexRooms(
    db,
    upTo(mine).filter((room) => room !== busy),
  )
  await indexBusy(db)
  await analyze(db)
}

async function fillPeople(db: ChatDb): Promise<void> {
  const { me, users, rooms, partitions } = LARGE
  const of = { display_name: '이름', profile_image_url: null, active: 1 }
  await fill(
    db,
    'profiles',
    upTo(users).map((user_id) => ({ user_id, username: `user${user_id}`, ...of })),
  )
  const pairs = upTo(2_000).map((n) => ({ user_id: 1 + (n % users), blocked_user_id: users + n }))
  await fill(db, 'blocks', pairs)
  await fill(
    db,
    'invitations',
    upTo(3_000).map((n) => ({ user_id: n < 30 ? me : 2 + n, room_id: 1 + (n % rooms), invited_by: 3, created_at: n })),
  )
  await fill(
    db,
    'former_members',
    upTo(3_000).map((n) => ({ user_id: n < 30 ? me : 2 + n, room_id: 1 + (n % rooms), left_log_at: n, via: 'left' })),
  )
  const file = { name: 'a', type: 'b', size: 1, blob_key: 'c', created_at: 1, attachments: 1 }
  await fill(
    db,
    'files',
    upTo(4_000).map((n) => ({ ...file, id: `f${n}`, owner_id: 2 + (n % 200) })),
  )
  await fill(
    db,
    'attachments',
    upTo(4_000).map((n) => ({ file_id: `f${n}`, room_id: 1 + (n % rooms), seq: 30 })),
  )
  await fill(
    db,
    'partition_positions',
    upTo(partitions).map((p) => ({ p: p - 1, n: 1, at: 1 })),
  )
}

/** The busy room, as indexing it would. */
async function indexBusy(db: ChatDb): Promise<void> {
  const { busy, end } = LARGE
  const terms = upTo(end).flatMap((seq) =>
    [...termsOf(searchText(TEXTS[seq % TEXTS.length]!, null))].map((term) => ({
      room_id: busy,
      term: Buffer.from(term),
      sent_log_at: seq * 10,
      seq,
    })),
  )
  await fill(db, 'search_terms', terms)
  await fill(db, 'search_rooms', [{ room_id: busy, rev: end }])
}

async function analyze(db: ChatDb): Promise<void> {
  const tables = await db.introspection.getTables()
  for (const { name } of tables) await sql`ANALYZE TABLE ${sql.table(name)}`.execute(db)
}
