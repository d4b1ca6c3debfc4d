import type { Db } from 'mongodb'
import { searchText } from '../../domain/search-text.ts'
import { wantedBy, type Wanted } from '../mysql/search-terms.ts'
import type { ChatDb } from '../mysql/tables.ts'
import type { Place } from '../partition/ports.ts'
import type { MessageLog } from '../../ports.ts'
import { aheadOf, stillIn, untilCaughtUp } from './caught-up.ts'
import { reading } from './errors.ts'
import { messagesAt } from './room-messages.ts'
import { toRow, type StoredMessage } from './rows.ts'
import { collection, ordered } from './schema.ts'
import { indexRoom, timeOf } from './search-index.ts'

/** Places of a term read at once. */
const TERMS_TOGETHER = 2_000
/** How often more of them are looked at for one page; a page ends there. */
const MOST_LOOKS = 5
/** Messages read at once. */
const READ_TOGETHER = 100

const CURSOR = /^(?:[0-9a-z]{11}\.){2}[0-9a-z]{11}$/
/** After every other one. */
const END = '~'

type Room = Readonly<{ room_id: number; join_seq: number; rev: number; f: number; last_seq: number }>

/** Searches what was committed when it was called: rooms that are behind are brought up to there first. */
export function createMongodbSearch(db: Db, rooms: ChatDb): MessageLog['search'] {
  return async ({ user_id, words, room_id, before, limit }) => {
    if (before !== null && !CURSOR.test(before)) return undefined
    const wanted = wantedBy(words)
    const mine = await roomsOf(rooms, user_id, room_id)
    if (wanted.length === 0 || mine.size === 0) return []
    await catchUp(db, mine)
    const found: StoredMessage[] = []
    let from: string | undefined = before ?? END
    for (let looks = 0; from !== undefined && looks < MOST_LOOKS && found.length < limit; looks++) {
      const { places, next } = await placesWith(db, [...mine.keys()], wanted, from)
      const visible = places.filter((place) => isVisible(place, mine.get(place.room_id)!))
      for (let i = 0; i < visible.length && found.length < limit; i += READ_TOGETHER)
        found.push(...(await hits(db, visible.slice(i, i + READ_TOGETHER), words)))
      from = next
    }
    const page = found.slice(0, limit)
    const ahead = aheadOf(page, (id) => mine.get(id))
    await untilCaughtUp(rooms, ahead)
    const still = await stillIn(rooms, user_id, new Map([...ahead.keys()].map((id) => [id, mine.get(id)!.f])))
    return page
      .filter((row) => !ahead.has(row.room_id) || still.has(row.room_id))
      .map((row) => ({ row: toRow(row), cursor: timeOf(row) }))
  }
}

const isVisible = ({ seq }: Place, { join_seq, last_seq }: Room): boolean => seq > join_seq && seq <= last_seq

async function roomsOf(db: ChatDb, userId: number, roomId: number | null): Promise<Map<number, Room>> {
  let mine = db
    .selectFrom('members as m')
    .innerJoin('rooms as r', 'r.id', 'm.room_id')
    .select(['m.room_id', 'm.join_seq', 'r.rev', 'r.f', 'r.last_seq'])
    .where('m.user_id', '=', userId)
  if (roomId !== null) mine = mine.where('m.room_id', '=', roomId)
  return new Map((await mine.execute()).map((room) => [room.room_id, room]))
}

/** Brings the rooms up to these heads. Other processes may do the same at the same time. */
async function catchUp(db: Db, mine: ReadonlyMap<number, Room>): Promise<void> {
  const indexed = await reading(() =>
    collection(db, 'search_rooms')
      .find({ _id: { $in: [...mine.keys()] } })
      .toArray(),
  )
  const revs = new Map(indexed.map(({ _id, rev }) => [_id, rev]))
  for (const { room_id, rev } of mine.values()) if ((revs.get(room_id) ?? 0) < rev) await indexRoom(db, room_id, rev)
}

type Found = Readonly<{ places: readonly Place[]; next: string | undefined }>

/**
 * Newest first: messages that have all the terms, as far back as each term was looked at.
 * @param before a place in time
 * @returns next: where there may be more
 */
async function placesWith(
  db: Db,
  roomIds: readonly number[],
  wanted: readonly Wanted[],
  before: string,
): Promise<Found> {
  const terms = collection(db, 'search_terms')
  const of = ({ from, below }: Wanted) => (below ? { first: from.toString() } : { term: from.toString() })
  const lists = await Promise.all(
    wanted.map((one) =>
      reading(() =>
        terms
          .find({ room_id: { $in: [...roomIds] }, ...of(one), at: { $lt: before } }, { projection: { _id: 0, at: 1 } })
          .sort({ at: -1 })
          .limit(TERMS_TOGETHER)
          .toArray(),
      ),
    ),
  )
  const ends = lists.filter((list) => list.length === TERMS_TOGETHER).map((list) => list.at(-1)!.at)
  // Of a term that goes on nothing is known before its last place.
  const next = ends.toSorted().at(-1)
  const [first, ...others] = lists.map((list) => new Set(list.map(({ at }) => at)))
  const common = [...first!].filter((at) => at >= (next ?? '') && others.every((list) => list.has(at)))
  return { places: common.map(toPlace), next }
}

function toPlace(at: string): Place {
  const [, room_id, seq] = at.split('.').map((part) => Number.parseInt(part, 36))
  return { room_id: room_id!, seq: seq! }
}

/** The terms are parts of the words; the text decides. */
async function hits(db: Db, places: readonly Place[], words: readonly string[]): Promise<StoredMessage[]> {
  const keyOf = ({ room_id, seq }: Place) => `${ordered(room_id)}.${ordered(seq)}`
  const rows = new Map((await messagesAt(collection(db, 'messages'), places)).map((row) => [keyOf(row), row]))
  return places.flatMap((place) => {
    const stored = rows.get(keyOf(place))
    if (!stored || stored.deleted_at !== null) return []
    const row = toRow(stored)
    const text = searchText(row.content, row.file)
    return words.every((word) => text.includes(word)) ? [stored] : []
  })
}
