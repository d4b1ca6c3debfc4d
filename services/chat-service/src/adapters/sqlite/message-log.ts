import type { DatabaseSync } from 'node:sqlite'
import type { Writer } from '@bigtech/sql'
import type { MessageLog } from '../../ports.ts'
import type { ChatCommands } from './commands.ts'
import { committedMessage } from './log.ts'
import { createRevisions } from './revisions.ts'
import { toMessageRow } from './rows.ts'
import type { Search } from './search/search.ts'
import { createSnapshot } from './snapshot.ts'

/** Writes go to the writer thread; reads see what is committed, through the read connection of this thread. */
export const createMessageLog = (
  db: DatabaseSync,
  writer: Writer<ChatCommands>,
  search: Pick<Search, 'find'>,
): MessageLog => ({
  async append(message) {
    const { value } = await writer.call('append', message)
    if (typeof value === 'string') return value
    if ('repeated' in value) return { row: value.repeated, unread_count: value.unread_count, duplicate: true }
    const { row, unread_count } = committedMessage({ ...message, system: null }, value)
    return { row, unread_count, duplicate: false }
  },
  change: async (command) => (await writer.call('change', command)).value,
  ...createMessageReads(db),
  search: (query) => search.find(query),
})

export function createMessageReads(
  db: DatabaseSync,
): Pick<MessageLog, 'get' | 'page' | 'worthTelling' | 'changes' | 'pins'> {
  const one = db.prepare('SELECT * FROM messages WHERE room_id = ? AND seq = ?')
  const pageUp = db.prepare('SELECT * FROM messages WHERE room_id = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?')
  const pageDown = db.prepare(
    'SELECT * FROM messages WHERE room_id = ? AND seq > ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  )
  const worthTelling = db.prepare(
    `SELECT * FROM messages WHERE room_id = ? AND seq > ? AND seq < ?
     AND (mentions IS NOT NULL OR reply_to IS NOT NULL OR user_id NOT IN (SELECT value FROM json_each(?)))
     AND deleted_at IS NULL AND message_type <> 'system' ORDER BY seq DESC LIMIT ?`,
  )
  const revisions = createRevisions(db)
  const snapshot = createSnapshot(db)
  const head = db.prepare('SELECT rev FROM rooms WHERE id = ?')
  const pinned = db.prepare(
    'SELECT * FROM messages WHERE room_id = ? AND pinned_at IS NOT NULL AND seq > ? ORDER BY pinned_at DESC',
  )

  return {
    async get(roomId, seq) {
      const row = one.get(roomId, seq)
      return row && toMessageRow(row)
    },
    async page({ room_id, after, before, limit, fromEnd }) {
      const rows = (fromEnd ? pageDown : pageUp).all(room_id, after, before, limit).map(toMessageRow)
      return fromEnd ? rows.reverse() : rows
    },
    worthTelling: async ({ room_id, after, before, authors, limit }) =>
      worthTelling.all(room_id, after, before, JSON.stringify(authors), limit).map(toMessageRow).reverse(),
    async changes({ room_id, since_rev, limit }) {
      return snapshot(() => {
        const { rows, upTo } = revisions.after(room_id, since_rev, limit)
        return { rows, to_rev: upTo, head_rev: Number(head.get(room_id)?.['rev'] ?? 0) }
      })
    },
    async pins(roomId, after) {
      return pinned.all(roomId, after).map(toMessageRow)
    },
  }
}
