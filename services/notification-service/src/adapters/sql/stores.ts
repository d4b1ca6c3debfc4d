import type { MailStore, NoteStore, PeopleStore, PushStore, SettingsStore, SubscriptionStore } from '../../ports.ts'
import { createSqlMailStore } from './mail-store.ts'
import { createSqlNoteStore } from './note-store.ts'
import { createSqlPeopleStore } from './people-store.ts'
import { createSqlPushStore } from './push-store.ts'
import type { Db } from './schema.ts'
import { createSqlSettingsStore } from './settings-store.ts'
import { createSqlSubscriptionStore } from './subscription-store.ts'
import { vapidKeys, type VapidKeys } from './vapid-keys.ts'

export type NotificationDatabase = Readonly<{
  notes: NoteStore
  settings: SettingsStore
  subscriptions: SubscriptionStore
  pushes: PushStore
  people: PeopleStore
  mails: MailStore
  /** Those of this installation: `fresh` becomes them when there are none. */
  vapidKeys(fresh: () => Promise<VapidKeys>): Promise<VapidKeys>
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>

export const createStores = (db: Db, onMysql: boolean) => ({
  notes: createSqlNoteStore(db),
  settings: createSqlSettingsStore(db),
  subscriptions: createSqlSubscriptionStore(db),
  pushes: createSqlPushStore(db, onMysql),
  people: createSqlPeopleStore(db),
  mails: createSqlMailStore(db),
  vapidKeys: (fresh: () => Promise<VapidKeys>) => vapidKeys(db, fresh),
})
