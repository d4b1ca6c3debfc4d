import type { Db } from 'mongodb'
import type { FileInfo } from '../../domain/message.ts'
import { searchText } from '../../domain/search-text.ts'
import { termsOf } from '../mysql/search-terms.ts'
import type { ChatDb } from '../mysql/tables.ts'
import { reading, writing, writingEach } from './errors.ts'
import { messagesAt, portions } from './room-messages.ts'
import type { StoredMessage } from './rows.ts'
import { collection, ordered, placeOf, raise, type Documents } from './schema.ts'

/** Messages indexed in one step. */
const TOGETHER = 200
/** Terms written in one command. */
const TERMS_TOGETHER = 2_000

/** Where a message is in time, newest last. */
export const timeOf = ({ sent_log_at, room_id, seq }: Pick<StoredMessage, 'sent_log_at' | 'room_id' | 'seq'>): string =>
  [sent_log_at, room_id, seq].map(ordered).join('.')

/** Terms of a text have its revision in their key. So those of another text of the same message are others, whoever writes or removes them. */
const textOf = ({ room_id, seq, text_rev }: StoredMessage): string => `${placeOf(room_id, seq)}/${ordered(text_rev)}/`

const goOn = async () => true

/** Up to what rooms show now; messages are there before that. @param between steps; what is left after false stays so */
export async function indexRooms(
  db: Db,
  rooms: ChatDb,
  roomIds: readonly number[],
  between: () => Promise<boolean> = goOn,
): Promise<void> {
  if (roomIds.length === 0) return
  const heads = await rooms.selectFrom('rooms').select(['id', 'rev']).where('id', 'in', roomIds).execute()
  for (const { id, rev } of heads) if (!(await indexRoom(db, id, rev, between))) return
}

/**
 * Writes what a room's messages are found by. Several may do the same at once: each step leaves what it found indexed, and nothing of what those
 * messages said before.
 * @param upTo a revision that the room's messages have
 */
export async function indexRoom(
  db: Db,
  roomId: number,
  upTo: number,
  between: () => Promise<boolean> = goOn,
): Promise<boolean> {
  const rooms = collection(db, 'search_rooms')
  let rev = (await reading(() => rooms.findOne({ _id: roomId })))?.rev ?? 0
  while (rev < upTo) {
    rev = await indexStep(db, roomId, rev, upTo)
    await raise(rooms, roomId, 'rev', rev)
    if (!(await between())) return false
  }
  return true
}

/** @returns the revision up to which it has come */
async function indexStep(db: Db, room_id: number, after: number, upTo: number): Promise<number> {
  const messages = collection(db, 'messages')
  const rows = await reading(() =>
    messages
      .find({ room_id, rev: { $gt: after } })
      .sort({ rev: 1 })
      .limit(TOGETHER)
      .toArray(),
  )
  const counted = rows.filter(({ message_type }) => message_type !== 'system')
  for (const terms of portions(counted.flatMap(place), TERMS_TOGETHER))
    await writingEach(() => collection(db, 'search_terms').insertMany([...terms], { ordered: false }))
  // What was changed since it was read may have been indexed, and its old terms removed, before these were written.
  for (const row of await messagesAt(messages, counted)) await forget(db, row)
  return rows.length < TOGETHER ? upTo : Math.min(rows.at(-1)!.rev, upTo)
}

/** Removes what a message said before. */
async function forget(db: Db, row: StoredMessage): Promise<void> {
  if (row.edited_at === null && row.deleted_at === null) return
  const before = { $gte: `${placeOf(row.room_id, row.seq)}/`, $lt: textOf(row) }
  await writing(() => collection(db, 'search_terms').deleteMany({ room_id: row.room_id, _id: before }))
}

function place(row: StoredMessage): Documents['search_terms'][] {
  if (row.deleted_at !== null) return []
  const file = row.file === null ? null : (JSON.parse(row.file) as FileInfo)
  const [text, at] = [textOf(row), timeOf(row)]
  return [...termsOf(searchText(row.content, file))].map((term) => ({
    _id: `${text}${term}`,
    room_id: row.room_id,
    term,
    first: String.fromCodePoint(term.codePointAt(0)!),
    at,
  }))
}
