import type { ProjectedPosition } from '@bigtech/partition-log'
import { sql } from '@bigtech/sql'
import type { MessageRow } from '../../domain/message.ts'
import type { Missed, MissedRoom } from '../../ports.ts'
import type { ChatTables, MissedSince } from '../partition/ports.ts'
import { MESSAGE, toMessageRow, toSettings } from './rows.ts'
import { inSnapshot } from './snapshot.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** Rooms looked at in one statement. */
const ROOMS_TOGETHER = 100

/** What the tables hold of the log, and what a person missed of it since some moment. */
export function createMysqlHistory(
  db: ChatDb,
  partitions: number,
): Pick<ChatTables, 'positions' | 'memberships' | 'missed'> {
  return {
    ...createMysqlPlaces(db, partitions),
    missed: (query) =>
      inSnapshot(db, async (trx) => ({
        missed: await missed(trx, query),
        positions: await positionsOf(trx, partitions),
      })),
  }
}

export function createMysqlPlaces(db: ChatDb, partitions: number): Pick<ChatTables, 'positions' | 'memberships'> {
  return {
    positions: () => positionsOf(db, partitions),

    async memberships(userId) {
      // One statement sees one moment: what its partition's position stands for of a room is in the room's row.
      const rows = await db
        .selectFrom('members as m')
        .innerJoin('rooms as r', 'r.id', 'm.room_id')
        .innerJoin('partition_positions as pos', 'pos.p', 'r.p')
        .select(['m.room_id', 'r.f', 'pos.n', 'm.join_f'])
        .where('m.user_id', '=', userId)
        .orderBy('m.room_id')
        .execute()
      return rows.map(({ room_id, f, n, join_f }) => ({ room: room_id, f, n, joined: join_f }))
    },
  }
}

export async function positionsOf(on: ChatDb | ChatTrx, partitions: number): Promise<ProjectedPosition[]> {
  const rows = await on.selectFrom('partition_positions as pos').selectAll().execute()
  const found = new Map(rows.map(({ p, n, at, whole_n }) => [p, { n, at, wholeFrom: whole_n }]))
  return Array.from({ length: partitions }, (_, p) => found.get(p) ?? { n: 0, at: 0 })
}

/** What is of a person's rooms beside messages. */
type Since = Readonly<{
  rooms: readonly Readonly<{
    room_id: number
    join_seq: number
    join_log_at: number
    muted: number
    mentions_only: number
    muted_until: number | null
    hidden: number
    settings_log_at: number
    rev: number
    f: number
    last_seq: number
  }>[]
  left: readonly number[]
  reads: ReadonlyMap<number, readonly Readonly<{ user_id: number; read_seq: number }>[]>
}>

/** What was said in a room since: rows as they stand, or null for too many; the revision that they begin after. */
type Said = Readonly<{ from_rev: number; rows: MessageRow[] | null }>

/** Rooms of a person with anything after that moment, and those they left since. */
export async function changedSince(trx: ChatTrx, { user_id, at }: MissedSince): Promise<Since> {
  const rooms = await trx
    .selectFrom('members as m')
    .innerJoin('rooms as r', 'r.id', 'm.room_id')
    .select(['m.room_id', 'm.join_seq', 'm.join_log_at', 'm.hidden', 'm.settings_log_at'])
    .select(['m.muted', 'm.mentions_only', 'm.muted_until'])
    .select(['r.rev', 'r.f', 'r.last_seq'])
    .where('m.user_id', '=', user_id)
    .where('r.log_at', '>', at)
    .orderBy('m.room_id')
    .execute()
  const left = await trx
    .selectFrom('former_members')
    .select('room_id')
    .where('user_id', '=', user_id)
    .where('left_log_at', '>', at)
    .orderBy('room_id')
    .execute()
  const ids = rooms.map(({ room_id }) => room_id)
  return { rooms, left: left.map(({ room_id }) => room_id), reads: await readsOf(trx, ids, at) }
}

export const toMissed = (
  { rooms, left, reads }: Since,
  at: number,
  said: (roomId: number) => Said,
): Omit<Missed, 'token'> => ({
  rooms: rooms.map((room): MissedRoom => ({
    room_id: room.room_id,
    join_seq: room.join_seq,
    joined: room.join_log_at > at,
    to_rev: room.rev,
    ...said(room.room_id),
    reads: (reads.get(room.room_id) ?? []).map(({ user_id, read_seq }) => ({ user_id, read_seq })),
    settings: room.settings_log_at > at ? { ...toSettings(room), hidden: room.hidden === 1 } : null,
  })),
  left,
})

async function missed(trx: ChatTrx, query: MissedSince): Promise<Omit<Missed, 'token'>> {
  const { at, limit, total } = query
  const since = await changedSince(trx, query)
  const roomIds = since.rooms.map(({ room_id }) => room_id)
  const counts = await countsOf(trx, roomIds, at, limit)
  const complete = affordable(roomIds, counts, limit, total)
  const rows = await rowsOf(
    trx,
    [...complete].filter((roomId) => counts.has(roomId)),
    at,
  )
  const revs = await revsAt(trx, roomIds, at)
  return toMissed(since, at, (roomId) => ({
    from_rev: revs.get(roomId) ?? 0,
    rows: complete.has(roomId) ? (rows.get(roomId) ?? []) : null,
  }))
}

/** The rooms whose rows are told: none with more than `limit`, and not more than `total` together. */
function affordable(
  roomIds: readonly number[],
  counts: ReadonlyMap<number, number>,
  limit: number,
  total: number,
): Set<number> {
  const complete = new Set<number>()
  let left = total
  for (const roomId of roomIds) {
    const count = counts.get(roomId) ?? 0
    if (count > Math.min(limit, left)) continue
    left -= count
    complete.add(roomId)
  }
  return complete
}

async function inPortions<T>(
  roomIds: readonly number[],
  read: (some: readonly number[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const found: T[] = []
  for (let i = 0; i < roomIds.length; i += ROOMS_TOGETHER)
    found.push(...(await read(roomIds.slice(i, i + ROOMS_TOGETHER))))
  return found
}

const union = (parts: readonly ReturnType<typeof sql>[]) => sql.join(parts, sql` UNION ALL `)

/** How many messages changed since; no more are counted than one beyond the limit. Those with none are absent. */
async function countsOf(
  trx: ChatTrx,
  roomIds: readonly number[],
  at: number,
  limit: number,
): Promise<Map<number, number>> {
  const rows = await inPortions(roomIds, async (some) => {
    const one = (roomId: number) =>
      sql`(SELECT room_id FROM messages WHERE room_id = ${roomId} AND log_at > ${at} ORDER BY log_at LIMIT ${limit + 1})`
    const query = sql<{ room_id: number; n: number }>`
      SELECT room_id, COUNT(*) AS n FROM (${union(some.map(one))}) AS changed GROUP BY room_id`
    return (await query.execute(trx)).rows
  })
  return new Map(rows.map(({ room_id, n }) => [room_id, n]))
}

async function rowsOf(trx: ChatTrx, roomIds: readonly number[], at: number): Promise<Map<number, MessageRow[]>> {
  const rows = await inPortions(roomIds, (some) =>
    trx
      .selectFrom('messages')
      .select(MESSAGE)
      .where('room_id', 'in', some)
      .where('log_at', '>', at)
      .orderBy('room_id')
      .orderBy('rev')
      .execute(),
  )
  return Map.groupBy(rows.map(toMessageRow), ({ room_id }) => room_id)
}

/** The newest revision among a room's rows as they stand that came at or before that moment; it and what is later grow together. */
async function revsAt(trx: ChatTrx, roomIds: readonly number[], at: number): Promise<Map<number, number>> {
  const rows = await inPortions(roomIds, async (some) => {
    const one = (roomId: number) =>
      sql`(SELECT room_id, rev FROM messages WHERE room_id = ${roomId} AND log_at <= ${at} ORDER BY log_at DESC, rev DESC LIMIT 1)`
    return (await sql<{ room_id: number; rev: number }>`${union(some.map(one))}`.execute(trx)).rows
  })
  return new Map(rows.map(({ room_id, rev }) => [room_id, rev]))
}

async function readsOf(
  trx: ChatTrx,
  roomIds: readonly number[],
  at: number,
): Promise<Map<number, { room_id: number; user_id: number; read_seq: number }[]>> {
  const rows = await inPortions(roomIds, (some) =>
    trx
      .selectFrom('members')
      .select(['room_id', 'user_id', 'read_seq'])
      .where('room_id', 'in', some)
      .where('read_log_at', '>', at)
      .orderBy('room_id')
      .orderBy('user_id')
      .execute(),
  )
  return Map.groupBy(rows, ({ room_id }) => room_id)
}
