import type { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { createSqliteChatStore, type ChatStore } from '@bigtech/chat-service/adapters'
import { openSqlite } from '@bigtech/sql'
import { createRandom, createTexts } from './korean.ts'

export type RoomPlan = {
  /** Two make a direct room, more a group of which the first is owner. */
  members: readonly number[]
  messages: number
}

const TRACEPARENT = '00-00000000000000000000000000000001-0000000000000001-01'
/** Messages lie this far apart in time, ending now. */
const STEP_MS = 20
const SEED = 20_260_801
/** Steps of the table by which the room of the next message is drawn. */
const DRAWS = 65_536

/** Everybody has read their own last message, and all but fewer than this. */
const MOST_UNREAD = 20
/** Rooms made at a time: the store's queue is bounded. */
const MAKING = 500

/**
 * Makes rooms with histories in the data folder of a stopped server (after createAccounts). Rooms are made through chat-service's
 * own store, messages by plain inserts, in one transaction without waiting for the disk: 10⁷ in about a minute and a half. Histories
 * grow side by side, as they do in life, so that neighbours of a room do not lie beside each other on the disk.
 * @param options.index fills the search index too, by chat-service itself; otherwise all counts as indexed
 * @returns the rooms' ids
 */
export async function fillRooms(
  folder: string,
  plans: readonly RoomPlan[],
  options: { index: boolean },
): Promise<number[]> {
  const file = join(folder, 'chat.db')
  const start = Date.now() - plans.reduce((sum, plan) => sum + plan.messages, 0) * STEP_MS
  const ids = await makeRooms(file, plans, start)
  const db = openSqlite(file)
  db.exec('PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA cache_size=-500000; BEGIN')
  insertMessages(db, plans, ids, start)
  db.exec('COMMIT; PRAGMA journal_mode=WAL')
  db.close()
  if (options.index) await indexMessages(file)
  else countAsIndexed(folder)
  return ids
}

async function makeRooms(file: string, plans: readonly RoomPlan[], now: number): Promise<number[]> {
  const store = await createSqliteChatStore(file)
  const context = { now, traceparent: TRACEPARENT }
  const make = async ({ members: [first = 0, ...others] }: RoomPlan, i: number): Promise<number> => {
    const command =
      others.length === 1
        ? store.rooms.openDirect({ user_id: first, other_id: others[0]!, ...context })
        : store.rooms.createGroup({
            actor: first,
            name: `모임 ${i}`,
            member_ids: others,
            ...context,
          })
    const made = await command
    if (typeof made === 'string') throw new Error(`no room was made: ${made}`)
    return made.room_id
  }
  const ids: number[] = []
  for (let i = 0; i < plans.length; i += MAKING)
    ids.push(...(await Promise.all(plans.slice(i, i + MAKING).map((plan, j) => make(plan, i + j)))))
  await catchUp(store)
  await store.close()
  return ids
}

function insertMessages(db: DatabaseSync, plans: readonly RoomPlan[], ids: readonly number[], start: number): void {
  const insert = db.prepare(
    `INSERT INTO messages (room_id, seq, rev, pos, user_id, message_type, content, client_message_id, created_at)
     VALUES (?, ?, ?, ?, ?, 'text', ?, ?, ?)`,
  )
  const heads = db.prepare('SELECT last_seq, rev, last_pos FROM rooms WHERE id = ?')
  const rooms = ids.map((id, i) => {
    const { last_seq, rev } = heads.get(id) as { last_seq: number; rev: number }
    return { id, ...plans[i]!, seq: last_seq, rev, pos: 0, at: start, left: plans[i]!.messages }
  })
  let pos = Number(db.prepare('SELECT max(last_pos) AS pos FROM rooms').get()!['pos'])
  const next = drawRooms(rooms)
  const text = createTexts(SEED)
  for (let room = next(), i = 0; room; room = next(), i++) {
    room.left--
    room.at = start + i * STEP_MS
    room.pos = ++pos
    const author = room.members[++room.seq % room.members.length]!
    insert.run(room.id, room.seq, ++room.rev, pos, author, text(), clientMessageId(i), room.at)
  }
  const finish = db.prepare('UPDATE rooms SET last_seq = ?, rev = ?, last_pos = ?, last_activity_at = ? WHERE id = ?')
  const read = db.prepare('UPDATE members SET read_seq = ?, read_pos = ? WHERE room_id = ? AND user_id = ?')
  for (const { id, seq, rev, pos, at, messages, members } of rooms)
    if (messages > 0) {
      finish.run(seq, rev, pos, at, id)
      for (const [i, member] of members.entries()) {
        const ownLast = seq - ((seq - i) % members.length)
        read.run(Math.max(ownLast, seq - (id % MOST_UNREAD)), pos, id, member)
      }
    }
}

async function indexMessages(file: string): Promise<void> {
  const store = await createSqliteChatStore(file)
  await catchUp(store)
  await store.close()
}

/** A search, even of nobody, makes the index and waits for all that came after it. */
const catchUp = (store: ChatStore) =>
  store.messages.search({ user_id: 0, words: ['색인'], room_id: null, before: null, limit: 1 })

function countAsIndexed(folder: string): void {
  const db = openSqlite(join(folder, 'chat-search.db'))
  db.prepare('ATTACH ? AS chat').run(join(folder, 'chat.db'))
  db.exec(`UPDATE place SET (indexed_mid, room_id, seq, created_at) =
    (SELECT mid, room_id, seq, created_at FROM chat.messages ORDER BY mid DESC LIMIT 1), reindex_mid = 0`)
  db.close()
}

/** As UUIDv7 do, ids grow with time. */
const clientMessageId = (i: number): string => `01980000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`

/** Draws rooms in proportion to their messages, until all have theirs. */
function drawRooms<R extends { messages: number; left: number }>(rooms: readonly R[]): () => R | undefined {
  const random = createRandom(SEED)
  const total = rooms.reduce((sum, room) => sum + room.messages, 0)
  const table = rooms.flatMap((room) => Array.from({ length: Math.ceil((room.messages / total) * DRAWS) }, () => room))
  let first = 0
  return () => {
    const drawn = table[Math.floor(random() * table.length)]
    if (drawn && drawn.left > 0) return drawn
    while (first < rooms.length && rooms[first]!.left === 0) first++
    return rooms[first]
  }
}
