import { sql } from '@bigtech/sql'
import { anyOf } from './rows.ts'
import type { ChatTrx } from './tables.ts'

/** Characters and rows of a statement, about: it must fit into a packet of the server, escaped. */
const CHARACTERS_TOGETHER = 500_000
const ROWS_TOGETHER = 1_000

export type Table =
  | 'rooms'
  | 'members'
  | 'former_members'
  | 'invitations'
  | 'messages'
  | 'pins'
  | 'uncounted'
  | 'attachments'
  | 'search_stale'

export const KEYS: Readonly<Record<Table, readonly string[]>> = {
  rooms: ['id'],
  members: ['room_id', 'user_id'],
  former_members: ['user_id', 'room_id'],
  invitations: ['user_id', 'room_id'],
  messages: ['room_id', 'seq'],
  pins: ['room_id', 'seq'],
  uncounted: ['room_id', 'seq'],
  attachments: ['file_id', 'room_id', 'seq'],
  search_stale: ['room_id', 'seq', 'rev'],
}

/** Rows as they are now, whether they were there or not. */
export async function put(
  trx: ChatTrx,
  table: Table,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  for (const some of portionsOf(rows)) {
    const columns = Object.keys(some[0]!)
    const kept = columns.filter((column) => !KEYS[table].includes(column))
    const values = some.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
    // Where there is nothing but the key, the row stays as it is.
    const changed = (kept.length > 0 ? kept : columns.slice(0, 1)).map(
      (column) => sql`${sql.ref(column)} = VALUES(${sql.ref(column)})`,
    )
    await sql`INSERT INTO ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))}) VALUES ${sql.join(values)}
      ON DUPLICATE KEY UPDATE ${sql.join(changed)}`.execute(trx)
  }
}

export async function remove(
  trx: ChatTrx,
  table: Table,
  places: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  for (let i = 0; i < places.length; i += ROWS_TOGETHER)
    await sql`DELETE FROM ${sql.table(table)} WHERE ${anyOf(places.slice(i, i + ROWS_TOGETHER), KEYS[table])}`.execute(
      trx,
    )
}

function* portionsOf<Row extends Readonly<Record<string, unknown>>>(rows: readonly Row[]): Iterable<Row[]> {
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
