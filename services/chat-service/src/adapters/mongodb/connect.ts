import type { Db } from 'mongodb'
import { reading } from './errors.ts'

export type MongodbOptions = Readonly<{
  /** `mongodb://host:port,host:port/?replicaSet=name`, `mongodb+srv://host` */
  url: string
  database: string
  /** Open at most, to each server; calls beyond wait. Default: `maxPoolSize` of the URL, or 100 */
  connections?: number
  /** ms to find a primary and for a connection to be made, default 3,000 */
  connectTimeoutMs?: number
  /** ms to wait for an answer, a free connection or a majority, default 10,000 */
  answerTimeoutMs?: number
}>

export type Connected = Readonly<{ db: Db; close(): Promise<void> }>

/**
 * A pool of connections to one database. Whatever the URL says: a write is answered when a majority has it in its journal, and reads are of the primary, of
 * what a majority has. Nothing is tried again by the driver: an outcome that nobody knows is the caller's affair, as with every other engine.
 * @throws STORAGE_UNAVAILABLE
 */
export async function connectMongodb(options: MongodbOptions): Promise<Connected> {
  const { connectTimeoutMs = 3_000, answerTimeoutMs = 10_000 } = options
  const { MongoClient, ReadConcern } = await import('mongodb')
  const writeConcern = { w: 'majority', journal: true, wtimeoutMS: answerTimeoutMs } as const
  const promised = { writeConcern, readConcern: new ReadConcern('majority'), readPreference: 'primary' } as const
  const client = new MongoClient(options.url, {
    appName: 'bigtech-chat',
    ...(options.connections === undefined ? {} : { maxPoolSize: options.connections }),
    connectTimeoutMS: connectTimeoutMs,
    serverSelectionTimeoutMS: connectTimeoutMs,
    socketTimeoutMS: answerTimeoutMs,
    waitQueueTimeoutMS: answerTimeoutMs,
    ...promised,
    retryWrites: false,
    retryReads: false,
    ignoreUndefined: false,
  })
  await reading(() => client.connect()).catch(async (error: unknown) => {
    await client.close()
    throw error
  })
  // Of the client's own the URL's are taken one by one instead: it could say `journal=false`.
  return { db: client.db(options.database, promised), close: () => client.close() }
}
