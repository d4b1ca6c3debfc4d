import type { Db } from 'mongodb'
import type { MessageRow } from '../../domain/message.ts'
import { changedSince, createMysqlPlaces, positionsOf, toMissed } from '../mysql/history.ts'
import { inSnapshot } from '../mysql/snapshot.ts'
import type { ChatDb } from '../mysql/tables.ts'
import type { ChatTables, MissedSince } from '../partition/ports.ts'
import { aheadOf, stillIn, untilCaughtUp } from './caught-up.ts'
import { reading } from './errors.ts'
import { inOrder } from './message-reads.ts'
import { portions } from './room-messages.ts'
import { toRow } from './rows.ts'
import { collection } from './schema.ts'

/** Rooms asked about at once. */
const ROOMS_TOGETHER = 10

type Room = Readonly<{ room_id: number; last_seq: number }>
type Said = Readonly<{ from_rev: number; rows: MessageRow[] | null }>

/** What a person missed: their rooms of one moment, and what was said in them as it stands. */
export function createMongodbHistory(
  db: Db,
  rooms: ChatDb,
  partitions: number,
): Pick<ChatTables, 'positions' | 'memberships' | 'missed'> {
  return {
    ...createMysqlPlaces(rooms, partitions),

    async missed(query) {
      const { since, positions } = await inSnapshot(rooms, async (trx) => ({
        since: await changedSince(trx, query),
        positions: await positionsOf(trx, partitions),
      }))
      const said = await saidSince(db, since.rooms, query)
      const byId = new Map(since.rooms.map((room) => [room.room_id, room]))
      const ahead = aheadOf(
        [...said.values()].flatMap(({ rows }) => rows ?? []),
        (id) => byId.get(id),
      )
      await untilCaughtUp(rooms, ahead)
      const still = await stillIn(rooms, query.user_id, new Map([...ahead.keys()].map((id) => [id, byId.get(id)!.f])))
      // Who went out meanwhile is told so later than by this answer's token, and nothing of the room any more.
      const told = since.rooms.filter(({ room_id }) => !ahead.has(room_id) || still.has(room_id))
      return { missed: toMissed({ ...since, rooms: told }, query.at, (id) => said.get(id)!), positions }
    },
  }
}

/** The rooms whose rows are told: none with more than `limit`, and not more than `total` together. */
async function saidSince(
  db: Db,
  rooms: readonly Room[],
  { at, limit, total }: MissedSince,
): Promise<ReadonlyMap<number, Said>> {
  const said = new Map<number, Said>()
  let left = total
  for (const some of portions(rooms, ROOMS_TOGETHER)) {
    const most = Math.min(limit, left)
    const found = await Promise.all(some.map((room) => saidIn(db, room, at, most + 1)))
    for (const [i, { from_rev, rows, isAll }] of found.entries()) {
      const fits = isAll && rows.length <= Math.min(limit, left)
      if (fits) left -= rows.length
      said.set(some[i]!.room_id, { from_rev, rows: fits ? rows : null })
    }
  }
  return said
}

/**
 * Up to the head that is known; a row that was changed since stands for its states before. The revision that they begin after is read first: a row that
 * it is of and that is changed meanwhile is then among those that are told.
 */
async function saidIn(db: Db, { room_id, last_seq }: Room, at: number, most: number) {
  const messages = collection(db, 'messages')
  const before = await reading(() =>
    messages
      .find({ room_id, log_at: { $lte: at } })
      .sort({ log_at: -1, rev: -1 })
      .limit(1)
      .toArray(),
  )
  const rows = await reading(() =>
    messages
      .find({ room_id, log_at: { $gt: at } })
      .sort({ log_at: 1, rev: 1 })
      .limit(most)
      .toArray(),
  )
  const known = inOrder(rows).filter(({ seq }) => seq <= last_seq)
  return { from_rev: before[0]?.rev ?? 0, rows: known.map(toRow), isAll: rows.length < most }
}
