import { sql } from '@bigtech/sql'
import type { MessageRow } from '../../domain/message.ts'
import type { Place, Sent } from '../partition/ports.ts'
import type { Before, Changes } from './changes.ts'
import { ERASED_NAME } from './erased.ts'
import { messagesAt } from './messages-at.ts'
import { MESSAGE, toMessageRow } from './rows.ts'
import type { ChatDb, ChatTrx, MessageTables } from './tables.ts'

/** A message of the system, as it is stored. */
export type StoredSystemMessage = Pick<MessageTables['messages'], 'room_id' | 'seq' | 'user_id' | 'system' | 'content'>

/**
 * Messages, as what is beside them needs them: those of the same database, or of another store. That one knows nothing of the transaction, and is
 * written before it ends: whatever the rooms show is there, and perhaps more.
 */
export type RoomMessages = Readonly<{
  /** Undefined: beside the rooms, read and written with them. */
  elsewhere:
    | Readonly<{
        /** Of those that are changed: as they are. */
        before(places: readonly Place[]): Promise<readonly Before[]>
        /** Again, or late, changes nothing. */
        write(changes: Changes): Promise<void>
      }>
    | undefined
  /** Those that are not there are absent. */
  at(trx: ChatTrx, places: readonly Place[]): Promise<MessageRow[]>
  sentBy(trx: ChatTrx, sent: readonly Sent[]): Promise<MessageRow[]>
  /** In messages of the system that tell of this person: the name goes. */
  forgetName(trx: ChatTrx, userId: number, name: string): Promise<void>
  systemOf(db: ChatDb, roomIds: readonly number[]): Promise<readonly StoredSystemMessage[]>
  setText(db: ChatDb, place: Place, content: string): Promise<void>
  /** Of rooms that are no more; what is of the same database is gone with them already. */
  removeRooms(roomIds: readonly number[]): Promise<void>
}>

/** In the tables beside the rooms. */
export const messagesBeside: RoomMessages = {
  elsewhere: undefined,

  at: messagesAt,

  async sentBy(trx, sent) {
    if (sent.length === 0) return []
    const rows = await trx
      .selectFrom('messages')
      .select(MESSAGE)
      .where((where) =>
        where.or(
          sent.map(({ room_id, user_id, client_message_id }) =>
            where.and([
              where('room_id', '=', room_id),
              where('user_id', '=', user_id),
              where('client_message_id', '=', Buffer.from(client_message_id)),
            ]),
          ),
        ),
      )
      .execute()
    return rows.map(toMessageRow)
  },

  // They are of rooms that the person is in or was; those of the system are among what does not count.
  async forgetName(trx, userId, name) {
    await sql`UPDATE messages m
      JOIN uncounted u ON u.room_id = m.room_id AND u.seq = m.seq
      JOIN (SELECT room_id FROM members WHERE user_id = ${userId}
        UNION SELECT room_id FROM former_members WHERE user_id = ${userId}) r ON r.room_id = u.room_id
      SET m.content = REPLACE(m.content, ${name}, ${ERASED_NAME})
      WHERE m.message_type = 'system' AND (m.user_id = ${userId}
        OR JSON_EXTRACT(m.\`system\`, '$.new_owner') = ${userId}
        OR JSON_CONTAINS(JSON_EXTRACT(m.\`system\`, '$.user_ids'), ${String(userId)}))`.execute(trx)
  },

  systemOf: (db, roomIds) =>
    db
      .selectFrom('uncounted as u')
      .innerJoin('messages as m', (join) => join.onRef('m.room_id', '=', 'u.room_id').onRef('m.seq', '=', 'u.seq'))
      .select(['m.room_id', 'm.seq', 'm.user_id', 'm.system', 'm.content'])
      .where('u.room_id', 'in', roomIds)
      .where('m.message_type', '=', 'system')
      .execute(),

  async setText(db, { room_id, seq }, content) {
    await db.updateTable('messages').set({ content }).where('room_id', '=', room_id).where('seq', '=', seq).execute()
  },

  removeRooms: async () => undefined,
}
