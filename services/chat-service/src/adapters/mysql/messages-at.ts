import type { MessageRow } from '../../domain/message.ts'
import type { Place } from '../partition/ports.ts'
import { MESSAGE, toMessageRow } from './rows.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** Messages by their places, in one statement, each by the primary key. Those that are not there are absent. */
export async function messagesAt(on: ChatDb | ChatTrx, places: readonly Place[]): Promise<MessageRow[]> {
  if (places.length === 0) return []
  const rows = await on
    .selectFrom('messages')
    .select(MESSAGE)
    .where((where) =>
      where.or(places.map(({ room_id, seq }) => where.and([where('room_id', '=', room_id), where('seq', '=', seq)]))),
    )
    .execute()
  return rows.map(toMessageRow)
}
