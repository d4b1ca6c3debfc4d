import { existsSync, lstatSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { LARGE_CACHE, openSqlite } from '@bigtech/sql/open'
import { probeReads } from '@bigtech/sql/probe-reads'
import type { ChatSource, Known } from './source.ts'

/** To be raised when the tables or the terms change: a file of another version is made anew. */
const VERSION = 2

/**
 * FTS5 never merges by itself in the middle of an insert (4 to 24 ms, now and then); `merge` does it in small steps. Without any, it would
 * have to at 200 pieces.
 */
const SCHEMA = `
  CREATE VIRTUAL TABLE messages_fts USING fts5 (room, pairs, singles, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0");
  INSERT INTO messages_fts (messages_fts, rank) VALUES ('automerge', 0), ('crisismerge', 200);
  CREATE TABLE place (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL,
    indexed_mid INTEGER NOT NULL,
    room_id INTEGER,
    seq INTEGER,
    created_at INTEGER,
    reindex_mid INTEGER NOT NULL,
    last_change INTEGER NOT NULL,
    change_mark TEXT NOT NULL
  ) STRICT;
  PRAGMA user_version = ${VERSION};
`

/**
 * The index of chat.db in a file of its own, as far as `place` says. All messages up to `indexed_mid` are in it, but for those up to
 * `reindex_mid`, which an index that was made anew takes in last, the newest first; and all changes up to `last_change`. Of the message at
 * `indexed_mid` it knows the room, the number and the time, and of the change its mark: so it notices when chat.db is another one, or
 * another continuation of the same copy, which counts alike.
 *
 * The file can always catch up from chat.db, so its commits do not wait for the disk (`synchronous=NORMAL`: a power failure takes the
 * last of them, and never leaves half of one).
 */
export type Place = Readonly<{
  epoch: string
  indexed_mid: number
  room_id: number | null
  seq: number | null
  created_at: number | null
  reindex_mid: number
  last_change: number
  change_mark: string
}>

export const connect = (file: string): DatabaseSync => {
  const db = openSqlite(file, { cache: LARGE_CACHE })
  db.exec('PRAGMA synchronous=NORMAL')
  return db
}

/**
 * To be asked before each opening: a FIFO holds who opens it for ever, a link may lead anywhere.
 * @throws when something else stands in the place of the file, or of one that SQLite lays beside it
 */
export function refuseOthers(file: string): void {
  for (const path of ['', '-wal', '-shm', '-journal'].map((suffix) => file + suffix))
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false)
      throw new Error(`${basename(path)} cannot be used: it is no regular file`)
}

/** Nothing to speak of when chat.db is new as well. */
export const MISSING = 'it is missing'

/**
 * Why the file cannot serve this chat.db; undefined if it can.
 * @param known how far an index can have come that is of this chat.db
 * @throws what may pass: no descriptor, no right, a broken disk
 */
export function whyAnew(file: string, source: ChatSource, known: Known): string | undefined {
  if (!existsSync(file)) return MISSING
  try {
    probeReads(file)
    const db = connect(file)
    try {
      if (Number(db.prepare('PRAGMA user_version').get()!['user_version']) !== VERSION)
        return 'it is of another version'
      return whyForeign(readPlace(db), source, known)
    } finally {
      db.close()
    }
  } catch (error) {
    const damage = damageOf(error)
    if (damage === undefined) throw error
    return damage
  }
}

const NO_MESSAGE = { room_id: null, seq: null, created_at: null }

function whyForeign(place: Place, source: ChatSource, known: Known): string | undefined {
  const now = source.state()
  if (place.epoch !== now.epoch) return 'it is of another chat.db'
  if (place.last_change < now.forgotten_change) return 'it is older than this chat.db can tell the changes of'
  if (place.last_change > known.change || place.indexed_mid > known.mid) return 'it is newer than this chat.db'
  const row = place.indexed_mid === 0 ? NO_MESSAGE : source.message(place.indexed_mid)
  const same =
    row?.room_id === place.room_id &&
    row.seq === place.seq &&
    row.created_at === place.created_at &&
    source.mark(place.last_change) === place.change_mark
  return same ? undefined : 'it is of another state of this chat.db'
}

/** SQLite's codes of a fault that may pass, or that another file would have as well. */
const PASSING = new Set([3, 5, 6, 7, 8, 9, 10, 13, 14, 23])

function faultOf(error: unknown): { code: number | undefined; message: string } {
  const { cause } = error as { cause?: unknown }
  const { errcode, message } = (cause instanceof Error ? cause : error) as Error & { errcode?: number }
  return { code: errcode === undefined ? undefined : errcode & 0xff, message }
}

/** What is wrong with the file itself, if it is that. */
export function damageOf(error: unknown): string | undefined {
  const { code, message } = faultOf(error)
  return code === undefined || PASSING.has(code) ? undefined : `it is damaged (${message})`
}

export const isDiskFull = (error: unknown): boolean => faultOf(error).code === 13

/** Reads all of the file, from the disk and not from a cache. @returns what is wrong with it */
export function damageIn(file: string): string | undefined {
  refuseOthers(file)
  try {
    const db = openSqlite(file, { readOnly: true })
    try {
      db.prepare('SELECT rowid FROM messages_fts LIMIT 1').get()
      const found = String(db.prepare('PRAGMA integrity_check(1)').get()!['integrity_check'])
      return found === 'ok' ? undefined : `it is damaged (${found})`
    } finally {
      db.close()
    }
  } catch (error) {
    return damageOf(error)
  }
}

/** Searches wait for that many new messages at most, which is about half a second. */
const NEW_MESSAGES = 10_000

/**
 * Makes the file anew. Nobody may have the old one open.
 * @param since messages after that one are new: they are indexed first, and searches wait for them
 */
export function makeAnew(file: string, source: ChatSource, since: number): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const { epoch, last_mid, last_change } = source.state()
  const [last] = source.upTo(Math.max(since, last_mid - NEW_MESSAGES), 1)
  const db = connect(file)
  try {
    db.exec('BEGIN')
    db.exec(SCHEMA)
    db.prepare('INSERT INTO place VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      epoch,
      last?.mid ?? 0,
      last?.room_id ?? null,
      last?.seq ?? null,
      last?.created_at ?? null,
      last?.mid ?? 0,
      last_change,
      source.mark(last_change) ?? '',
    )
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}

export const readPlace = (db: DatabaseSync): Place => ({ ...db.prepare('SELECT * FROM place').get() }) as Place
