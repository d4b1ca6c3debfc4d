import { createSqlOutbox, type Outbox } from '@bigtech/messaging'
import { openThreadedDatabase, probeStatement } from '@bigtech/sql'
import { sql } from 'kysely'
import { friendMigrations } from '../../migrations/index.ts'
import type { FriendStore, PeopleStore, ReportStore } from '../../ports.ts'
import { createSqlFriendStore } from './friend-store.ts'
import { createSqlPeopleStore } from './people-store.ts'
import { createSqlReportStore } from './report-store.ts'
import type { FriendSchema } from './schema.ts'

export type FriendDatabase = Readonly<{
  friends: FriendStore
  people: PeopleStore
  reports: ReportStore
  outbox: Outbox
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

/** Opens and migrates the SQLite file of friend-service. */
export async function openFriendDatabase(file: string): Promise<FriendDatabase> {
  const db = await openThreadedDatabase<FriendSchema>(file, 'friend-service', friendMigrations)
  return {
    friends: createSqlFriendStore(db),
    people: createSqlPeopleStore(db),
    reports: createSqlReportStore(db),
    outbox: createSqlOutbox(db),
    check: async () => void (await sql.raw(probeStatement()).execute(db)),
    close: () => db.destroy(),
  }
}
