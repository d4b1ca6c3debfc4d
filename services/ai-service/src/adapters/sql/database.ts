import { createSqlOutbox, type Outbox } from '@bigtech/messaging'
import type { LinkStore } from '../../link-ports.ts'
import { createSqlLinkStore } from './link-store.ts'
import type { ConsentStore, EntryStore } from '../../ports.ts'
import { createSqlConsentStore } from './consent-store.ts'
import { createSqlEntryStore } from './entry-store.ts'
import type { Db } from './schema.ts'

export type AiDatabase = Readonly<{
  consents: ConsentStore
  entries: EntryStore
  outbox: Outbox
  links: LinkStore
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

export const createStores = (db: Db) => ({
  consents: createSqlConsentStore(db),
  links: createSqlLinkStore(db),
  entries: createSqlEntryStore(db),
  outbox: createSqlOutbox(db),
})
