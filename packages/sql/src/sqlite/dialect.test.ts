import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { tempDir, texts, type Cleanup } from '@bigtech/testkit'
import { Kysely, sql } from 'kysely'
import { createSqliteDialect } from './dialect.ts'
import { isUniqueViolation } from '../errors.ts'
import { openSqlite } from './open.ts'
import { openInThread } from './thread.ts'
import { createThreadedDialect } from './threaded-dialect.ts'

type Schema = { rooms: { id: number; name: string; muted: number | boolean } }

type Open = (t: Cleanup) => Promise<Kysely<Schema>>

const onThisThread: Open = async (t) => {
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(openSqlite(':memory:')) })
  t.after(() => db.destroy())
  await createTable(db)
  return db
}

const inThread: Open = async (t) => {
  const file = join(tempDir(t), 'rooms.db')
  const writer = await openInThread(file)
  const db = new Kysely<Schema>({ dialect: createThreadedDialect(openSqlite(file, { readOnly: true }), writer) })
  t.after(() => db.destroy())
  await createTable(db)
  return db
}

const createTable = (db: Kysely<Schema>) =>
  sql`CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, muted INTEGER NOT NULL DEFAULT 0)`.execute(
    db,
  )

/** Rows have no prototype. */
const plain = (rows: readonly object[]) => rows.map((row) => ({ ...row }))

for (const [name, open] of Object.entries({ 'on this thread': onThisThread, 'in a thread': inThread })) {
  test(`${name}: rows go in and come out: text of every kind, booleans as 0 and 1, RETURNING`, async (t) => {
    const db = await open(t)
    const names = Object.values(texts)
    for (const name of names)
      await db
        .insertInto('rooms')
        .values({ id: names.indexOf(name), name, muted: true })
        .execute()
    const rows = await db.selectFrom('rooms').selectAll().orderBy('id').execute()
    assert.deepEqual(
      plain(rows),
      names.map((name, id) => ({ id, name, muted: 1 })),
    )
    const updated = await db.updateTable('rooms').set({ muted: false }).where('id', '<', 2).returning('id').execute()
    assert.deepEqual(
      updated.map(({ id }) => id),
      [0, 1],
    )
    const deleted = await db.deleteFrom('rooms').where('muted', '=', true).executeTakeFirst()
    assert.equal(deleted.numDeletedRows, BigInt(names.length - 2))
  })

  test(`${name}: a transaction that throws leaves nothing`, async (t) => {
    const db = await open(t)
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('rooms').values({ id: 1, name: 'a', muted: 0 }).execute()
      throw new Error('changed my mind')
    })
    await assert.rejects(failing, /changed my mind/)
    assert.deepEqual(await db.selectFrom('rooms').selectAll().execute(), [])
  })

  test(`${name}: transactions started together run one after the other`, async (t) => {
    const db = await open(t)
    await db.insertInto('rooms').values({ id: 1, name: '0', muted: 0 }).execute()
    const increment = () =>
      db.transaction().execute(async (trx) => {
        const { name } = await trx.selectFrom('rooms').select('name').where('id', '=', 1).executeTakeFirstOrThrow()
        await new Promise((resolve) => setImmediate(resolve))
        await trx
          .updateTable('rooms')
          .set({ name: String(Number(name) + 1) })
          .where('id', '=', 1)
          .execute()
      })
    await Promise.all(Array.from({ length: 20 }, increment))
    assert.equal((await db.selectFrom('rooms').select('name').executeTakeFirstOrThrow()).name, '20')
  })

  test(`${name}: a broken unique constraint is recognised and not taken for a storage fault`, async (t) => {
    const db = await open(t)
    const insert = (id: number) => db.insertInto('rooms').values({ id, name: 'a', muted: 0 }).execute()
    await insert(1)
    for (const id of [1, 2]) {
      await assert.rejects(insert(id), (error) => isUniqueViolation(error) && !(error instanceof AppError))
    }
  })

  test(`${name}: a full disk is STORAGE_UNAVAILABLE, and over when there is room again`, async (t) => {
    const db = await open(t)
    await sql`PRAGMA max_page_count=8`.execute(db)
    const insert = (id: number) =>
      db
        .insertInto('rooms')
        .values({ id, name: `${id}${'x'.repeat(3_000)}`, muted: 0 })
        .execute()
    let id = 0
    const fill = async () => {
      while (id < 100) await insert(++id)
    }
    await assert.rejects(fill(), (error) => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, 'STORAGE_UNAVAILABLE')
      assert.equal(error.kind, 'unavailable')
      return true
    })
    await sql`PRAGMA max_page_count=1000`.execute(db)
    await insert(id)
    const { count } = await db
      .selectFrom('rooms')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    assert.equal(count, id)
  })

  test(`${name}: more different statements than the cache holds, and a changed table, still work`, async (t) => {
    const db = await open(t)
    await db.insertInto('rooms').values({ id: 1, name: 'a', muted: 0 }).execute()
    for (let i = 0; i < 600; i++) {
      const { rows } = await sql<{ v: number }>`SELECT ${sql.raw(String(i))} AS v`.execute(db)
      assert.equal(rows[0]!.v, i)
    }
    const all = () => db.selectFrom('rooms').selectAll().execute()
    assert.deepEqual(plain(await all()), [{ id: 1, name: 'a', muted: 0 }])
    await sql`ALTER TABLE rooms ADD COLUMN topic TEXT DEFAULT 'x'`.execute(db)
    assert.deepEqual(plain(await all()), [{ id: 1, name: 'a', muted: 0, topic: 'x' }])
  })

  test(`${name}: rows can be streamed`, async (t) => {
    const db = await open(t)
    for (let id = 0; id < 10; id++)
      await db
        .insertInto('rooms')
        .values({ id, name: String(id), muted: 0 })
        .execute()
    const seen: number[] = []
    for await (const row of db.selectFrom('rooms').select('id').stream()) seen.push(row.id)
    assert.equal(seen.length, 10)
  })
}

test('in a thread: a reader sees a transaction when it is committed, and all of it', async (t) => {
  const db = await inThread(t)
  const count = async () => (await db.selectFrom('rooms').select('id').execute()).length
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('rooms').values({ id: 1, name: 'a', muted: 0 }).execute()
    assert.equal(await count(), 0)
    await trx.insertInto('rooms').values({ id: 2, name: 'b', muted: 0 }).execute()
    assert.equal((await trx.selectFrom('rooms').select('id').execute()).length, 2)
  })
  assert.equal(await count(), 2)
})

test('in a thread: whoever is at work while it is closed is told so, and what they had begun is not there', async (t) => {
  const file = join(tempDir(t), 'closing.db')
  const reader = openSqlite(file)
  const writer = await openInThread(file)
  const db = new Kysely<Schema>({ dialect: createThreadedDialect(reader, writer) })
  await createTable(db)
  const isUnavailable = (error: unknown) => error instanceof AppError && error.code === 'STORAGE_UNAVAILABLE'
  const { promise: closed, resolve: close } = Promise.withResolvers<void>()
  const half = db.transaction().execute(async (trx) => {
    await trx.insertInto('rooms').values({ id: 1, name: 'half', muted: 0 }).execute()
    close(writer.close())
    await closed
    await trx.insertInto('rooms').values({ id: 2, name: 'whole', muted: 0 }).execute()
  })
  const next = db.insertInto('rooms').values({ id: 3, name: 'next', muted: 0 }).execute()
  await assert.rejects(half, isUnavailable)
  await assert.rejects(next, isUnavailable)
  await closed
  await writer.close()
  assert.deepEqual(await db.selectFrom('rooms').selectAll().execute(), [])
  reader.close()
  await assert.rejects(db.selectFrom('rooms').selectAll().execute(), isUnavailable)
})

test('in a thread: what comes after a transaction that could not be rolled back is no part of it', async (t) => {
  const file = join(tempDir(t), 'unclean.db')
  const writer = await openInThread(file)
  let failing = 2
  const ill: typeof writer = {
    ...writer,
    execute: (statement, parameters) =>
      statement === 'rollback' && failing-- > 0
        ? Promise.reject(new Error('no disk'))
        : writer.execute(statement, parameters),
  }
  const db = new Kysely<Schema>({ dialect: createThreadedDialect(openSqlite(file), ill) })
  t.after(() => db.destroy())
  await createTable(db)
  const insert = (id: number) =>
    db
      .insertInto('rooms')
      .values({ id, name: `${id}`, muted: 0 })
      .execute()
  const half = db.transaction().execute(async (trx) => {
    await trx.insertInto('rooms').values({ id: 1, name: 'half', muted: 0 }).execute()
    throw new Error('changed my mind')
  })
  await assert.rejects(half)
  await assert.rejects(insert(2), /no disk/, 'it is tried again before what comes next')
  await insert(3)
  await db.transaction().execute((trx) => trx.insertInto('rooms').values({ id: 4, name: '4', muted: 0 }).execute())
  assert.deepEqual(plain(await db.selectFrom('rooms').select('id').execute()), [{ id: 3 }, { id: 4 }])
})

test('in a thread: files are kept apart, and a file can be opened again', async (t) => {
  const [one, two] = [await inThread(t), await inThread(t)]
  await one.insertInto('rooms').values({ id: 1, name: 'one', muted: 0 }).execute()
  assert.deepEqual(await two.selectFrom('rooms').selectAll().execute(), [])
  const file = join(tempDir(t), 'again.db')
  for (const round of [1, 2]) {
    const connection = await openInThread(file)
    await connection.execute('CREATE TABLE IF NOT EXISTS rounds (n INTEGER)', [])
    await connection.execute('INSERT INTO rounds VALUES (?)', [round])
    assert.equal((await connection.execute('SELECT n FROM rounds', [])).rows.length, round)
    await connection.close()
  }
  await assert.rejects(openInThread(join(tempDir(t), 'no', 'such', 'folder.db')), (error) => {
    assert.ok(error instanceof AppError)
    return error.code === 'STORAGE_UNAVAILABLE'
  })
})
