import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { eventually, startProxy } from '@bigtech/testkit'
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { isUniqueViolation, violatedKey } from '../errors.ts'
import { transaction } from '../transaction.ts'
import { connectMysql, openMysqlDatabase, type MysqlOptions } from './database.ts'
import { createStaleReads } from './replica.ts'
import { mysqlEngine, temporaryMysql } from './temporary.fixture.ts'

type Schema = { things: { id: number; name: string; other: string; n: number } }

const migrations: Record<string, Migration> = {
  '0001_things': {
    async up(db) {
      await sql`CREATE TABLE IF NOT EXISTS things (
        id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, other VARCHAR(100) NOT NULL, n BIGINT NOT NULL,
        UNIQUE KEY things_name (name), UNIQUE KEY things_other (other))`.execute(db)
    },
  },
}

const unavailable = (code: string) => (error: unknown) =>
  error instanceof AppError && error.code === code && error.kind === 'unavailable'

const storageAway = unavailable('STORAGE_UNAVAILABLE')

suite('MySQL', { skip: mysqlEngine.skip }, () => {
  const open = (t: TestContext) => temporaryMysql<Schema>(t, migrations)
  const thing = (id: number, name = `name ${id}`, other = `other ${id}`) => ({ id, name, other, n: 0 })

  /** A pool behind a proxy, to the database of another pool. */
  async function openBehindProxy(t: TestContext, limits: Partial<MysqlOptions> = {}) {
    const { db: direct, options } = await open(t)
    const url = new URL(options.url)
    const proxy = await startProxy({ port: Number(url.port) })
    t.after(() => proxy.close())
    url.port = String(proxy.port)
    const db = await connectMysql<Schema>({
      ...options,
      url: url.href,
      connectTimeoutMs: 500,
      answerTimeoutMs: 500,
      ...limits,
    })
    t.after(() => db.destroy())
    return { db, direct, proxy }
  }

  test('texts that look alike to a collation are different', async (t) => {
    const { db } = await open(t)
    await db
      .insertInto('things')
      .values([thing(1, 'rene'), thing(2, 'rené'), thing(3, 'RENE'), thing(4, '가'), thing(5, '각')])
      .execute()
    const found = await db.selectFrom('things').select('id').where('name', '=', 'rene').execute()
    assert.deepEqual(found, [{ id: 1 }])
  })

  test('what somebody had locked who vanished in the middle of a transaction is free after a while, and not done', async (t) => {
    const { db, direct, proxy } = await openBehindProxy(t)
    await direct.insertInto('things').values(thing(1)).execute()
    const locked = Promise.withResolvers<void>()
    const vanished = transaction(db, async (trx) => {
      await trx.updateTable('things').set({ n: 1 }).where('id', '=', 1).execute()
      locked.resolve()
      // Its machine is no more: nothing is said, nor that the connection has ended.
      proxy.pause()
      await new Promise((resolve) => t.signal.addEventListener('abort', resolve))
    })
    vanished.catch(() => {})
    await locked.promise
    const change = () => direct.updateTable('things').set({ other: 'another' }).where('id', '=', 1).execute()
    await eventually(change, { timeoutMs: 30_000 })
    const [one] = await direct.selectFrom('things').selectAll().execute()
    assert.deepEqual([one!.n, one!.other], [0, 'another'])
  })

  test('what is asked after the end is not done, as in an outage: also by who has waited, or is in the middle', async (t) => {
    const { options } = await open(t)
    const db = await connectMysql<Schema>({ ...options, connections: 1 })
    const ended = Promise.withResolvers<void>()
    const inTheMiddle = transaction(db, async (trx) => {
      await trx.insertInto('things').values(thing(1)).execute()
      await ended.promise
      await trx.insertInto('things').values(thing(2)).execute()
    })
    const waiting = db.selectFrom('things').selectAll().execute()
    const outcomes = [assert.rejects(inTheMiddle, storageAway), assert.rejects(waiting, storageAway)]
    await db.destroy()
    ended.resolve()
    await Promise.all(outcomes)
    await assert.rejects(db.selectFrom('things').selectAll().execute(), storageAway)
    await db.destroy()
  })

  test('ids up to 2^53 - 1 are numbers; sums are numbers; texts of four bytes a character come back', async (t) => {
    const { db } = await open(t)
    const row = { id: Number.MAX_SAFE_INTEGER, name: '👩‍👩‍👧‍👦 𠮷', other: '', n: Number.MAX_SAFE_INTEGER }
    await db.insertInto('things').values(row).execute()
    assert.deepEqual(await db.selectFrom('things').selectAll().executeTakeFirst(), row)
    const { rows } = await sql<{ s: unknown; c: unknown }>`SELECT SUM(n) AS s, COUNT(*) AS c FROM things`.execute(db)
    assert.deepEqual(rows, [{ s: Number.MAX_SAFE_INTEGER, c: 1 }])
  })

  test('a violated key is told by its name, whatever the values hold', async (t) => {
    const { db } = await open(t)
    await db
      .insertInto('things')
      .values(thing(1, "x' for key 'things_other", 'y'))
      .execute()
    const violate = async (row: Schema['things']) => {
      try {
        await db.insertInto('things').values(row).execute()
      } catch (error) {
        assert.ok(isUniqueViolation(error))
        return violatedKey(error)
      }
      return undefined
    }
    assert.equal(await violate(thing(2, "x' for key 'things_other", 'z')), 'things_name')
    assert.equal(await violate(thing(2, 'w', 'y')), 'things_other')
    assert.equal(await violate(thing(1, 'w', 'z')), 'PRIMARY')
  })

  test('what does not fit is refused, not cut off; so is what MySQL 8 would refuse', async (t) => {
    const { db } = await open(t)
    await assert.rejects(
      db
        .insertInto('things')
        .values(thing(1, 'x'.repeat(101)))
        .execute(),
      { errno: 1406 },
    )
    await assert.rejects(sql`SELECT name, COUNT(*) FROM things GROUP BY other`.execute(db), { errno: 1055 })
  })

  test('of several processes that start together each finds the newest schema', async (t) => {
    const { options } = await open(t)
    const more = {
      ...migrations,
      '0002_more': {
        up: (db: Parameters<Migration['up']>[0]) =>
          db.schema.alterTable('things').addColumn('more', 'integer').execute(),
      },
    }
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => openMysqlDatabase({ ...options, migrations: more })),
    )
    await Promise.all(opened.map((db) => db.destroy()))
  })

  test('a transaction that deadlocks is run again, and both take effect', async (t) => {
    const { db } = await open(t)
    await db
      .insertInto('things')
      .values([thing(1), thing(2)])
      .execute()
    let runs = 0
    let arrived = 0
    let bothHere = () => {}
    const both = new Promise<void>((resolve) => (bothHere = resolve))
    const add = (first: number, second: number) =>
      transaction(db, async (trx) => {
        runs++
        const plus = (id: number) =>
          trx
            .updateTable('things')
            .set((eb) => ({ n: eb('n', '+', 1) }))
            .where('id', '=', id)
            .execute()
        await plus(first)
        if (++arrived === 2) bothHere()
        await both
        await plus(second)
      })
    await Promise.all([add(1, 2), add(2, 1)])
    assert.equal(runs, 3)
    assert.deepEqual(await db.selectFrom('things').select(['id', 'n']).orderBy('id').execute(), [
      { id: 1, n: 2 },
      { id: 2, n: 2 },
    ])
  })

  test('a change that stands alone and deadlocks is run again', async (t) => {
    const { db } = await open(t)
    await db
      .insertInto('things')
      .values([thing(1), thing(2)])
      .execute()
    const plus = (on: Kysely<Schema>, ...ids: number[]) =>
      on
        .updateTable('things')
        .set((eb) => ({ n: eb('n', '+', 1) }))
        .where('id', 'in', ids)
        .execute()
    const unlocked = () => sql`SELECT id FROM things WHERE id = 1 FOR UPDATE SKIP LOCKED`.execute(db)
    let alone: Promise<unknown> | undefined
    await db.transaction().execute(async (trx) => {
      // The server undoes the one that has changed less.
      await trx
        .insertInto('things')
        .values(Array.from({ length: 50 }, (_, n) => thing(10 + n)))
        .execute()
      await plus(trx, 2)
      alone = plus(db, 1, 2)
      // It has the first row, and waits for the second.
      await eventually(async () => assert.deepEqual((await unlocked()).rows, []))
      await plus(trx, 1)
    })
    await alone
    const rows = await db.selectFrom('things').select(['id', 'n']).where('id', '<', 10).orderBy('id').execute()
    assert.deepEqual(rows, [
      { id: 1, n: 2 },
      { id: 2, n: 2 },
    ])
  })

  test('while the server cannot be reached calls are unavailable; afterwards the same pool works', async (t) => {
    const { db, proxy } = await openBehindProxy(t)
    await db.insertInto('things').values(thing(1)).execute()
    proxy.cut()
    const count = () =>
      db
        .selectFrom('things')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    for (let i = 0; i < 5; i++) await assert.rejects(count(), unavailable('STORAGE_UNAVAILABLE'))
    await assert.rejects(
      transaction(db, (trx) => trx.insertInto('things').values(thing(2)).execute()),
      unavailable('STORAGE_UNAVAILABLE'),
    )
    proxy.mend()
    assert.deepEqual(await count(), { n: 1 })
  })

  test('a server that stops without closing its connections is not waited for without end', async (t) => {
    const { db, proxy } = await openBehindProxy(t)
    const ask = () => sql`SELECT 1`.execute(db)
    await ask()
    proxy.pause()
    await assert.rejects(ask(), unavailable('STORAGE_UNAVAILABLE'))
    await assert.rejects(ask(), unavailable('STORAGE_UNAVAILABLE'))
    proxy.mend()
    await ask()
  })

  test('nor do those wait who find all connections taken by calls that wait', async (t) => {
    const { db, proxy } = await openBehindProxy(t, { connections: 1 })
    await sql`SELECT 1`.execute(db)
    proxy.pause()
    const began = performance.now()
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => sql`SELECT 1`.execute(db)))
    for (const each of asked) assert.ok(each.status === 'rejected' && unavailable('STORAGE_UNAVAILABLE')(each.reason))
    // One after the other would take 20 times the 500 ms.
    assert.ok(performance.now() - began < 5_000)
    proxy.mend()
    await sql`SELECT 1`.execute(db)
  })

  test('a connection that is lost within a transaction leaves nothing of it', async (t) => {
    const { db, direct, proxy } = await openBehindProxy(t)
    const losing = transaction(db, async (trx) => {
      await trx.insertInto('things').values(thing(1)).execute()
      proxy.cut()
      await trx.insertInto('things').values(thing(2)).execute()
    })
    await assert.rejects(losing, unavailable('STORAGE_UNAVAILABLE'))
    assert.deepEqual(await direct.selectFrom('things').selectAll().execute(), [])
  })

  test('a change outside of a transaction whose answer is lost says that nobody knows', async (t) => {
    const { db, proxy } = await openBehindProxy(t)
    await sql`SELECT 1`.execute(db)
    void proxy.pauseAfter(1).then(() => proxy.cut())
    await assert.rejects(db.insertInto('things').values(thing(1)).execute(), unavailable('STORAGE_UNCERTAIN'))
    await assert.rejects(db.insertInto('things').values(thing(2)).execute(), unavailable('STORAGE_UNAVAILABLE'))
  })

  test('reads that may be stale go to the replica, and to the primary while it is away', async (t) => {
    const { db: replica, direct: primary, proxy } = await openBehindProxy(t)
    await primary.insertInto('things').values(thing(1)).execute()
    const seen: Kysely<Schema>[] = []
    const failures: unknown[] = []
    const read = createStaleReads(primary, replica, (error) => failures.push(error))
    const ask = () =>
      read((on) => {
        seen.push(on)
        return on.selectFrom('things').select('id').execute()
      })
    assert.deepEqual(await ask(), [{ id: 1 }])
    proxy.cut()
    assert.deepEqual(await ask(), [{ id: 1 }])
    assert.deepEqual(await ask(), [{ id: 1 }])
    assert.ok(seen.every((on, i) => on === [replica, replica, primary, primary][i]))
    assert.equal(failures.length, 1)
  })

  test('a connection that is lost while it commits says that nobody knows', async (t) => {
    const { db, direct, proxy } = await openBehindProxy(t)
    const committing = transaction(db, async (trx) => {
      await trx.insertInto('things').values(thing(1)).execute()
      // The commit reaches the server; its answer does not come back.
      void proxy.pauseAfter(1).then(() => proxy.cut())
    })
    await assert.rejects(committing, unavailable('STORAGE_UNCERTAIN'))
    assert.equal((await direct.selectFrom('things').selectAll().execute()).length <= 1, true)
  })
})
