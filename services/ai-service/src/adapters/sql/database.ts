import { createSqlOutbox, type Outbox } from '@bigtech/messaging'
import type { AlertStore, LinkStore, WatchStore } from '../../link-ports.ts'
import type { ConsentStore, EntryStore, RecordingStore, WeekStore } from '../../ports.ts'
import { createSqlAlertStore } from './alert-store.ts'
import { createSqlConsentStore } from './consent-store.ts'
import { createSqlEntryStore } from './entry-store.ts'
import { createSqlLinkStore } from './link-store.ts'
import { createSqlRecordingStore } from './recording-store.ts'
import type { Db } from './schema.ts'
import { createSqlWeekStore } from './week-store.ts'
import { createSqlWatchStore } from './watch-store.ts'

export type AiDatabase = Readonly<{
  consents: ConsentStore
  entries: EntryStore
  recordings: RecordingStore
  weeks: WeekStore
  outbox: Outbox
  links: LinkStore
  watches: WatchStore
  alerts: AlertStore
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

export const createStores = (db: Db) => ({
  consents: createSqlConsentStore(db),
  links: createSqlLinkStore(db),
  entries: createSqlEntryStore(db),
  watches: createSqlWatchStore(db),
  alerts: createSqlAlertStore(db),
  weeks: createSqlWeekStore(db),
  recordings: createSqlRecordingStore(db),
  outbox: createSqlOutbox(db),
})
