import { openMysqlDatabase, type MysqlOptions } from '@bigtech/sql'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { createMysqlApply } from '../mysql/apply.ts'
import { identify, identityOf } from '../mysql/identity.ts'
import { checkMysql, createMysqlOthers, openScripts, type MysqlChat } from '../mysql/open.ts'
import { createMysqlPeople } from '../mysql/people.ts'
import { rebuildPartition } from '../mysql/rebuild.ts'
import type { ChatDb, ChatSchema } from '../mysql/tables.ts'
import type { Bodies } from '../partition/entries.ts'
import { createMongodbChatTables } from './chat-tables.ts'
import type { MongodbOptions } from './connect.ts'
import { joinStore } from './identity.ts'
import { openMongodbChatLog } from './open-log.ts'
import { createMongodbMessages } from './room-messages.ts'
import { indexRooms } from './search-index.ts'

/** As with MySQL alone; `check` is of MongoDB, `checkRooms` of MySQL. */
export type MongodbChat<T extends Bodies> = MysqlChat<T> & Readonly<{ checkRooms(): Promise<void> }>

/**
 * Opens and migrates all of chat-service's storage, for one of many processes: the log, its leases and cursors, messages and what they are found by on
 * MongoDB; rooms and all that is of no log on MySQL or MariaDB.
 * @param options.partitions of the log; fixed for a store
 * @param options.ownAddress where this process is reached by the others, once it is
 * @throws OtherPartitions, OtherStore, STORAGE_UNAVAILABLE; and as openMysqlDatabase
 */
export async function openMongodbChat<T extends Bodies>(
  options: MysqlOptions &
    Readonly<{ mongodb: MongodbOptions; partitions: number; ownAddress?: () => string | undefined }>,
): Promise<MongodbChat<T>> {
  const { mongodb, partitions, ownAddress, ...mysql } = options
  const rooms: ChatDb = await openMysqlDatabase<ChatSchema>({ ...mysql, migrations: chatMysqlMigrations })
  const closers = [() => rooms.destroy()]
  const close = async () => void (await Promise.all(closers.map((end) => end())))
  try {
    await identityOf(rooms, partitions, 'mongodb')
    const { db, ...ofLog } = await openMongodbChatLog<T>(mongodb, ownAddress)
    closers.push(ofLog.close)
    // Only now is it fixed: who gave a wrong URL at the first start can still choose.
    const identity = await identify(rooms, partitions, 'mongodb')
    await joinStore(db, rooms, identity)
    const messages = createMongodbMessages(db)
    const scripts = await openScripts(mysql)
    closers.push(() => scripts.destroy())
    const apply = createMysqlApply(scripts, messages)
    return {
      ...ofLog,
      ...createMysqlOthers(rooms),
      identity,
      tables: createMongodbChatTables(db, rooms, partitions, apply),
      people: createMysqlPeople(rooms, undefined, messages),
      index: (roomIds, between) => indexRooms(db, rooms, roomIds, between),
      rebuild: (p, onApplied) => rebuildPartition(rooms, apply, ofLog.log, p, onApplied, messages),
      checkRooms: () => checkMysql(rooms),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
