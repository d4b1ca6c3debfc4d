import type { DatabaseSync } from 'node:sqlite'
import type { Result } from './log.ts'

/** Notes removed in one command. */
const FORGOTTEN_TOGETHER = 500

/** What the search index is to look at again (search/): messages that were edited or deleted, noted in the transaction that did it. */
export function createSearchChanges(db: DatabaseSync) {
  const note = db.prepare(
    'INSERT INTO search_changes (mid, mark) SELECT mid, hex(randomblob(8)) FROM messages WHERE room_id = ? AND seq = ?',
  )
  const last = db.prepare(
    // Where there is a max, SQLite takes the other columns from its row.
    `SELECT count(*) AS n, max(id) AS id, mark FROM (SELECT id, mark FROM search_changes WHERE id <= ? ORDER BY id LIMIT ${FORGOTTEN_TOGETHER})`,
  )
  const remove = db.prepare('DELETE FROM search_changes WHERE id <= ?')
  const setForgotten = db.prepare('UPDATE store SET forgotten_change = ?, forgotten_mark = ?')

  return {
    note: (roomId: number, seq: number): void => void note.run(roomId, seq),
    commands: {
      /** Removes notes up to that one, many but not all at a time. @returns whether more is left */
      forgetChanges(upTo: number): Result<boolean> {
        const { n, id, mark } = last.get(upTo)!
        if (id === null) return { value: false, committed: [] }
        remove.run(id!)
        setForgotten.run(id!, mark!)
        return { value: n === FORGOTTEN_TOGETHER, committed: [] }
      },
    },
  }
}

export type SearchChanges = ReturnType<typeof createSearchChanges>
