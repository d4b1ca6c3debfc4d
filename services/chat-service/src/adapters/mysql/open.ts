import type { Coordination, Cursors, LogStore, Shape } from '@bigtech/partition-log'
import { createSqlOutbox, pruneInbox, type Outbox } from '@bigtech/messaging'
import { createSqlLeases, type Leases } from '@bigtech/service'
import { openMysqlDatabase, type MysqlOptions } from '@bigtech/sql'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import type { FileStore, Memberships, MessageLog, PeopleReadModel, RoomQueries } from '../../ports.ts'
import { createMysqlClosures, type PeopleClosures } from './closures.ts'
import { createMysqlCoordination, createMysqlCursors } from './coordination.ts'
import { createMysqlDailyCounts, type DailyCounts } from './daily-counts.ts'
import { createMysqlFiles } from './files.ts'
import { createMysqlHistory, type ChatHistory } from './history.ts'
import { createMysqlLogStore } from './log-store.ts'
import { createMysqlMemberships } from './memberships.ts'
import { createMysqlMessageReads } from './message-reads.ts'
import { createMysqlPeople } from './people.ts'
import { createMysqlRoomDirectory, type RoomDirectory } from './room-directory.ts'
import { createMysqlRoomQueries } from './room-queries.ts'
import type { ChatLogSchema } from './schema.ts'
import { indexRoom } from './search-index.ts'
import type { ChatDb, ChatSchema } from './tables.ts'

export type ChatLog<T extends Shape> = Readonly<{
  log: LogStore<T>
  coordination: Coordination
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
  const db = await openMysqlDatabase<ChatLogSchema>({ ...options, migrations: chatMysqlMigrations })
  return {
    log: createMysqlLogStore(db),
    coordination: createMysqlCoordination(db),
    cursors: createMysqlCursors(db),
    // Refused by a server that is read only, though there is no such row.
    check: async () => void (await db.updateTable('partition_cursors').set({ n: 0 }).where('p', '=', -1).execute()),
    close: () => db.destroy(),
  }
}

/** What chat-service reads, and what it writes that is of no log. */
export type ChatTables = Readonly<{
  messages: Omit<MessageLog, 'append' | 'change'>
  rooms: Memberships & RoomQueries
  history: ChatHistory
  people: PeopleReadModel
  files: FileStore
  closures: PeopleClosures
  directory: RoomDirectory
  daily: DailyCounts
  outbox: Outbox
  leases: Leases
  /** Brings what a room's messages are found by up to that revision. A search does it too, and waits for it: this is for the time before. */
  index(roomId: number, rev: number): Promise<void>
  /** Forgets handled event ids that are old enough. */
  prune(now: number): Promise<void>
}>

/** @param options.partitions of the log, fixed for the store */
export function createMysqlChatTables(db: ChatDb, options: { partitions: number }): ChatTables {
  const people = createMysqlPeople(db)
  return {
    messages: createMysqlMessageReads(db),
    rooms: { ...createMysqlMemberships(db), ...createMysqlRoomQueries(db) },
    history: createMysqlHistory(db, options.partitions),
    people,
    files: createMysqlFiles(db),
    closures: createMysqlClosures(db, people),
    directory: createMysqlRoomDirectory(db),
    daily: createMysqlDailyCounts(db),
    outbox: createSqlOutbox(db),
    leases: createSqlLeases(db),
    index: (roomId, rev) => indexRoom(db, roomId, rev),
    prune: async (now) => void (await pruneInbox(db, { now })),
  }
}

export const openMysqlChatDatabase = (options: MysqlOptions): Promise<ChatDb> =>
  openMysqlDatabase<ChatSchema>({ ...options, migrations: chatMysqlMigrations })
