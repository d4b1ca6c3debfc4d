import type { DatabaseSync } from 'node:sqlite'
import { LARGE_CACHE, openSqlite } from '@bigtech/sql'
import { searchText } from '../../../domain/search-text.ts'
import type { MessageLog } from '../../../ports.ts'
import { toMessageRow } from '../rows.ts'
import { refuseOthers } from './file.ts'
import { ftsQuery } from './terms.ts'

/** Hits looked at for one page of a search; a page ends there, its cursor goes on. */
const MAX_CANDIDATES = 2_000

type Query = Parameters<MessageLog['search']>[0]
type Hits = Awaited<ReturnType<MessageLog['search']>>

/**
 * The connection that searches use: chat.db with the index beside it. It is opened by the first, and can be closed at any time: the index
 * may have to be made anew.
 */
export function createSearchReader(file: string, searchFile: string) {
  let open: ReturnType<typeof connect> | undefined

  return {
    find(query: Query): Hits {
      open ??= connect(file, searchFile)
      return open.find(query)
    },
    close(): void {
      open?.close()
      open = undefined
    },
  }
}

function connect(file: string, searchFile: string) {
  refuseOthers(searchFile)
  const db = openSqlite(file, { readOnly: true, cache: LARGE_CACHE })
  try {
    db.prepare('ATTACH ? AS search').run(searchFile)
    db.exec(`PRAGMA search.cache_size=-${LARGE_CACHE}`)
    return { find: createFind(db), close: () => db.close() }
  } catch (error) {
    db.close()
    throw error
  }
}

function createFind(db: DatabaseSync): (query: Query) => Hits {
  const rooms = db.prepare('SELECT room_id FROM members WHERE user_id = ? AND (?2 IS NULL OR room_id = ?2)')
  const hits = db.prepare(
    `SELECT m.*, mem.join_seq FROM search.messages_fts f
     JOIN messages m ON m.mid = f.rowid
     JOIN members mem ON mem.room_id = m.room_id AND mem.user_id = ?1
     WHERE messages_fts MATCH ?2 AND f.rowid < ?3 AND m.deleted_at IS NULL AND m.seq > mem.join_seq AND m.message_type <> 'system'
     ORDER BY f.rowid DESC LIMIT ${MAX_CANDIDATES}`,
  )
  return ({ user_id, words, room_id, before, limit }) => {
    if (before !== null && !/^\d{1,15}$/.test(before)) return undefined
    const below = Number(before ?? Number.MAX_SAFE_INTEGER)
    const roomIds = rooms.all(user_id, room_id).map((row) => Number(row['room_id']))
    if (roomIds.length === 0) return []
    const found: { row: ReturnType<typeof toMessageRow>; cursor: string }[] = []
    for (const hit of hits.iterate(user_id, ftsQuery(words, roomIds), below)) {
      const row = toMessageRow(hit)
      // Pairs may match across a word boundary; the text decides.
      const text = searchText(row.content, row.file)
      if (words.every((word) => text.includes(word))) found.push({ row, cursor: String(hit['mid']) })
      if (found.length >= limit) break
    }
    return found
  }
}
