import type { ChatTables } from '../partition/ports.ts'
import { createMysqlFind } from './find.ts'
import { createMysqlHistory } from './history.ts'
import { createMysqlMemberships } from './memberships.ts'
import { createMysqlMessageReads } from './message-reads.ts'
import { createMysqlRoomQueries } from './room-queries.ts'
import type { ChatDb } from './tables.ts'

/** @param partitions of the log @param apply of createMysqlApply */
export function createMysqlChatTables(db: ChatDb, partitions: number, apply: ChatTables['apply']): ChatTables {
  return {
    apply,
    find: createMysqlFind(db, partitions),
    ...createMysqlHistory(db, partitions),
    messages: createMysqlMessageReads(db),
    rooms: { ...createMysqlMemberships(db), ...createMysqlRoomQueries(db) },
    ...createMysqlRoomsOf(db),
  }
}

export const createMysqlRoomsOf = (db: ChatDb): Pick<ChatTables, 'groupsOf' | 'invitedTo'> => ({
  async groupsOf(userId) {
    const rows = await db
      .selectFrom('members as m')
      .innerJoin('rooms as r', 'r.id', 'm.room_id')
      .select('r.id')
      .where('m.user_id', '=', userId)
      .where('r.type', '=', 'group')
      .execute()
    return rows.map(({ id }) => id)
  },
  async invitedTo(userId) {
    const rows = await db.selectFrom('invitations').select('room_id').where('user_id', '=', userId).execute()
    return rows.map(({ room_id }) => room_id)
  },
})
