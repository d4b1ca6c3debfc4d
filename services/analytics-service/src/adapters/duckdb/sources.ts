import type { DuckDBConnection } from '@duckdb/node-api'
import { SLOT_MS, type Period } from '@bigtech/kernel/periods'
import { DAY_MS, HALF_MS, ROLLUPS, SLOTS_PER_HALF, type Rollup } from './schema.ts'

/** What a question reads from: within one read transaction. */
export type Sources = Readonly<{
  /** The rows of a rollup for all days that the period touches: sealed ones as they lie there, of the others made from the facts. */
  of(rollup: Rollup, period: Period): string
}>

export async function openSources(connection: DuckDBConnection): Promise<Sources> {
  const reader = await connection.runAndReadAll('SELECT day FROM days WHERE NOT sealed ORDER BY day')
  const open = reader.getRows().map(([day]) => Number(day))
  return {
    of(rollup, { start, end }) {
      const [first, last] = [Math.floor(start / DAY_MS), Math.ceil(end / DAY_MS)]
      const unsealed = open.filter((day) => day >= first && day < last)
      const but = unsealed.length > 0 ? ` AND day NOT IN (${unsealed.join(', ')})` : ''
      const parts = [
        `SELECT * FROM ${rollup} WHERE day >= ${first} AND day < ${last}${but}`,
        ...runsOf(unsealed).map(([from, to]) => ROLLUPS[rollup](from * DAY_MS, to * DAY_MS)),
      ]
      return `(${parts.join('\nUNION ALL ')})`
    },
  }
}

/** Days that follow each other, as one: the one after its last included in none. */
function runsOf(days: readonly number[]): [from: number, to: number][] {
  const runs: [number, number][] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last?.[1] === day) last[1] = day + 1
    else runs.push([day, day + 1])
  }
  return runs
}

/** Which slots of which half days belong to which period: a table `(period, half, mask)`. */
export function spansOf(periods: readonly Period[]): string {
  const rows: string[] = []
  for (const [index, { start, end }] of periods.entries()) {
    const last = end / SLOT_MS
    for (let slot = start / SLOT_MS; slot < last;) {
      const half = Math.floor((slot * SLOT_MS) / HALF_MS)
      const until = Math.min(last, (half + 1) * SLOTS_PER_HALF)
      rows.push(`(${index}, ${half}, ${bits(slot - half * SLOTS_PER_HALF, until - half * SLOTS_PER_HALF)})`)
      slot = until
    }
  }
  return `(SELECT col0 AS period, col1::INTEGER AS half, col2::BIGINT AS mask FROM (VALUES ${rows.join(', ')}))`
}

const bits = (from: number, to: number): bigint => (1n << BigInt(to)) - (1n << BigInt(from))

/** Periods without gaps as a table `(period, slot)` of their beginnings, for an ASOF join. */
export const beginningsOf = (periods: readonly Period[]): string =>
  `(SELECT col0 AS period, col1::INTEGER AS slot FROM (VALUES ${periods
    .map(({ start }, index) => `(${index}, ${start / SLOT_MS})`)
    .join(', ')}))`

/** Within the period, of a table with slots. */
export const inPeriod = ({ start, end }: Period): string => `slot >= ${start / SLOT_MS} AND slot < ${end / SLOT_MS}`

export type Row = Record<string, number>

/** All that is asked for is numbers; those of DuckDB are wider than ours and never as large. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql)
  const names = reader.columnNames()
  return reader
    .getRows()
    .map((row) => Object.fromEntries(row.map((value, column) => [names[column]!, Number(value ?? 0)])))
}
