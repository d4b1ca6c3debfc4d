import { createSqlOutbox, type Outbox } from '@bigtech/messaging'
import type { StaleReads } from '@bigtech/sql'
import type { FriendStore, PeopleStore, ReportStore } from '../../ports.ts'
import { createSqlFriendStore } from './friend-store.ts'
import { createSqlPeopleStore } from './people-store.ts'
import { createSqlReportStore } from './report-store.ts'
import type { Db, FriendSchema } from './schema.ts'

export type FriendDatabase = Readonly<{
  friends: FriendStore
  people: PeopleStore
  reports: ReportStore
  outbox: Outbox
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

export const createStores = (db: Db, stale?: StaleReads<FriendSchema>) => ({
  friends: createSqlFriendStore(db, stale),
  people: createSqlPeopleStore(db),
  reports: createSqlReportStore(db),
  outbox: createSqlOutbox(db),
})
