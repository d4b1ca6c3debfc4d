import type { DuckDBConnection } from '@duckdb/node-api'
import { codeOf } from '../../domain/facts.ts'
import type { Period } from '@bigtech/kernel/periods'
import type { CohortCount, PeopleCount, Scope } from '../../ports.ts'
import { openSources, rowsOf, spansOf, type Row, type Sources } from './sources.ts'

/**
 * Who was active when. Different people of a day, a week and a month cannot be added up, so every question goes through all of them: once, with the
 * periods of a person as the bits of a few numbers. Sorting pairs of person and period instead took four times as long.
 */

/** Bits of a word that are used: all of them positive. */
const BITS = 62
const wordsFor = (count: number): number[] => Array.from({ length: Math.ceil(count / BITS) }, (_, word) => word)

/** A row each person, of those who were active in a period: `a0`, `a1`, … its periods, `w0`, … those in which something was written. */
function activeIn(sources: Sources, periods: readonly Period[], { writes }: { writes: boolean }): string {
  const whole = { start: periods[0]!.start, end: periods.at(-1)!.end }
  const word = (k: number, more: string) =>
    `coalesce(bit_or(1::BIGINT << (span.period % ${BITS})::INTEGER) FILTER (span.period // ${BITS} = ${k}${more}), 0)`
  const columns = wordsFor(periods.length).flatMap((k) => [
    `${word(k, '')} AS a${k}`,
    ...(writes ? [`${word(k, ' AND (person.wrote & span.mask) <> 0')} AS w${k}`] : []),
  ])
  return `(SELECT person.user_id, ${columns.join(', ')}
    FROM ${sources.of('people_halves', whole)} person JOIN ${spansOf(periods)} span
      ON span.half = person.half AND (person.mask & span.mask) <> 0
    GROUP BY person.user_id)`
}

const isIn = (letter: 'a' | 'w', period: number): string =>
  `((${letter}${Math.floor(period / BITS)} >> ${period % BITS}) & 1)`

/** How many of the periods from one up to another are in the words. */
const countIn = (from: number, to: number): string =>
  wordsFor(to)
    .map((k) => {
      const [first, last] = [Math.max(0, from - k * BITS), Math.min(BITS, to - k * BITS)]
      return first < last ? `bit_count(a${k} & ${(1n << BigInt(last)) - (1n << BigInt(first))})::INTEGER` : '0'
    })
    .join(' + ')

/** Of each person the days of the range and of the time before; who was there at all, and in the weeks and months up to both ends. */
export async function peopleBoth(connection: DuckDBConnection, { days, range, before }: Scope): Promise<Row> {
  const sources = await openSources(connection)
  const dayAt = (at: number) => days.findIndex(({ start }) => start >= at)
  const [first, split, end] = [dayAt(before.start), dayAt(range.start), days.length]
  const upTo = (last: number, count: number) => `count(*) FILTER (${countIn(Math.max(0, last - count), last)} > 0)`
  const [row] = await rowsOf(
    connection,
    `SELECT sum(${countIn(split, end)}) AS range_days, sum(${countIn(first, split)}) AS before_days,
       ${upTo(end, end - split)} AS range_active, ${upTo(split, split - first)} AS before_active,
       ${upTo(end, 7)} AS range_week, ${upTo(end, 30)} AS range_month,
       ${upTo(split, 7)} AS before_week, ${upTo(split, 30)} AS before_month
     FROM ${activeIn(sources, days, { writes: false })}`,
  )
  return row!
}

export async function peopleCounts(connection: DuckDBConnection, { periods }: Scope): Promise<PeopleCount[]> {
  const sources = await openSources(connection)
  const sums = periods.flatMap((_, period) => [
    `sum(${isIn('a', period)}) AS active${period}`,
    `sum(${isIn('w', period)}) AS writers${period}`,
  ])
  const [row] = await rowsOf(
    connection,
    `SELECT ${sums.join(', ')} FROM ${activeIn(sources, periods, { writes: true })}`,
  )
  return periods
    .map((_, period) => ({ period, active: row![`active${period}`]!, writers: row![`writers${period}`]! }))
    .filter(({ active }) => active > 0)
}

export async function cohorts(connection: DuckDBConnection, { range, periods }: Scope): Promise<CohortCount[]> {
  const sources = await openSources(connection)
  const sums = periods.map((_, period) => `sum(${isIn('a', period)}) AS active${period}`)
  const rows = await rowsOf(
    connection,
    `WITH registered AS (
       SELECT user_id, min(period) AS cohort FROM ${sources.of('account_halves', range)} account JOIN ${spansOf(periods)} span
         ON span.half = account.half AND (account.mask & span.mask) <> 0
       WHERE kind = ${codeOf('registered')} GROUP BY user_id)
     SELECT cohort, ${sums.join(', ')} FROM ${activeIn(sources, periods, { writes: false })} JOIN registered USING (user_id) GROUP BY cohort`,
  )
  return rows.flatMap((row) =>
    periods
      .map((_, period) => ({ cohort: row['cohort']!, period, active: row[`active${period}`]! }))
      .filter(({ cohort, period, active }) => period >= cohort && active > 0),
  )
}
