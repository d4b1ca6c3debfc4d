import { CompiledQuery, type Statement } from '@bigtech/sql'
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
  mentioned: ['room_id', 'user_id', 'seq'],
  attachments: ['file_id', 'room_id', 'seq'],
  search_stale: ['room_id', 'seq', 'rev'],
  search_rooms: ['room_id'],
  partition_positions: ['p'],
} satisfies Readonly<Record<string, readonly string[]>>

export type Table = keyof typeof KEYS
type Values = Readonly<Record<string, unknown>>

export async function run<Row = never>(on: ChatDb | ChatTrx, { text, values }: Statement): Promise<Row[]> {
  return (await on.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows
}

const quoted = (name: string): string => `\`${name}\``
const list = (columns: readonly string[]): string => columns.map(quoted).join(', ')

/** Rows with one of some keys: a range of the index each. */
function anyOf(places: readonly Values[], columns: readonly string[]): Statement {
  const one = `(${columns.map((column) => `${quoted(column)} = ?`).join(' AND ')})`
  return {
    text: Array.from(places, () => one).join(' OR '),
    values: places.flatMap((place) => columns.map((column) => place[column])),
  }
}

/** @param places rows with the columns of the table's key @param columns default: all */
export function selectRows(table: Table, places: readonly Values[], columns?: readonly string[]): Statement {
  const { text, values } = anyOf(places, KEYS[table])
  return { text: `SELECT ${columns ? list(columns) : '*'} FROM ${quoted(table)} WHERE ${text}`, values }
}

/** Rows as they are now, whether they were there or not. All have the same columns. */
export function putRows(table: Table, rows: readonly Values[]): Statement[] {
  return Array.from(portionsOf(rows), (some) => {
    const columns = Object.keys(some[0]!)
    const keys: readonly string[] = KEYS[table]
    const kept = columns.filter((column) => !keys.includes(column))
    // Where there is nothing but the key, the row stays as it is.
    const changed = (kept.length > 0 ? kept : columns.slice(0, 1)).map(
      (column) => `${quoted(column)} = VALUES(${quoted(column)})`,
    )
    const one = `(${columns.map(() => '?').join(', ')})`
    return {
      text: `INSERT INTO ${quoted(table)} (${list(columns)}) VALUES ${Array.from(some, () => one).join(', ')}
      ON DUPLICATE KEY UPDATE ${changed.join(', ')}`,
      values: some.flatMap((row) => columns.map((column) => row[column])),
    }
  })
}

/** @param places rows with the columns of the table's key */
export function removeRows(table: Table, places: readonly Values[]): Statement[] {
  const statements: Statement[] = []
  for (let i = 0; i < places.length; i += ROWS_TOGETHER) {
    const { text, values } = anyOf(places.slice(i, i + ROWS_TOGETHER), KEYS[table])
    statements.push({ text: `DELETE FROM ${quoted(table)} WHERE ${text}`, values })
  }
  return statements
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
