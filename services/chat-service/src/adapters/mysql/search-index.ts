import { transaction } from '@bigtech/sql'
import type { FileInfo } from '../../domain/message.ts'
import { searchText } from '../../domain/search-text.ts'
import { putRows, removeRows, run, selectRows } from './row-statements.ts'
import { termsOf } from './search-terms.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** Messages indexed in one transaction. */
const TOGETHER = 200
/** Rooms of a step. */
const ROOMS_TOGETHER = 100
/** Of a statement, which must be below the server's limit of a packet. */
const TERMS_TOGETHER = 5_000

type Text = { content: string; file: string | null }

/** Brings the rooms of a person, or one of them, up to what is committed now. Other processes may do the same at the same time. */
export async function catchUp(db: ChatDb, userId: number, roomId: number | null): Promise<void> {
  let behind = db
    .selectFrom('members as m')
    .innerJoin('rooms as r', 'r.id', 'm.room_id')
    .leftJoin('search_rooms as s', 's.room_id', 'm.room_id')
    .select('r.id')
    .where('m.user_id', '=', userId)
    .where((where) => where.or([where('s.rev', 'is', null), where('s.rev', '<', where.ref('r.rev'))]))
  if (roomId !== null) behind = behind.where('m.room_id', '=', roomId)
  await indexRooms(
    db,
    (await behind.execute()).map(({ id }) => id),
  )
}

/**
 * Writes what rooms' messages are found by, in steps of their own, up to what was committed before the call. No step leaves out or doubles what
 * another does at the same time: the rooms' rows in `search_rooms` are locked.
 * @param between steps; what is left after false stays so
 */
export async function indexRooms(
  db: ChatDb,
  roomIds: readonly number[],
  between: () => Promise<boolean> = async () => true,
): Promise<void> {
  let behind = roomIds.toSorted((a, b) => a - b)
  while (behind.length > 0) {
    const some = behind.slice(0, ROOMS_TOGETHER)
    const left = await transaction(db, (trx) => indexStep(trx, some))
    behind = [...left, ...behind.slice(ROOMS_TOGETHER)]
    if (behind.length > 0 && !(await between())) return
  }
}

/** @param roomIds from the smallest on, as all do: none waits for another that waits for it @returns those with more than one step takes */
async function indexStep(trx: ChatTrx, roomIds: readonly number[]): Promise<number[]> {
  await trx
    .insertInto('search_rooms')
    .values(roomIds.map((room_id) => ({ room_id, rev: 0 })))
    .onDuplicateKeyUpdate((row) => ({ room_id: row.ref('search_rooms.room_id') }))
    .execute()
  const indexed = await trx.selectFrom('search_rooms').selectAll().where('room_id', 'in', roomIds).execute()
  const heads = await trx.selectFrom('rooms').select(['id', 'rev']).where('id', 'in', roomIds).execute()
  const revs = new Map(indexed.map(({ room_id, rev }) => [room_id, rev]))
  const rows = await messagesAfter(trx, revs)
  await insert(
    trx,
    rows.filter((row) => row.message_type !== 'system' && row.deleted_at === null),
  )
  // After the messages: who saw one that was changed sees the text that it had.
  while (await forget(trx, roomIds));
  const last = rows.length < TOGETHER ? undefined : rows.at(-1)
  const reached = new Map<number, number>()
  for (const { id, rev } of heads) {
    // The head was read before the rows: what they lack of it is in no row any more.
    if (!last || id < last.room_id) reached.set(id, Math.max(rev, revs.get(id)!))
    else reached.set(id, id === last.room_id ? last.rev : revs.get(id)!)
  }
  // What came after its room's head was read.
  for (const { room_id, rev } of rows) if (rev > reached.get(room_id)!) reached.set(room_id, rev)
  const revisions = Array.from(reached, ([room_id, rev]) => ({ room_id, rev }))
  for (const statement of putRows('search_rooms', revisions)) await run(trx, statement)
  return last ? roomIds.filter((id) => id >= last.room_id) : []
}

type Row = Text &
  Readonly<{ room_id: number; seq: number; rev: number; sent_log_at: number }> &
  Readonly<{ message_type: string; deleted_at: number | null }>

/** Messages that changed after those revisions, room by room, each in the order of its revisions. */
function messagesAfter(trx: ChatTrx, revs: ReadonlyMap<number, number>): Promise<Row[]> {
  const places = [...revs]
  const ranges = Array.from(places, () => '(room_id = ? AND rev > ?)').join(' OR ')
  const text = `SELECT room_id, seq, rev, sent_log_at, content, file, message_type, deleted_at FROM messages
    WHERE ${ranges} ORDER BY room_id, rev LIMIT ${TOGETHER}`
  return run<Row>(trx, { text, values: places.flat() })
}

/** Takes away the terms of texts that are no more, and leaves those that the message has as it is now. @returns whether there were any */
async function forget(trx: ChatTrx, roomIds: readonly number[]): Promise<boolean> {
  const stale = await trx
    .selectFrom('search_stale')
    .selectAll()
    .where('room_id', 'in', roomIds)
    .limit(TOGETHER)
    .execute()
  if (stale.length === 0) return false
  const current = await run<Row>(trx, selectRows('messages', stale))
  for (const row of current) {
    const kept = row.deleted_at === null ? termsOf(textOf(row)) : new Set<string>()
    const former = stale.filter(({ room_id, seq }) => room_id === row.room_id && seq === row.seq)
    const gone = new Set(former.flatMap((text) => [...termsOf(textOf(text))]))
    const terms = [...gone].filter((term) => !kept.has(term)).map((term) => Buffer.from(term))
    if (terms.length === 0) continue
    await trx
      .deleteFrom('search_terms')
      .where('room_id', '=', row.room_id)
      .where('term', 'in', terms)
      .where('sent_log_at', '=', row.sent_log_at)
      .where('seq', '=', row.seq)
      .execute()
  }
  for (const statement of removeRows('search_stale', stale)) await run(trx, statement)
  return true
}

const textOf = ({ content, file }: Text): string =>
  searchText(content, file === null ? null : (JSON.parse(file) as FileInfo))

/**
 * A message has some fifty terms, and they are most of what is written for it: numbers and hexadecimal digits, which need no escaping, go into the
 * statement as they are.
 */
async function insert(trx: ChatTrx, rows: readonly Row[]): Promise<void> {
  const terms = rows.flatMap((row) =>
    Array.from(termsOf(textOf(row)), (term) => ({ row, hex: Buffer.from(term).toString('hex') })),
  )
  const sorted = terms.toSorted((a, b) => a.row.room_id - b.row.room_id || (a.hex < b.hex ? -1 : Number(a.hex > b.hex)))
  for (let i = 0; i < sorted.length; i += TERMS_TOGETHER) {
    const values = sorted
      .slice(i, i + TERMS_TOGETHER)
      .map(({ row, hex }) => `(${row.room_id},x'${hex}',${row.sent_log_at},${row.seq})`)
    const text = `INSERT INTO search_terms (room_id, term, sent_log_at, seq) VALUES ${values.join()} ON DUPLICATE KEY UPDATE seq = search_terms.seq`
    await run(trx, { text, values: [] })
  }
}
