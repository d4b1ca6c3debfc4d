import type { Coordination, Cursors, LogStore, Shape } from '@bigtech/partition-log'
import { createSqlOutbox, KEEP_EVENTS_MS, pruneInbox, type Outbox } from '@bigtech/messaging'
import { createSqlLeases, type Leases } from '@bigtech/service'
import { connectMysql, openMysqlDatabase, type Kysely, type MysqlOptions } from '@bigtech/sql'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import type { FileStore } from '../../ports.ts'
import type { Bodies } from '../partition/entries.ts'
import type { Index } from '../partition/indexer.ts'
import type { ChatTables, DailyQuotas, People, RoomDirectory } from '../partition/ports.ts'
import { createMysqlApply } from './apply.ts'
import { createMysqlChatTables } from './chat-tables.ts'
import { createMysqlCoordination, createMysqlCursors, type AddressOf } from './coordination.ts'
import { createMysqlDailyQuotas } from './daily-quotas.ts'
import { createMysqlFiles } from './files.ts'
import { identify, type StoreIdentity } from './identity.ts'
import { createMysqlLogStore } from './log-store.ts'
import { createMysqlPeople } from './people.ts'
import { rebuildPartition } from './rebuild.ts'
import { createMysqlRoomDirectory, pruneGroupKeys } from './room-directory.ts'
import type { ChatLogSchema } from './schema.ts'
import { indexRooms } from './search-index.ts'
import type { ChatDb, ChatSchema } from './tables.ts'

/** Connections: what fails together is done again one by one. */
const APPLYING = 2

export type ChatLog<T extends Shape> = Readonly<{
  log: LogStore<T>
  coordination: Coordination & Readonly<{ addressOf: AddressOf }>
  cursors: Cursors
  /** Rejects while nothing can be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

/**
 * Opens and migrates the partition log on MySQL or MariaDB, which many processes may share. There is no replica: everything is of the primary.
 * A document must fit into the server's `max_allowed_packet`, twice when all of it has to be escaped.
 * @throws as openMysqlDatabase
 */
export async function openMysqlChatLog<T extends Shape>(options: MysqlOptions): Promise<ChatLog<T>> {
  return createLog(await openMysqlDatabase<ChatLogSchema>({ ...options, migrations: chatMysqlMigrations }))
}

const createLog = <T extends Shape>(db: Kysely<ChatLogSchema>, ownAddress?: () => string | undefined): ChatLog<T> => ({
  log: createMysqlLogStore(db),
  coordination: createMysqlCoordination(db, ownAddress),
  cursors: createMysqlCursors(db),
  check: () => checkMysql(db),
  close: () => db.destroy(),
})

/** Refused by a server that is read only, though there is no such row. */
export const checkMysql = async (db: Kysely<ChatLogSchema>): Promise<void> =>
  void (await db.updateTable('partition_cursors').set({ n: 0 }).where('p', '=', -1).execute())

/** The log, the tables made of it, and what is of no log. */
export type MysqlChat<T extends Bodies> = ChatLog<T> &
  Readonly<{
    identity: StoreIdentity
    tables: ChatTables
    people: People
    files: FileStore
    directory: RoomDirectory
    quotas: DailyQuotas
    /** Of what is of no log. */
    outbox: Outbox
    leases: Leases
    /**
     * Brings what rooms' messages are found by up to what was committed before. A search does it itself, and waits for it: this is for the pauses.
     */
    index: Index
    /** See rebuildPartition. */
    rebuild(p: number, onApplied?: (documents: number) => void): Promise<number>
    /** Forgets handled event ids, and keys of requests, that are old enough. */
    prune(now: number): Promise<void>
  }>

/**
 * Opens and migrates all of chat-service's storage on MySQL or MariaDB, for one of many processes.
 * @param options.partitions of the log; fixed for a store
 * @param options.ownAddress where this process is reached by the others, once it is
 * @throws OtherPartitions, OtherStore; and as openMysqlDatabase
 */
export async function openMysqlChat<T extends Bodies>(
  options: MysqlOptions & Readonly<{ partitions: number; ownAddress?: () => string | undefined }>,
): Promise<MysqlChat<T>> {
  const db: ChatDb = await openMysqlDatabase<ChatSchema>({ ...options, migrations: chatMysqlMigrations })
  const ofLog = createLog<T>(db, options.ownAddress)
  const identity = await identify(db, options.partitions).catch(async (error: unknown) => {
    await db.destroy()
    throw error
  })
  const scripts = await openScripts(options)
  const apply = createMysqlApply(scripts)
  return {
    ...ofLog,
    ...createMysqlOthers(db),
    identity,
    async close() {
      await scripts.destroy()
      await db.destroy()
    },
    tables: createMysqlChatTables(db, options.partitions, apply),
    people: createMysqlPeople(db),
    index: (roomIds, between) => indexRooms(db, roomIds, between),
    rebuild: (p, onApplied) => rebuildPartition(db, apply, ofLog.log, p, onApplied),
  }
}

/** For applying documents, of which two transactions at a time are under way. */
export const openScripts = (options: MysqlOptions): Promise<ChatDb> =>
  connectMysql<ChatSchema>({ ...options, connections: APPLYING, scripts: true })

/** What has nothing to do with messages. */
export const createMysqlOthers = (
  db: ChatDb,
): Pick<MysqlChat<Bodies>, 'files' | 'directory' | 'quotas' | 'outbox' | 'leases' | 'prune'> => ({
  files: createMysqlFiles(db),
  directory: createMysqlRoomDirectory(db),
  quotas: createMysqlDailyQuotas(db),
  outbox: createSqlOutbox(db, { keepMs: KEEP_EVENTS_MS }),
  leases: createSqlLeases(db),
  async prune(now) {
    await pruneInbox(db, { now })
    await pruneGroupKeys(db, now)
  },
})
