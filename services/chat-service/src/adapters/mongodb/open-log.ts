import type { Shape } from '@bigtech/partition-log'
import type { Db } from 'mongodb'
import type { ChatLog } from '../mysql/open.ts'
import { connectMongodb, type MongodbOptions } from './connect.ts'
import { createMongodbCoordination, createMongodbCursors } from './coordination.ts'
import { writing } from './errors.ts'
import { createMongodbLogStore } from './log-store.ts'
import { collection, migrateMongodb } from './schema.ts'

/**
 * Opens the partition log on MongoDB, which many processes may share.
 * @throws STORAGE_UNAVAILABLE
 */
export async function openMongodbChatLog<T extends Shape>(
  options: MongodbOptions,
  ownAddress?: () => string | undefined,
): Promise<ChatLog<T> & Readonly<{ db: Db }>> {
  const { db, close } = await connectMongodb(options)
  try {
    await migrateMongodb(db)
  } catch (error) {
    await close()
    throw error
  }
  return {
    db,
    log: createMongodbLogStore(db),
    coordination: createMongodbCoordination(db, ownAddress),
    cursors: createMongodbCursors(db),
    // Confirmed by a majority like every write, though there is no such document.
    check: async () =>
      void (await writing(() => collection(db, 'partition_cursors').updateOne({ _id: -1 }, { $set: { n: 0 } }))),
    close,
  }
}
