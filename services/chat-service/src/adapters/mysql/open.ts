import type { Coordination, Cursors, LogStore, Shape } from '@bigtech/partition-log'
import { openMysqlDatabase, type MysqlOptions } from '@bigtech/sql'
import { chatMysqlMigrations } from '../../migrations/index.ts'
import { createMysqlCoordination, createMysqlCursors } from './coordination.ts'
import { createMysqlLogStore } from './log-store.ts'
import type { ChatLogSchema } from './schema.ts'

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
