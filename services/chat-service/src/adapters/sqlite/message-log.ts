import type { DatabaseSync } from 'node:sqlite'
import type { Writer } from '@bigtech/sql'
import type { MessageLog } from '../../ports.ts'
import type { ChatCommands } from './commands.ts'
import { committedMessage } from './log.ts'
import { createRevisions } from './revisions.ts'
import { toMessageRow } from './rows.ts'
import { searchText } from './search-index.ts'
import { ftsQuery } from './search-terms.ts'
import { createSnapshot } from './snapshot.ts'

/** Hits looked at for one page of a search; a page ends there, its cursor goes on. */
const MAX_CANDIDATES = 2_000

/** Messages indexed between two turns of those who send, while a search waits for the index. */
const INDEXED_PER_STEP = 500

/** Writes go to the writer thread; reads see what is committed, through the read connection of this thread. */
export function createMessageLog(db: DatabaseSync, writer: Writer<ChatCommands>): MessageLog {
  const one = db.prepare('SELECT * FROM messages WHERE room_id = ? AND seq = ?')
  const pageUp = db.prepare('SELECT * FROM messages WHERE room_id = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?')
  const pageDown = db.prepare(
    'SELECT * FROM messages WHERE room_id = ? AND seq > ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  )
  const revisions = createRevisions(db)
  const snapshot = createSnapshot(db)
  const head = db.prepare('SELECT rev FROM rooms WHERE id = ?')
  const pinned = db.prepare(
    'SELECT * FROM messages WHERE room_id = ? AND pinned_at IS NOT NULL AND seq > ? ORDER BY pinned_at DESC',
  )
  const rooms = db.prepare('SELECT room_id FROM members WHERE user_id = ? AND (?2 IS NULL OR room_id = ?2)')
  const hits = db.prepare(
    `SELECT m.*, mem.join_seq FROM messages_fts f
     JOIN messages m ON m.mid = f.rowid
     JOIN members mem ON mem.room_id = m.room_id AND mem.user_id = ?1
     WHERE messages_fts MATCH ?2 AND f.rowid < ?3 AND m.deleted_at IS NULL AND m.seq > mem.join_seq AND m.message_type <> 'system'
     ORDER BY f.rowid DESC LIMIT ${MAX_CANDIDATES}`,
  )

  return {
    async append(message) {
      const { value } = await writer.call('append', message)
      if (typeof value === 'string') return value
      if ('repeated' in value) return { row: value.repeated, unread_count: value.unread_count, duplicate: true }
      const { row, unread_count } = committedMessage({ ...message, system: null }, value)
      return { row, unread_count, duplicate: false }
    },
    change: async (command) => (await writer.call('change', command)).value,
    async get(roomId, seq) {
      const row = one.get(roomId, seq)
      return row && toMessageRow(row)
    },
    async page({ room_id, after, before, limit, fromEnd }) {
      const rows = (fromEnd ? pageDown : pageUp).all(room_id, after, before, limit).map(toMessageRow)
      return fromEnd ? rows.reverse() : rows
    },
    async changes({ room_id, since_rev, limit }) {
      return snapshot(() => {
        const { rows, upTo } = revisions.after(room_id, since_rev, limit)
        return { rows, to_rev: upTo, head_rev: Number(head.get(room_id)?.['rev'] ?? 0) }
      })
    },
    async pins(roomId, after) {
      return pinned.all(roomId, after).map(toMessageRow)
    },
    async search({ user_id, words, room_id, before, limit }) {
      while ((await writer.call('indexSome', INDEXED_PER_STEP)).value);
      const roomIds = rooms.all(user_id, room_id).map((row) => Number(row['room_id']))
      if (roomIds.length === 0) return []
      const found: { row: ReturnType<typeof toMessageRow>; cursor: number }[] = []
      for (const hit of hits.iterate(user_id, ftsQuery(words, roomIds), before ?? Number.MAX_SAFE_INTEGER)) {
        const row = toMessageRow(hit)
        // Pairs may match across a word boundary; the text decides.
        const text = searchText(row.content, row.file)
        if (words.every((word) => text.includes(word))) found.push({ row, cursor: Number(hit['mid']) })
        if (found.length >= limit) break
      }
      return found
    },
  }
}
