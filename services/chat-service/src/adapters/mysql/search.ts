import { sql } from '@bigtech/sql'
import { searchText } from '../../domain/search-text.ts'
import type { MessageLog } from '../../ports.ts'
import { messagesAt } from './messages-at.ts'
import { catchUp } from './search-index.ts'
import { wantedBy, type Wanted } from './search-terms.ts'
import type { ChatDb } from './tables.ts'

/** Hits looked at for one page of a search; a page ends there, its cursor goes on. */
const MAX_CANDIDATES = 2_000
/** Messages read in one statement, at first; nearly all candidates are hits. */
const READ_AT_FIRST = 100

type Place = Readonly<{ room_id: number; seq: number; sent_log_at: number }>

const toCursor = ({ sent_log_at, room_id, seq }: Place): string => `${sent_log_at}.${room_id}.${seq}`
function readCursor(cursor: string): Place | undefined {
  if (!/^\d{1,16}\.\d{1,16}\.\d{1,16}$/.test(cursor)) return undefined
  const [sent_log_at, room_id, seq] = cursor.split('.').map(Number)
  return { sent_log_at: sent_log_at!, room_id: room_id!, seq: seq! }
}

/** Searches what was committed when it was called: rooms that are behind are brought up to there first. */
export function createMysqlSearch(db: ChatDb): MessageLog['search'] {
  return async ({ user_id, words, room_id, before, limit }) => {
    const wanted = wantedBy(words)
    const from = before === null ? undefined : readCursor(before)
    if (before !== null && !from) return undefined
    if (wanted.length === 0) return []
    await catchUp(db, user_id, room_id)
    const candidates = await find(db, { user_id, room_id, from, wanted })
    const found: NonNullable<Awaited<ReturnType<MessageLog['search']>>> = []
    for (
      let start = 0, size = READ_AT_FIRST;
      start < candidates.length && found.length < limit;
      start += size, size *= 4
    ) {
      const some = candidates.slice(start, start + size)
      const rows = new Map((await messagesAt(db, some)).map((row) => [`${row.room_id}:${row.seq}`, row]))
      for (const place of some) {
        const row = rows.get(`${place.room_id}:${place.seq}`)
        if (!row || row.deleted_at !== null || found.length === limit) continue
        // The terms are parts of the words; the text decides.
        const text = searchText(row.content, row.file)
        if (words.every((word) => text.includes(word))) found.push({ row, cursor: toCursor(place) })
      }
    }
    return found
  }
}

/** Newest first: messages of the person's rooms and time that have all the terms. */
async function find(
  db: ChatDb,
  query: { user_id: number; room_id: number | null; from: Place | undefined; wanted: readonly Wanted[] },
): Promise<Place[]> {
  const { user_id, room_id, from, wanted } = query
  const matches = ({ from: term, below }: Wanted, alias: string) => {
    const column = sql.ref(`${alias}.term`)
    return below ? sql`${column} >= ${term} AND ${column} < ${below}` : sql`${column} = ${term}`
  }
  const [first, ...others] = wanted
  const joins = others.map((one, i) => {
    const t = sql.raw(`t${i}`)
    return sql`JOIN search_terms ${t} ON ${t}.room_id = t.room_id AND ${matches(one, `t${i}`)}
      AND ${t}.sent_log_at = t.sent_log_at AND ${t}.seq = t.seq`
  })
  const { rows } = await sql<Place>`
    SELECT DISTINCT t.room_id, t.seq, t.sent_log_at
    FROM members m JOIN search_terms t ON t.room_id = m.room_id AND ${matches(first!, 't')} ${sql.join(joins, sql` `)}
    WHERE m.user_id = ${user_id} AND t.seq > m.join_seq
      ${room_id === null ? sql`` : sql`AND m.room_id = ${room_id}`}
      ${
        from
          ? sql`AND t.sent_log_at <= ${from.sent_log_at} AND (t.sent_log_at < ${from.sent_log_at}
            OR t.room_id < ${from.room_id} OR (t.room_id = ${from.room_id} AND t.seq < ${from.seq}))`
          : sql``
      }
    ORDER BY t.sent_log_at DESC, t.room_id DESC, t.seq DESC LIMIT ${MAX_CANDIDATES}`.execute(db)
  return rows
}
