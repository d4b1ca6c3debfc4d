import { chatErrors } from '../../contract/errors.ts'
import type { MessageLog, RoomStore } from '../../ports.ts'
import { accessRoom } from '../../access/access.ts'
import { withUnread } from '../read-messages/read-messages.ts'

export type SearchQuery = { user_id: number; q: string; room_id?: number; before?: number; limit: number }

/** Newest first, over all of one's rooms or one. The extra hit only tells that there are more. */
export async function searchMessages(ports: { rooms: RoomStore; messages: MessageLog }, query: SearchQuery) {
  if (query.room_id !== undefined) await accessRoom(ports.rooms, query.room_id, query.user_id)
  const words = searchWords(query.q)
  if (words.length === 0) throw chatErrors.SEARCH_TOO_SHORT()
  const hits = await ports.messages.search({
    user_id: query.user_id,
    words,
    room_id: query.room_id ?? null,
    before: query.before ?? null,
    limit: query.limit + 1,
  })
  const shown = hits.slice(0, query.limit)
  const readSeqs = new Map<number, readonly number[]>()
  for (const { row } of shown)
    if (!readSeqs.has(row.room_id)) readSeqs.set(row.room_id, await ports.rooms.readSeqs(row.room_id))
  return {
    items: shown.flatMap(({ row }) => withUnread([row], readSeqs.get(row.room_id)!)),
    next: hits.length > query.limit ? shown.at(-1)!.cursor : undefined,
  }
}

const WORD = /[\p{L}\p{N}]+/gu

/** The words of a query that can be looked up: two characters and more, NFC, lower case. Punctuation separates. */
export function searchWords(query: string): string[] {
  const runs = [...query.normalize('NFC').toLowerCase().matchAll(WORD)].map(([run]) => run)
  return [...new Set(runs.filter((run) => [...run].length >= 2))]
}
