import type { DatabaseSync } from 'node:sqlite'
import { foldText } from '@bigtech/kernel'
import type { FileInfo, MessageRow } from '../../domain/message.ts'
import { parseJson } from './rows.ts'
import { roomToken, toTerms } from './search-terms.ts'

/** What a message is found by: its words, and the name of its file. */
export const searchText = (content: string, file: FileInfo | null): string =>
  foldText(file ? `${content}\n${file.name}` : content)

/**
 * Keeps the search index. New messages are indexed after their commit, with small commits and in pauses, so that a burst of
 * sending does not wait for it; `store.indexed_mid` says how far, and survives a crash. Searches catch up first.
 *
 * After an upgrade that changed the index, the messages up to `store.reindex_mid` wait to be indexed once more, the newest first:
 * pauses only are for that, and no search waits for it.
 */
export function createSearchIndex(db: DatabaseSync) {
  const places = db.prepare('SELECT indexed_mid, reindex_mid FROM store')
  const setIndexed = db.prepare('UPDATE store SET indexed_mid = ?')
  const setReindex = db.prepare('UPDATE store SET reindex_mid = ?')
  const pending = db.prepare('SELECT mid, room_id, content, file FROM messages WHERE mid > ? ORDER BY mid LIMIT ?')
  const older = db.prepare('SELECT mid, room_id, content, file FROM messages WHERE mid <= ? ORDER BY mid DESC LIMIT ?')
  const midOf = db.prepare('SELECT mid FROM messages WHERE room_id = ? AND seq = ?')
  const insert = db.prepare('INSERT INTO messages_fts (rowid, room, pairs, singles) VALUES (?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM messages_fts WHERE rowid = ?')

  const place = (name: 'indexed_mid' | 'reindex_mid'): number => Number(places.get()![name])

  function add(mid: number, roomId: number, content: string, file: FileInfo | null): void {
    const { pairs, singles } = toTerms(searchText(content, file))
    if (singles !== '') insert.run(mid, roomToken(roomId), pairs, singles)
  }
  const addRow = (row: ReturnType<typeof pending.all>[number]): void =>
    add(Number(row['mid']), Number(row['room_id']), row['content'] as string, parseJson(row['file']) as FileInfo | null)

  return {
    /** Indexes the next messages inside the running transaction. @returns whether more may be left */
    indexSome(limit: number): boolean {
      const rows = pending.all(place('indexed_mid'), limit)
      for (const row of rows) addRow(row)
      const last = rows.at(-1)
      if (last) setIndexed.run(last['mid']!)
      return rows.length === limit
    },

    /** The same for what an upgrade left to do. */
    reindexSome(limit: number): boolean {
      const from = place('reindex_mid')
      if (from === 0) return false
      const rows = older.all(from, limit).reverse()
      // In their order: FTS5 writes a piece of its own for each step back.
      for (const row of rows) addRow(row)
      setReindex.run(rows.length === limit ? Number(rows[0]!['mid']) - 1 : 0)
      return rows.length === limit
    },

    /** After an edit or deletion. What is not indexed yet will be, with its newest content. */
    changed(row: MessageRow): void {
      const mid = Number(midOf.get(row.room_id, row.seq)!['mid'])
      if (mid > place('indexed_mid') || mid <= place('reindex_mid')) return
      remove.run(mid)
      add(mid, row.room_id, row.content, row.file)
    },
  }
}

export type SearchIndex = ReturnType<typeof createSearchIndex>
