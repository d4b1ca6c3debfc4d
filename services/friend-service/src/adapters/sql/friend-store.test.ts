import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { connectMysql, openThreadedDatabase, type Kysely, type ReplicatedMysqlOptions } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { eventually, findEngine, spawnProgram, startProxy, tempDir } from '@bigtech/testkit'
import { friendMigrations, friendMysqlMigrations } from '../../migrations/index.ts'
import { friendStoreContract } from '../friend-store.contract.ts'
import { reportStoreContract } from '../report-store.contract.ts'
import { openMysqlFriendDatabase } from '../mysql/open.ts'
import { openFriendDatabase } from '../sqlite/open.ts'
import type { FriendSchema } from './schema.ts'

const openSqlite = async (t: TestContext) => {
  const database = await openFriendDatabase(join(tempDir(t), 'friend.db'))
  t.after(() => database.close())
  return database
}
friendStoreContract('SQLite', openSqlite)
reportStoreContract('SQLite', openSqlite)

/** Tables and their columns. */
async function shapeOf(db: Kysely<FriendSchema>): Promise<Record<string, string[]>> {
  const tables = await db.introspection.getTables()
  return Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((each) => each.name).sort()]))
}

/** Several pools on one empty database, as that many processes have. */
async function openMysql(
  t: TestContext,
  replica: Pick<ReplicatedMysqlOptions, 'replicaUrl' | 'onReplicaFailure'> = {},
) {
  const { db, options } = await temporaryMysql<FriendSchema>(t, friendMysqlMigrations)
  const database = await openMysqlFriendDatabase({ ...options, ...replica })
  t.after(() => database.close())
  return { db, options, database }
}

suite('MySQL', { skip: mysqlEngine.skip }, () => {
  test('has the tables of SQLite, and those of pairs and of leases that processes share; a migration that was killed halfway is done again', async (t) => {
    const { db, options } = await temporaryMysql<FriendSchema>(t, {})
    const { '0001_friends': migration } = friendMysqlMigrations
    await migration!.up(db)
    await db.schema.dropTable('inbox').execute()
    await friendMysqlMigrations['0003_handled_reports']!.up(db)
    await (await openMysqlFriendDatabase(options)).close()
    const { pairs, leases: _leases, ...shared } = await shapeOf(db)
    const sqlite = await openThreadedDatabase<FriendSchema>(join(tempDir(t), 'friend.db'), 'friend', friendMigrations)
    assert.deepEqual(shared, await shapeOf(sqlite))
    await sqlite.destroy()
    assert.deepEqual(pairs, ['higher_id', 'lower_id'])
  })

  friendStoreContract('MySQL', async (t) => (await openMysql(t)).database)
  reportStoreContract('MySQL', async (t) => (await openMysql(t)).database)

  test('of equal and crossing requests that two processes send at once one counts', { timeout: 60_000 }, async (t) => {
    const { db, options, database } = await openMysql(t)
    const barrier = join(tempDir(t), 'go')
    const equal = Array.from({ length: 15 }, (_, i) => [100 + i, 200 + i] as const)
    const crossing = Array.from({ length: 15 }, (_, i) => [300 + i, 400 + i] as const)
    const start = (pairs: readonly (readonly [number, number])[]) =>
      spawnProgram(t, {
        file: join(import.meta.dirname, 'race-child.fixture.ts'),
        args: [options.url, options.database, barrier, JSON.stringify(pairs)],
        ready: /^ready$/,
      })
    const programs = await Promise.all([
      start([...equal, ...crossing]),
      start([...equal, ...crossing.map(([a, b]) => [b, a] as const)]),
    ])
    writeFileSync(barrier, '')
    const done = await Promise.all(programs.map(async (program) => Number((await program.line(/^done (\d+)$/))[1])))
    assert.equal(done[0]! + done[1]!, equal.length + 2 * crossing.length)
    for (const [a, b] of equal) assert.equal((await database.friends.pair(a, b)).pending?.from_user_id, a)
    for (const [a, b] of crossing)
      assert.deepEqual(await database.friends.pair(a, b), {
        friends: true,
        pending: null,
        blocked_by: [],
        rejections: [],
      })
    const requests = await db.selectFrom('requests').select('id').execute()
    assert.equal(requests.length, equal.length + crossing.length)
    const claimed = await database.outbox.claim({ owner: 'test', limit: 1_000, leaseMs: 10_000, now: 1 })
    assert.equal(claimed.length, equal.length + 2 * crossing.length)
  })

  test('nothing of a closed account stays, not even that there was a pair', async (t) => {
    const { db, database } = await openMysql(t)
    const events = () => []
    for (const b of [1, 3])
      await database.friends.update({ a: 2, b, now: 1, decide: () => [{ kind: 'block', by: 2, other: b }], events })
    await database.people.erase({ event_id: 'e', now: 1, user_id: 1, events })
    assert.deepEqual(
      (await db.selectFrom('pairs').selectAll().orderBy('higher_id').execute()).map((row) => Object.values(row)),
      [
        [2, 2],
        [2, 3],
      ],
    )
  })

  const replica = findEngine('MYSQL_READ_REPLICA_URL', 'mariadb-replica')
  test(
    'suggestions come from the replica, without whom the caller has asked since; from the primary while it is away',
    replica,
    async (t) => {
      const url = new URL(replica.value)
      let failures = 0
      const proxy = await startProxy({ port: Number(url.port) })
      url.port = String(proxy.port)
      const { options, database } = await openMysql(t, {
        replicaUrl: url.href,
        onReplicaFailure: () => void failures++,
      })
      t.after(() => proxy.close())
      const befriend = (a: number, b: number) =>
        database.friends.update({
          a,
          b,
          now: 1,
          decide: () => [
            { kind: 'befriend', request: { id: 0, from_user_id: a, to_user_id: b, status: 'accepted', created_at: 1 } },
          ],
          events: () => [],
        })
      for (const user_id of [1, 2, 3, 4])
        await database.people.applyProfile({
          event_id: `e${user_id}`,
          now: 1,
          profile: {
            user_id,
            username: `u${user_id}`,
            display_name: '',
            status_message: null,
            profile_image_url: null,
            active: true,
          },
        })
      for (const [a, b] of [[1, 2], [2, 3], [2, 4]] as const) await befriend(a, b) // prettier-ignore
      const suggested = async () =>
        (await database.friends.suggestions({ user_id: 1, limit: 5 })).map(({ user_id }) => user_id)
      // It follows the primary a moment later.
      const direct = await connectMysql<FriendSchema>({ ...options, url: replica.value })
      t.after(() => direct.destroy())
      await eventually(async () =>
        assert.equal((await direct.selectFrom('friendships').select('since').execute()).length, 6),
      )
      assert.deepEqual(await suggested(), [3, 4])
      const asks = database.friends.update({
        a: 1,
        b: 3,
        now: 1,
        decide: () => [{ kind: 'request', from: 1, to: 3 }],
        events: () => [],
      })
      await asks
      assert.deepEqual(await suggested(), [4])
      assert.equal(failures, 0)
      proxy.cut()
      assert.deepEqual(await suggested(), [4])
      assert.equal(failures, 1)
    },
  )
})
