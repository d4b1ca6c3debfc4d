import { CLOSES_PER_DAY } from '../../domain/closing.ts'
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

/** @param closesPerDay pushes that show nothing, a device */
export const createStores = (db: Db, onMysql: boolean, closesPerDay = CLOSES_PER_DAY) => ({
  notes: createSqlNoteStore(db, closesPerDay),
  settings: createSqlSettingsStore(db),
  subscriptions: createSqlSubscriptionStore(db),
  pushes: createSqlPushStore(db, onMysql, closesPerDay),
  people: createSqlPeopleStore(db, closesPerDay),
  mails: createSqlMailStore(db),
  vapidKeys: (fresh: () => Promise<VapidKeys>) => vapidKeys(db, fresh),
})
