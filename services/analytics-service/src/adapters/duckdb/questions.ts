import type { DuckDBConnection } from '@duckdb/node-api'
import { codeOf, KINDS, type Kind } from '../../domain/facts.ts'
import { LATENCY_BOUNDS } from '../../domain/latency.ts'
import { offsetRuns, SLOT_MS, type Period } from '@bigtech/kernel/periods'
import type { Figures, Funnel, KindCount, LatencyCounts, MessageCount, RoomCount, Scope, TopRoom } from '../../ports.ts'
import { HALF_MS } from './schema.ts'
import { peopleBoth } from './people.ts'
import { beginningsOf, inPeriod, openSources, rowsOf, spansOf, type Row } from './sources.ts'

type Ask<T> = (connection: DuckDBConnection, scope: Scope) => Promise<T>

const SENT = codeOf('sent')
const wholeOf = ({ before, range }: Scope): Period => ({ start: before.start, end: range.end })

export const figures: Ask<{ range: Figures; before: Figures }> = async (connection, scope) => {
  const [counted, people, rooms] = [
    await countedBoth(connection, scope),
    await peopleBoth(connection, scope),
    await roomsBoth(connection, scope),
  ]
  const of = (which: 'range' | 'before'): Figures => {
    const n = (kind: Kind) => counted.get(`${which} ${codeOf(kind)}`) ?? 0
    const days = scope.days.filter(({ start }) => start >= scope[which].start && start < scope[which].end).length
    return {
      messages: n('sent'),
      active_people: people[`${which}_active`]!,
      daily_active: people[`${which}_days`]! / days,
      weekly_active: people[`${which}_week`]!,
      monthly_active: people[`${which}_month`]!,
      new_accounts: n('registered'),
      closed_accounts: n('closed'),
      sign_ins: n('signed_in'),
      active_rooms: rooms[`${which}_rooms`]!,
      new_rooms: n('direct_made') + n('group_made'),
    }
  }
  return { range: of('range'), before: of('before') }
}

async function countedBoth(connection: DuckDBConnection, scope: Scope): Promise<ReadonlyMap<string, number>> {
  const sources = await openSources(connection)
  const rows = await rowsOf(
    connection,
    `SELECT kind, sum(n) FILTER (${inPeriod(scope.range)}) AS range, sum(n) FILTER (${inPeriod(scope.before)}) AS before
     FROM ${sources.of('counts', wholeOf(scope))} GROUP BY kind`,
  )
  return new Map(
    rows.flatMap(({ kind, range, before }) => [
      [`range ${kind}`, range!],
      [`before ${kind}`, before!],
    ]),
  )
}

async function roomsBoth(connection: DuckDBConnection, scope: Scope): Promise<Row> {
  const sources = await openSources(connection)
  const [row] = await rowsOf(
    connection,
    `SELECT count(DISTINCT room_id) FILTER (period = 1) AS range_rooms, count(DISTINCT room_id) FILTER (period = 0) AS before_rooms
     FROM ${sources.of('room_halves', wholeOf(scope))} room JOIN ${spansOf([scope.before, scope.range])} span
       ON span.half = room.half AND (room.mask & span.mask) <> 0`,
  )
  return row!
}

export async function kindCounts(
  connection: DuckDBConnection,
  scope: Scope,
  kinds: readonly Kind[],
): Promise<KindCount[]> {
  const sources = await openSources(connection)
  const rows = await rowsOf(
    connection,
    `SELECT period, kind, sum(n) AS count
     FROM (FROM ${sources.of('counts', scope.range)} WHERE ${inPeriod(scope.range)} AND kind IN (${kinds.map(codeOf).join(', ')})) counted
     ASOF JOIN ${beginningsOf(scope.periods)} beginning ON counted.slot >= beginning.slot
     GROUP BY ALL ORDER BY ALL`,
  )
  return rows.map(({ period, kind, count }) => ({ period: period!, kind: KINDS[kind!]!, count: count! }))
}

export const messageCounts: Ask<MessageCount[]> = async (connection, scope) => {
  const sources = await openSources(connection)
  const rows = await rowsOf(
    connection,
    `SELECT period, type, language, sum(n) AS messages, sum(length) AS characters, sum(files) AS with_file, sum(mentions) AS with_mention
     FROM (FROM ${sources.of('counts', scope.range)} WHERE ${inPeriod(scope.range)} AND kind = ${SENT}) counted
     ASOF JOIN ${beginningsOf(scope.periods)} beginning ON counted.slot >= beginning.slot
     GROUP BY ALL ORDER BY ALL`,
  )
  return rows as unknown as MessageCount[]
}

export const hoursOfDay: Ask<number[]> = async (connection, { range, days, tz }) => {
  const sources = await openSources(connection)
  const runs = offsetRuns(
    days.filter(({ start }) => start >= range.start),
    tz,
  ).map(({ start, offset }) => `(${start / SLOT_MS}, ${offset / SLOT_MS})`)
  const rows = await rowsOf(
    connection,
    `SELECT (counted.slot + run.ahead) // ${3_600_000 / SLOT_MS} % 24 AS hour, sum(n) AS n
     FROM (FROM ${sources.of('counts', range)} WHERE ${inPeriod(range)} AND kind = ${SENT}) counted
     ASOF JOIN (SELECT col0::INTEGER AS slot, col1::INTEGER AS ahead FROM (VALUES ${runs.join(', ')})) run ON counted.slot >= run.slot
     GROUP BY ALL`,
  )
  return Array.from({ length: 24 }, (_, hour) => rows.find((row) => row['hour'] === hour)?.['n'] ?? 0)
}

export const funnel: Ask<Funnel> = async (connection, { range }) => {
  const sources = await openSources(connection)
  const accounts = sources.of('account_halves', range)
  const span = spansOf([range])
  const who = (kinds: readonly Kind[]) =>
    `SELECT DISTINCT user_id FROM ${accounts} account JOIN ${span} span ON span.half = account.half AND (account.mask & span.mask) <> 0
     WHERE kind IN (${kinds.map(codeOf).join(', ')})`
  const [row] = await rowsOf(
    connection,
    `WITH person AS MATERIALIZED (${who(['registered'])}), signed AS (${who(['signed_in'])}), friends AS (${who(['befriended', 'was_befriended'])}),
       writers AS (SELECT DISTINCT user_id FROM ${sources.of('people_halves', range)} person JOIN ${span} span
         ON span.half = person.half AND (person.wrote & span.mask) <> 0)
     SELECT (SELECT count(*) FROM person) AS registered, (SELECT count(*) FROM person SEMI JOIN signed USING (user_id)) AS signed_in,
       (SELECT count(*) FROM person SEMI JOIN friends USING (user_id)) AS befriended,
       (SELECT count(*) FROM person SEMI JOIN writers USING (user_id)) AS wrote`,
  )
  return row as unknown as Funnel
}

export const roomCounts: Ask<RoomCount[]> = async (connection, scope) => {
  const sources = await openSources(connection)
  const rows = await rowsOf(
    connection,
    `WITH each AS (
       SELECT DISTINCT span.period, room.room_id
       FROM ${sources.of('room_halves', scope.range)} room JOIN ${spansOf(scope.periods)} span
         ON span.half = room.half AND (room.mask & span.mask) <> 0)
     SELECT period, count(*) AS active FROM each GROUP BY ALL ORDER BY ALL`,
  )
  return rows as unknown as RoomCount[]
}

/** Whole half days as they are counted; what the range cuts off at its ends from the facts. */
export async function topRooms(connection: DuckDBConnection, { range }: Scope, limit: number): Promise<TopRoom[]> {
  const sources = await openSources(connection)
  const [first, last] = [Math.ceil(range.start / HALF_MS), Math.floor(range.end / HALF_MS)]
  const edge = (start: number, end: number) =>
    `SELECT room_id, count(*) AS n FROM facts WHERE moment >= ${start} AND moment < ${end} AND kind = ${SENT} GROUP BY room_id`
  const parts =
    first <= last
      ? [
          `SELECT room_id, n FROM ${sources.of('room_halves', range)} WHERE half >= ${first} AND half < ${last}`,
          edge(range.start, first * HALF_MS),
          edge(last * HALF_MS, range.end),
        ]
      : [edge(range.start, range.end)]
  const rows = await rowsOf(
    connection,
    `SELECT room_id, sum(n) AS messages FROM (${parts.join(' UNION ALL ')}) GROUP BY room_id ORDER BY messages DESC, room_id LIMIT ${limit}`,
  )
  return rows as unknown as TopRoom[]
}

export const latencies: Ask<LatencyCounts> = async (connection, { range }) => {
  const sources = await openSources(connection)
  const rows = await rowsOf(
    connection,
    `SELECT what, class, sum(n) AS n FROM ${sources.of('latencies', range)} WHERE ${inPeriod(range)} GROUP BY ALL`,
  )
  const counts = (wanted: number) =>
    LATENCY_BOUNDS.map((_, index) => rows.find((row) => row['what'] === wanted && row['class'] === index)?.['n'] ?? 0)
  return { response: counts(0), delivery: counts(1) }
}
