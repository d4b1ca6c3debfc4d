import { CompiledQuery } from '@bigtech/sql'
import type { ChatDb, ChatTrx } from './tables.ts'

/**
 * Statements of many rows that run with every document. They are put together as text with a place for each value: a builder of queries makes
 * an object of each value first, which takes ten times as long.
 */

/** Characters and rows of a statement, about: it must fit into a packet of the server, escaped. */
const CHARACTERS_TOGETHER = 500_000
const ROWS_TOGETHER = 1_000

const KEYS = {
  rooms: ['id'],
  members: ['room_id', 'user_id'],
  former_members: ['user_id', 'room_id'],
  invitations: ['user_id', 'room_id'],
  messages: ['room_id', 'seq'],
  pins: ['room_id', 'seq'],
  uncounted: ['room_id', 'seq'],
  attachments: ['file_id', 'room_id', 'seq'],
  search_stale: ['room_id', 'seq', 'rev'],
  search_rooms: ['room_id'],
  partition_positions: ['p'],
} satisfies Readonly<Record<string, readonly string[]>>

export type Table = keyof typeof KEYS
type Values = Readonly<Record<string, unknown>>

export async function run<Row = never>(on: ChatDb | ChatTrx, text: string, values: readonly unknown[]): Promise<Row[]> {
  return (await on.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows
}

const quoted = (name: string): string => `\`${name}\``
const list = (columns: readonly string[]): string => columns.map(quoted).join(', ')

/** Rows with one of some keys: a range of the index each. */
function anyOf(places: readonly Values[], columns: readonly string[]): { text: string; values: unknown[] } {
  const one = `(${columns.map((column) => `${quoted(column)} = ?`).join(' AND ')})`
  return {
    text: Array.from(places, () => one).join(' OR '),
    values: places.flatMap((place) => columns.map((column) => place[column])),
  }
}

/** @param places rows with the columns of the table's key @param columns default: all */
export async function readRows<Row>(
  trx: ChatTrx,
  table: Table,
  places: readonly Values[],
  columns?: readonly (keyof Row & string)[],
): Promise<Row[]> {
  if (places.length === 0) return []
  const { text, values } = anyOf(places, KEYS[table])
  return run<Row>(trx, `SELECT ${columns ? list(columns) : '*'} FROM ${quoted(table)} WHERE ${text}`, values)
}

/** Rows as they are now, whether they were there or not. All have the same columns. */
export async function putRows(trx: ChatTrx, table: Table, rows: readonly Values[]): Promise<void> {
  for (const some of portionsOf(rows)) {
    const columns = Object.keys(some[0]!)
    const keys: readonly string[] = KEYS[table]
    const kept = columns.filter((column) => !keys.includes(column))
    // Where there is nothing but the key, the row stays as it is.
    const changed = (kept.length > 0 ? kept : columns.slice(0, 1)).map(
      (column) => `${quoted(column)} = VALUES(${quoted(column)})`,
    )
    const one = `(${columns.map(() => '?').join(', ')})`
    const text = `INSERT INTO ${quoted(table)} (${list(columns)}) VALUES ${Array.from(some, () => one).join(', ')}
      ON DUPLICATE KEY UPDATE ${changed.join(', ')}`
    await run(
      trx,
      text,
      some.flatMap((row) => columns.map((column) => row[column])),
    )
  }
}

/** @param places rows with the columns of the table's key */
export async function removeRows(trx: ChatTrx, table: Table, places: readonly Values[]): Promise<void> {
  for (let i = 0; i < places.length; i += ROWS_TOGETHER) {
    const { text, values } = anyOf(places.slice(i, i + ROWS_TOGETHER), KEYS[table])
    await run(trx, `DELETE FROM ${quoted(table)} WHERE ${text}`, values)
  }
}

function* portionsOf<Row extends Values>(rows: readonly Row[]): Iterable<Row[]> {
  let portion: Row[] = []
  let characters = 0
  for (const row of rows) {
    const size = Object.values(row).reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      0,
    )
    if (portion.length === ROWS_TOGETHER || (portion.length > 0 && characters + size > CHARACTERS_TOGETHER)) {
      yield portion
      portion = []
      characters = 0
    }
    portion.push(row)
    characters += size
  }
  if (portion.length > 0) yield portion
}
