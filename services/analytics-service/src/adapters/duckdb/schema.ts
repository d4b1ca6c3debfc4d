import { ACTIVE_KINDS, codeOf } from '../../domain/facts.ts'
import { LATENCY_BOUNDS, LONGEST_MS } from '../../domain/latency.ts'
import { SLOT_MS } from '@bigtech/kernel/periods'

/**
 * How facts lie on disk. `facts` is what happened, in the order in which it was told, and the truth; the other tables are made of it a day at a time
 * (UTC) and hold what questions need:
 *
 *   counts          what happened how often, by slot, kind, type and language
 *   people_halves   who was active, and who wrote, in which slots of a half day: a bit each, 48 of 15 minutes
 *   account_halves  who registered, signed in, found friends, in the same way
 *   room_halves     where something was written, and how much in the half day
 *   latencies       how long people waited for each other, in classes
 *
 * They count for the days that `days` has as sealed; of the others questions read the facts themselves, by the same statements.
 */
export const VERSION = 1

export const DAY_MS = 86_400_000
export const HALF_MS = 43_200_000
export const SLOTS_PER_HALF = HALF_MS / SLOT_MS

const FACT_COLUMNS = `moment BIGINT NOT NULL, event BIGINT NOT NULL, kind UTINYINT NOT NULL, user_id BIGINT NOT NULL, room_id BIGINT NOT NULL,
  seq BIGINT NOT NULL, type UTINYINT NOT NULL, language UTINYINT NOT NULL, length INTEGER NOT NULL, file UTINYINT NOT NULL, mentions INTEGER NOT NULL`

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS facts (${FACT_COLUMNS});
CREATE TABLE IF NOT EXISTS days (day INTEGER PRIMARY KEY, sealed BOOLEAN NOT NULL);
CREATE TABLE IF NOT EXISTS positions (topic VARCHAR, partition INTEGER, next_offset BIGINT NOT NULL, PRIMARY KEY (topic, partition));
CREATE TABLE IF NOT EXISTS forgotten (user_id BIGINT PRIMARY KEY, stands_as BIGINT NOT NULL UNIQUE, forgotten_at BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (name VARCHAR PRIMARY KEY);
CREATE TABLE IF NOT EXISTS about (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS counts (day INTEGER, slot INTEGER, kind UTINYINT, type UTINYINT, language UTINYINT,
  n BIGINT, length BIGINT, files BIGINT, mentions BIGINT);
CREATE TABLE IF NOT EXISTS people_halves (day INTEGER, half INTEGER, user_id BIGINT, mask BIGINT, wrote BIGINT);
CREATE TABLE IF NOT EXISTS account_halves (day INTEGER, half INTEGER, user_id BIGINT, kind UTINYINT, mask BIGINT);
CREATE TABLE IF NOT EXISTS room_halves (day INTEGER, half INTEGER, room_id BIGINT, mask BIGINT, n INTEGER);
CREATE TABLE IF NOT EXISTS latencies (day INTEGER, slot INTEGER, what UTINYINT, class UTINYINT, n BIGINT);
`

/** What a batch is made in. New each time: DuckDB gives the room of a temporary table back when it is dropped, not when it is emptied. */
export const stage = (name: 'incoming' | 'fresh'): string => `CREATE OR REPLACE TEMP TABLE ${name} (${FACT_COLUMNS})`

export const FACTS = 'moment, event, kind, user_id, room_id, seq, type, language, length, file, mentions'

const SENT = codeOf('sent')
const READ = codeOf('read')
export const ACCOUNT_KINDS = (['registered', 'closed', 'signed_in', 'befriended', 'was_befriended'] as const).map(
  codeOf,
)
const listOf = (numbers: readonly number[]): string => numbers.join(', ')

const DAY = `(moment // ${DAY_MS})::INTEGER`
const SLOT = `(moment // ${SLOT_MS})::INTEGER`
const HALF = `(moment // ${HALF_MS})::INTEGER`
const BIT = `bit_or(1::BIGINT << ((moment // ${SLOT_MS}) % ${SLOTS_PER_HALF})::INTEGER)`

const classOf = (ms: string): string =>
  `(CASE ${LATENCY_BOUNDS.map((bound, index) => `WHEN ${ms} < ${bound} THEN ${index}`).join(' ')} END)`

/**
 * Of a message the one right before it in the room, if somebody else wrote that, and within a day: the time it took to be answered.
 * Of reading the message up to which, if somebody else wrote that: the time until it was on a screen.
 */
const waits = (from: number, to: number): string => `
  SELECT (later.moment // ${DAY_MS})::INTEGER AS day, (later.moment // ${SLOT_MS})::INTEGER AS slot, (CASE later.kind WHEN ${SENT} THEN 0 ELSE 1 END)::UTINYINT AS what,
    ${classOf('later.moment - earlier.moment')}::UTINYINT AS class, count(*) AS n
  FROM (SELECT moment, kind, user_id, room_id, CASE kind WHEN ${SENT} THEN seq - 1 ELSE seq END AS of_seq
        FROM facts WHERE moment >= ${from} AND moment < ${to} AND kind IN (${SENT}, ${READ})) later
  JOIN (SELECT moment, user_id, room_id, seq FROM facts WHERE moment >= ${from - LONGEST_MS} AND moment < ${to} AND kind = ${SENT}) earlier
    ON earlier.room_id = later.room_id AND earlier.seq = later.of_seq
  WHERE earlier.user_id <> later.user_id AND later.moment >= earlier.moment AND later.moment - earlier.moment < ${LONGEST_MS}
  GROUP BY ALL`

/** What each table is made of, from facts of whole days: `from` up to `to`, ms. */
export const ROLLUPS = {
  counts: (from, to) => `
    SELECT ${DAY} AS day, ${SLOT} AS slot, kind, type, language, count(*) AS n, sum(length)::BIGINT AS length, sum(file)::BIGINT AS files,
      count(*) FILTER (mentions > 0) AS mentions
    FROM facts WHERE moment >= ${from} AND moment < ${to} GROUP BY ALL`,
  people_halves: (from, to) => `
    SELECT ${DAY} AS day, ${HALF} AS half, user_id, ${BIT} AS mask, 
      coalesce(${BIT} FILTER (kind = ${SENT}), 0) AS wrote
    FROM facts WHERE moment >= ${from} AND moment < ${to} AND kind IN (${listOf(ACTIVE_KINDS.map(codeOf))}) GROUP BY ALL`,
  account_halves: (from, to) => `
    SELECT ${DAY} AS day, ${HALF} AS half, user_id, kind, ${BIT} AS mask
    FROM facts WHERE moment >= ${from} AND moment < ${to} AND kind IN (${listOf(ACCOUNT_KINDS)}) GROUP BY ALL`,
  room_halves: (from, to) => `
    SELECT ${DAY} AS day, ${HALF} AS half, room_id, ${BIT} AS mask, count(*)::INTEGER AS n
    FROM facts WHERE moment >= ${from} AND moment < ${to} AND kind = ${SENT} GROUP BY ALL`,
  latencies: waits,
} as const satisfies Record<string, (from: number, to: number) => string>

export type Rollup = keyof typeof ROLLUPS
export const ROLLUP_NAMES = Object.keys(ROLLUPS) as Rollup[]

/** Tables that have ids of people. */
export const PERSONAL = ['facts', 'people_halves', 'account_halves'] as const
