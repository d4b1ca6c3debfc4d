import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { openSqlite } from '@bigtech/sql/open'
import type { FileInfo } from '../../../domain/message.ts'
import { parseJson } from '../rows.ts'

/** A message, as far as the index knows it. */
export type Indexable = Readonly<{
  mid: number
  room_id: number
  seq: number
  created_at: number
  content: string
  file: FileInfo | null
  /** Said by somebody, and not taken back. */
  searchable: boolean
}>

/** chat.db could not be read: no fault of the index. */
export class SourceError extends Error {}

/** A message and a change of chat.db: the newest at some time. */
export type Known = Readonly<{ mid: number; change: number }>

const LAST_MID = '(SELECT coalesce(max(mid), 0) FROM messages)'
const LAST_CHANGE = "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'search_changes'), 0)"

export function newest(db: DatabaseSync): Known {
  const { mid, change } = db.prepare(`SELECT ${LAST_MID} AS mid, ${LAST_CHANGE} AS change`).get()!
  return { mid: Number(mid), change: Number(change) }
}

/** Reads chat.db for the index, and leaves no transaction open. @throws SourceError */
export function openChatSource(file: string) {
  return guard(() => {
    // Messages are read once here, each after the other.
    const db = openSqlite(file, { readOnly: true, cache: 1_000 })
    try {
      return createSource(db)
    } catch (error) {
      db.close()
      throw error
    }
  })
}

function createSource(db: DatabaseSync) {
  const columns = 'mid, room_id, seq, created_at, content, file, message_type, deleted_at'
  const following = db.prepare(`SELECT ${columns} FROM messages WHERE mid > ? ORDER BY mid LIMIT ?`)
  const preceding = db.prepare(`SELECT ${columns} FROM messages WHERE mid <= ? ORDER BY mid DESC LIMIT ?`)
  const one = db.prepare(`SELECT ${columns} FROM messages WHERE mid = ?`)
  const noted = db.prepare('SELECT id, mid, mark FROM search_changes WHERE id > ? ORDER BY id LIMIT ?')
  const state = db.prepare(
    `SELECT epoch, forgotten_change, ${LAST_MID} AS last_mid, ${LAST_CHANGE} AS last_change FROM store`,
  )
  const mark = db.prepare(
    `SELECT coalesce((SELECT mark FROM search_changes WHERE id = ?1), iif(forgotten_change = ?1, forgotten_mark, NULL)) AS mark
     FROM store`,
  )
  const message = (mid: number): Indexable | undefined => {
    const row = one.get(mid)
    return row && toIndexable(row)
  }

  return {
    /** What chat.db is, and its newest message and change. */
    state: () =>
      guard(() => {
        const row = state.get()!
        return {
          epoch: String(row['epoch']),
          forgotten_change: Number(row['forgotten_change']),
          last_mid: Number(row['last_mid']),
          last_change: Number(row['last_change']),
        }
      }),
    /** By which that change is told from the same number in another continuation of chat.db. Undefined when it is not known any more. */
    mark: (change: number): string | undefined =>
      guard(() => (mark.get(change)!['mark'] as string | null) ?? undefined),
    message: (mid: number) => guard(() => message(mid)),
    after: (mid: number, limit: number): Indexable[] => guard(() => following.all(mid, limit).map(toIndexable)),
    /** In their order, like `after`. */
    upTo: (mid: number, limit: number): Indexable[] =>
      guard(() => preceding.all(mid, limit).map(toIndexable).reverse()),
    /** The messages changed after that change, each once, as they are now. */
    changes: (after: number, limit: number) =>
      guard(() => {
        const notes = noted.all(after, limit)
        const rows = [...new Set(notes.map((note) => Number(note['mid'])))].flatMap((mid) => message(mid) ?? [])
        const newest = notes.at(-1)
        const last = newest && { id: Number(newest['id']), mark: String(newest['mark']) }
        return { rows, last, full: notes.length === limit }
      }),
    close: () => db.close(),
  }
}

export type ChatSource = ReturnType<typeof openChatSource>

function guard<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new SourceError('chat.db cannot be read for the search index', { cause })
  }
}

const toIndexable = (row: Record<string, SQLOutputValue>): Indexable => ({
  mid: Number(row['mid']),
  room_id: Number(row['room_id']),
  seq: Number(row['seq']),
  created_at: Number(row['created_at']),
  content: String(row['content']),
  file: parseJson(row['file']) as FileInfo | null,
  searchable: row['message_type'] !== 'system' && row['deleted_at'] === null,
})
