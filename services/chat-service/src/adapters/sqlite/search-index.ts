import type { DatabaseSync } from 'node:sqlite'
import type { MessageRow } from '../../domain/message.ts'
import { roomToken, toBigrams } from './bigrams.ts'

/**
 * Keeps the search index. New messages are indexed after their commit, with small commits and in pauses, so that a burst of
 * sending does not wait for it; `store.indexed_mid` says how far, and survives a crash. Searches catch up first.
 */
export function createSearchIndex(db: DatabaseSync) {
  const indexed = db.prepare('SELECT indexed_mid FROM store')
  const setIndexed = db.prepare('UPDATE store SET indexed_mid = ?')
  const pending = db.prepare('SELECT mid, room_id, content FROM messages WHERE mid > ? ORDER BY mid LIMIT ?')
  const midOf = db.prepare('SELECT mid FROM messages WHERE room_id = ? AND seq = ?')
  const add = db.prepare('INSERT INTO messages_fts (rowid, room, body) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM messages_fts WHERE rowid = ?')

  return {
    /** Indexes the next messages inside the running transaction. @returns whether more may be left */
    indexSome(limit: number): boolean {
      const rows = pending.all(Number(indexed.get()!['indexed_mid']), limit)
      for (const row of rows)
        add.run(row['mid']!, roomToken(Number(row['room_id'])), toBigrams(row['content'] as string))
      const last = rows.at(-1)
      if (last) setIndexed.run(last['mid']!)
      return rows.length === limit
    },

    /** After an edit or deletion. What is not indexed yet will be, with its newest content. */
    changed(row: MessageRow): void {
      const mid = Number(midOf.get(row.room_id, row.seq)!['mid'])
      if (mid > Number(indexed.get()!['indexed_mid'])) return
      remove.run(mid)
      add.run(mid, roomToken(row.room_id), toBigrams(row.content))
    },
  }
}

export type SearchIndex = ReturnType<typeof createSearchIndex>
