import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { openThreadedDatabase, type Kysely } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { tempDir } from '@bigtech/testkit'
import { notificationMigrations, notificationMysqlMigrations } from '../../migrations/index.ts'
import { openMysqlNotificationDatabase } from '../mysql/open.ts'
import { notificationStoreContract } from '../notification-store.contract.ts'
import { openNotificationDatabase } from '../sqlite/open.ts'
import { newVapidKeys } from '../push/push-sender.ts'
import type { NotificationSchema } from './schema.ts'

notificationStoreContract('SQLite', async (t, processes = 1) => {
  const database = await openNotificationDatabase(join(tempDir(t), 'notification.db'))
  t.after(() => database.close())
  // One process has the file.
  return Array.from({ length: processes }, () => database)
})

suite('MySQL', { skip: mysqlEngine.skip }, () => {
  const open = (t: Parameters<typeof temporaryMysql>[0]) =>
    temporaryMysql<NotificationSchema>(t, notificationMysqlMigrations)

  notificationStoreContract('MySQL', async (t, processes = 1) => {
    const { options } = await open(t)
    const databases = await Promise.all(Array.from({ length: processes }, () => openMysqlNotificationDatabase(options)))
    t.after(() => Promise.all(databases.map((database) => database.close())))
    return databases
  })

  test('has the tables of SQLite, and those of leases', async (t) => {
    const shapeOf = async (db: Kysely<NotificationSchema>) => {
      const tables = await db.introspection.getTables()
      return Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((each) => each.name).sort()]))
    }
    const { leases, ...shared } = await shapeOf((await open(t)).db)
    assert.ok(leases)
    const file = join(tempDir(t), 'notification.db')
    const sqlite = await openThreadedDatabase<NotificationSchema>(file, 'notification', notificationMigrations)
    t.after(() => sqlite.destroy())
    assert.deepEqual(shared, await shapeOf(sqlite))
  })

  test('of processes that make keys at once all have the same', async (t) => {
    const { options } = await open(t)
    const databases = await Promise.all([1, 2, 3].map(() => openMysqlNotificationDatabase(options)))
    t.after(() => Promise.all(databases.map((database) => database.close())))
    const keys = await Promise.all(databases.map((database) => database.vapidKeys(newVapidKeys)))
    assert.equal(new Set(keys.map(({ publicKey, privateKey }) => publicKey + privateKey)).size, 1)
  })
})
