import type { SQLOutputValue } from 'node:sqlite'
import { openSqlite } from '@bigtech/sql'
import { OF_A_ROOM } from './rebuild.ts'
import type { ChatDb, ChatSchema } from './tables.ts'

export const PARTITIONS = 4

type Row = Record<string, SQLOutputValue>
type Table = keyof ChatSchema
/** Rows of a statement. */
const TOGETHER = 500

export async function fill(db: ChatDb, table: Table, rows: readonly object[]): Promise<void> {
  for (let i = 0; i < rows.length; i += TOGETHER)
    await db
      .insertInto(table)
      .values(rows.slice(i, i + TOGETHER))
      .execute()
}

const COPIED = ['rooms', ...OF_A_ROOM, 'partition_positions', 'files', 'profiles', 'blocks'] as const

/** Makes the tables hold what a chat.db does, its commit order (`pos`) taken for the log's time and for `f`. */
export async function copyChat(file: string, db: ChatDb): Promise<void> {
  for (const table of COPIED) await db.deleteFrom(table).execute()
  const from = openSqlite(file, { readOnly: true })
  const all = (sql: string): Row[] => from.prepare(sql).all()
  const rooms = all('SELECT * FROM rooms')
  await fill(
    db,
    'rooms',
    rooms.map(({ direct_key: _key, last_pos, ...room }) => ({
      ...room,
      p: Number(room['id']) % PARTITIONS,
      f: last_pos,
      log_at: last_pos,
    })),
  )
  await fill(
    db,
    'members',
    all('SELECT * FROM members').map(({ join_pos, read_pos, settings_pos, notify, ...member }) => ({
      ...member,
      muted: Number(notify === 'none'),
      mentions_only: Number(notify === 'mentions'),
      join_f: join_pos,
      join_log_at: join_pos,
      read_log_at: read_pos,
      settings_log_at: settings_pos,
    })),
  )
  await fill(
    db,
    'former_members',
    all('SELECT * FROM former_members').map(({ left_pos, ...row }) => ({ ...row, left_log_at: left_pos })),
  )
  await fill(db, 'invitations', all('SELECT * FROM invitations'))
  const messages = all('SELECT * FROM messages ORDER BY mid')
  await fill(
    db,
    'messages',
    messages.map(({ mid, pos, first_rev: _rev, ...row }) => ({ ...row, log_at: pos, sent_log_at: mid })),
  )
  const place = ({ room_id, seq }: Row) => ({ room_id, seq })
  await fill(db, 'pins', messages.filter((row) => row['pinned_at'] !== null).map(place))
  const doesNotCount = (row: Row) => row['message_type'] === 'system' || row['deleted_at'] !== null
  await fill(db, 'mentioned', all('SELECT * FROM mentioned'))
  await fill(db, 'uncounted', messages.filter(doesNotCount).map(place))
  await fill(
    db,
    'partition_positions',
    Array.from({ length: PARTITIONS }, (_, p) => ({ p, n: 1_000 + p, at: 1 })),
  )
  for (const table of ['files', 'attachments', 'profiles', 'blocks'] as const)
    await fill(
      db,
      table,
      all(`SELECT * FROM ${table}`).map(({ username_key: _made, ...row }) => row),
    )
  from.close()
}
