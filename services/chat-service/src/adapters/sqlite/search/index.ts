import { searchText } from '../../../domain/search-text.ts'
import { connect, readPlace, type Place } from './file.ts'
import type { Indexable } from './source.ts'
import { roomToken, toTerms } from './terms.ts'

/** Pages merged in one step: about half a millisecond. */
const MERGED_TOGETHER = 16

/** Writes the index; each step is a transaction. */
export function openSearchIndex(file: string) {
  const db = connect(file)
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const move = db.prepare('UPDATE place SET indexed_mid = ?, room_id = ?, seq = ?, created_at = ?')
  const setReindex = db.prepare('UPDATE place SET reindex_mid = ?')
  const setChange = db.prepare('UPDATE place SET last_change = ?, change_mark = ?')
  const insert = db.prepare('INSERT INTO messages_fts (rowid, room, pairs, singles) VALUES (?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM messages_fts WHERE rowid = ?')
  const merge = db.prepare(`INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', ${MERGED_TOGETHER})`)
  const changes = db.prepare('SELECT total_changes() AS n')
  let place = readPlace(db)

  const add = ({ mid, room_id, content, file }: Indexable): void => {
    const { pairs, singles } = toTerms(searchText(content, file))
    if (singles !== '') insert.run(mid, roomToken(room_id), pairs, singles)
  }
  function step(moved: Partial<Place>, run: () => void): void {
    begin.run()
    try {
      run()
      commit.run()
    } catch (error) {
      // Some faults (disk full, I/O) make SQLite roll back by itself.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
    place = { ...place, ...moved }
  }
  const changed = () => Number(changes.get()!['n'])

  return {
    place: (): Place => place,

    /** The messages that follow `indexed_mid`, in their order. */
    add(rows: readonly Indexable[]): void {
      const { mid: indexed_mid, room_id, seq, created_at } = rows.at(-1)!
      step({ indexed_mid, room_id, seq, created_at }, () => {
        for (const row of rows) if (row.searchable) add(row)
        move.run(indexed_mid, room_id, seq, created_at)
      })
    },

    /** The messages before and at `reindex_mid`, in their order: FTS5 writes a piece of its own for each step back. */
    addOld(rows: readonly Indexable[]): void {
      const reindex_mid = rows.length === 0 ? 0 : rows[0]!.mid - 1
      step({ reindex_mid }, () => {
        for (const row of rows) if (row.searchable) add(row)
        setReindex.run(reindex_mid)
      })
    },

    /** Messages that were edited or deleted, as they are now. What is not indexed yet will be so, with its newest text. */
    replace(rows: readonly Indexable[], { id: last_change, mark: change_mark }: { id: number; mark: string }): void {
      step({ last_change, change_mark }, () => {
        for (const row of rows) {
          if (row.mid > place.indexed_mid || row.mid <= place.reindex_mid) continue
          remove.run(row.mid)
          if (row.searchable) add(row)
        }
        setChange.run(last_change, change_mark)
      })
    },

    /** Joins some pieces of the index, if there are several of about one size. @returns whether there is more of it to do */
    merge(): boolean {
      const before = changed()
      merge.run()
      return changed() - before >= 2
    },

    /** Whether all that was written outlives a power failure from now on. */
    makeDurable(): boolean {
      const { busy, log, checkpointed } = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()!
      return busy === 0 && log === checkpointed
    },

    close: () => db.close(),
  }
}

export type SearchIndex = ReturnType<typeof openSearchIndex>
