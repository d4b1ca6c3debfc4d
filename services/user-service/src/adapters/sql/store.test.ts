import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { connectMysql, openThreadedDatabase, type Kysely } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { eventually, findEngine, startProxy, tempDir, type Cleanup } from '@bigtech/testkit'
import { createUser } from '../../access/change-user.ts'
import { decideRegister } from '../../domain/decide-user.ts'
import { imageUrlUnder } from '../../domain/public-events.ts'
import { userMigrations, userMysqlMigrations } from '../../migrations/index.ts'
import type { UserStore } from '../../ports.ts'
import { openMysqlUserDatabase } from '../mysql/open.ts'
import { openUserDatabase } from '../sqlite/open.ts'
import { sessionStoreContract } from '../session-store.contract.ts'
import { userStoreContract } from '../user-store.contract.ts'
import type { UserSchema } from './schema.ts'
import { createSqlUserStore, type UserDatabase } from './store.ts'

const open = async (t: Cleanup) => {
  const db = await openThreadedDatabase<UserSchema>(join(tempDir(t), 'user.db'), 'user-service', userMigrations)
  t.after(() => db.destroy())
  return db
}

for (const contract of [userStoreContract, sessionStoreContract])
  contract('SQLite', async (t) => createSqlUserStore(await open(t)))

/** Each call goes to the next of two pools, as if to two processes. */
function inTurns(stores: readonly [UserStore, UserStore]): UserStore {
  let calls = 0
  const next = () => stores[calls++ % 2]!
  return new Proxy(stores[0], { get: (_, name: keyof UserStore) => next()[name] })
}

const register = (store: UserStore, username: string) =>
  store.transaction((tx) =>
    createUser(
      tx,
      { clock: { now: () => 1 }, imageUrl: imageUrlUnder('/api') },
      decideRegister({ email: `${username}@example.com`, username }),
    ),
  )

/** Tables and their columns. */
async function shapeOf(db: Kysely<UserSchema>): Promise<Record<string, string[]>> {
  const tables = await db.introspection.getTables()
  return Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((each) => each.name).sort()]))
}

/** Ids go up whatever is lost. @param lose all rows */
async function idsOnlyGoUp(
  database: UserDatabase,
  reopen: (above?: number) => Promise<UserDatabase>,
  lose: () => Promise<unknown>,
) {
  assert.equal(database.lastId, 0)
  assert.equal((await register(database.store, 'one')).id, 1)
  await register(database.store, 'two')
  await lose()
  assert.equal((await reopen()).lastId, 2)
  assert.equal((await register(database.store, 'three')).id, 3)
  await database.reserveIds(10)
  assert.deepEqual(
    (await database.store.users.list({ limit: 9 })).map(({ id }) => id),
    [3],
  )
  await database.reserveIds(5)
  assert.equal((await register(database.store, 'four')).id, 11)
  assert.equal((await reopen(20)).lastId, 20)
  assert.equal((await register(database.store, 'five')).id, 21)
}

test('SQLite: an id is never given twice', async (t) => {
  const file = join(tempDir(t), 'user.db')
  const reopen = async (above?: number) => {
    const database = await openUserDatabase(file, above)
    t.after(() => database.close())
    return database
  }
  const database = await reopen()
  await idsOnlyGoUp(database, reopen, async () => {
    const db = await openThreadedDatabase<UserSchema>(file, 'user-service', userMigrations)
    await db.deleteFrom('users').execute()
    await db.destroy()
  })
})

suite('MySQL', { skip: mysqlEngine.skip }, () => {
  async function openMysql(t: TestContext | Cleanup) {
    const { db, options } = await temporaryMysql<UserSchema>(t, userMysqlMigrations)
    const reopen = async (above?: number) => {
      const database = await openMysqlUserDatabase({ ...options, connections: 8 }, above)
      t.after(() => database.close())
      return database
    }
    return { db, options, reopen }
  }

  test('has the tables of SQLite, and those of keys and leases that processes share', async (t) => {
    const { db, reopen } = await openMysql(t)
    const { signing_keys: _keys, leases: _leases, ...shared } = await shapeOf(db)
    assert.deepEqual(shared, await shapeOf(await open(t)))
    const secret = 'a secret of at least 32 characters'
    const keys = await Promise.all([(await reopen()).signingKeys(secret), (await reopen()).signingKeys(secret)])
    assert.equal(keys[0].current().kid, keys[1].current().kid)
  })

  for (const contract of [userStoreContract, sessionStoreContract])
    contract('MySQL, two pools', async (t) => {
      const { reopen } = await openMysql(t)
      return inTurns([(await reopen()).store, (await reopen()).store])
    })

  test('an id is never given twice', async (t) => {
    const { db, reopen } = await openMysql(t)
    await idsOnlyGoUp(await reopen(), reopen, () => db.deleteFrom('users').execute())
  })

  const replica = findEngine('MYSQL_READ_REPLICA_URL', 'mariadb-replica')
  test('searches go to the replica, and to the primary while it is away', replica, async (t) => {
    const { options } = await openMysql(t)
    const url = new URL(replica.value)
    const proxy = await startProxy({ port: Number(url.port) })
    url.port = String(proxy.port)
    let failures = 0
    const database = await openMysqlUserDatabase({
      ...options,
      replicaUrl: url.href,
      onReplicaFailure: () => void failures++,
    })
    const direct = await connectMysql<UserSchema>({ ...options, url: replica.value })
    t.after(async () => {
      await direct.destroy()
      await database.close()
      proxy.close()
    })
    const { id } = await register(database.store, 'alice')
    // It follows the primary a moment later.
    await eventually(async () => assert.equal((await direct.selectFrom('users').select('id').execute()).length, 1))
    const found = async () =>
      (await database.store.users.search({ key: 'ali', viewer: 0, limit: 5 })).map((user) => user.id)
    assert.deepEqual(await found(), [id])
    assert.equal(failures, 0)
    proxy.cut()
    assert.deepEqual(await found(), [id])
    assert.equal(failures, 1)
  })
})
