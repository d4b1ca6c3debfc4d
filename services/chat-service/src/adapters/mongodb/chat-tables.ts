import type { Db } from 'mongodb'
import { createMysqlRoomsOf } from '../mysql/chat-tables.ts'
import { createMysqlFind } from '../mysql/find.ts'
import { createMysqlMemberships } from '../mysql/memberships.ts'
import { createMysqlRoomQueries } from '../mysql/room-queries.ts'
import type { ChatDb } from '../mysql/tables.ts'
import type { ChatTables } from '../partition/ports.ts'
import { createMongodbHistory } from './history.ts'
import { createMongodbMessageReads } from './message-reads.ts'
import { createMongodbMessages } from './room-messages.ts'
import { createMongodbRoomList } from './room-list.ts'

/**
 * Messages in MongoDB and rooms in MySQL. What is seen of a room is never more than MySQL shows of it, and MongoDB has all of that: it is
 * written first.
 * @param partitions of the log @param apply of createMysqlApply
 */
export function createMongodbChatTables(
  db: Db,
  rooms: ChatDb,
  partitions: number,
  apply: ChatTables['apply'],
): ChatTables {
  const messages = createMongodbMessages(db)
  return {
    apply,
    find: createMysqlFind(rooms, partitions, messages),
    ...createMongodbHistory(db, rooms, partitions),
    messages: createMongodbMessageReads(db, rooms),
    rooms: { ...createMysqlMemberships(rooms), ...createMysqlRoomQueries(rooms), ...createMongodbRoomList(db, rooms) },
    ...createMysqlRoomsOf(rooms),
  }
}
