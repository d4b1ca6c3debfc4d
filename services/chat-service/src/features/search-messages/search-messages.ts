import { searchWords } from '@bigtech/kernel'
import type { SearchHit } from '../../contract/schemas.ts'
import type { MessageRow } from '../../domain/message.ts'
import type { Memberships, MessageLog, PeopleReadModel } from '../../ports.ts'
import { accessRoom } from '../../access/access.ts'
import { withUnread } from '../read-messages/read-messages.ts'

export type SearchQuery = { user_id: number; q: string; room_id?: number; before?: string; limit: number }

export type SearchPorts = { rooms: Memberships; messages: MessageLog; people: PeopleReadModel }

/** Newest first, over all of one's rooms or one. The extra hit only tells that there are more. Undefined for a cursor of nobody. */
export async function searchMessages(
  ports: SearchPorts,
  query: SearchQuery,
): Promise<{ items: SearchHit[]; next: string | undefined } | undefined> {
  if (query.room_id !== undefined) await accessRoom(ports.rooms, query.room_id, query.user_id)
  const words = searchWords(query.q)
  if (words.length === 0) return { items: [], next: undefined }
  const hits = await ports.messages.search({
    user_id: query.user_id,
    words,
    room_id: query.room_id ?? null,
    before: query.before ?? null,
    limit: query.limit + 1,
  })
  if (!hits) return undefined
  const shown = hits.slice(0, query.limit)
  const readSeqs = new Map<number, readonly number[]>()
  for (const { row } of shown)
    if (!readSeqs.has(row.room_id)) readSeqs.set(row.room_id, await ports.rooms.readSeqs(row.room_id))
  const profiles = await ports.people.profiles([...new Set(shown.map(({ row }) => row.user_id))])
  const senderOf = (id: number): SearchHit['sender'] => {
    const profile = profiles.get(id)
    return { display_name: profile?.display_name ?? '', profile_image_url: profile?.profile_image_url ?? null }
  }
  // Texts were read after who may see them: who left meanwhile sees none that were changed since.
  const joined = new Map<number, number>()
  for (const room_id of readSeqs.keys()) {
    const found = await ports.rooms.find(room_id, query.user_id)
    if (found?.me) joined.set(room_id, found.me.join_seq)
  }
  const isSeen = ({ room_id, seq }: MessageRow) => seq > (joined.get(room_id) ?? Infinity)
  return {
    items: shown
      .filter(({ row }) => isSeen(row))
      .flatMap(({ row }) =>
        withUnread([row], readSeqs.get(row.room_id)!).map((message) => ({ ...message, sender: senderOf(row.user_id) })),
      ),
    next: hits.length > query.limit ? shown.at(-1)!.cursor : undefined,
  }
}
