import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { texts } from '@bigtech/testkit'
import { Kysely, sql } from 'kysely'
import { createSqliteDialect } from './dialect.ts'
import { isUniqueViolation } from './errors.ts'
import { openSqlite } from './open.ts'

type Schema = { rooms: { id: number; name: string; muted: number | boolean } }

async function open(t: { after(fn: () => unknown): void }) {
  const connection = openSqlite(':memory:')
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(connection) })
  t.after(() => db.destroy())
  await sql`CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, muted INTEGER NOT NULL DEFAULT 0)`.execute(
    db,
  )
  return { db, connection }
}

/** Rows have no prototype. */
const plain = (rows: readonly object[]) => rows.map((row) => ({ ...row }))

test('rows go in and come out: text of every kind, booleans as 0 and 1, RETURNING', async (t) => {
  const { db } = await open(t)
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

test('a transaction that throws leaves nothing', async (t) => {
  const { db } = await open(t)
  const failing = db.transaction().execute(async (trx) => {
    await trx.insertInto('rooms').values({ id: 1, name: 'a', muted: 0 }).execute()
    throw new Error('changed my mind')
  })
  await assert.rejects(failing, /changed my mind/)
  assert.deepEqual(await db.selectFrom('rooms').selectAll().execute(), [])
})

test('transactions started together run one after the other', async (t) => {
  const { db } = await open(t)
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

test('a broken unique constraint is recognised and not taken for a storage fault', async (t) => {
  const { db } = await open(t)
  const insert = (id: number) => db.insertInto('rooms').values({ id, name: 'a', muted: 0 }).execute()
  await insert(1)
  for (const id of [1, 2]) {
    await assert.rejects(insert(id), (error) => isUniqueViolation(error) && !(error instanceof AppError))
  }
})

test('a full disk is STORAGE_UNAVAILABLE, and over when there is room again', async (t) => {
  const { db, connection } = await open(t)
  connection.exec('PRAGMA max_page_count=8')
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
  connection.exec('PRAGMA max_page_count=1000')
  await insert(id)
  const { count } = await db
    .selectFrom('rooms')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(count, id)
})

test('more different statements than the cache holds, and a changed table, still work', async (t) => {
  const { db } = await open(t)
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

test('rows can be streamed', async (t) => {
  const { db } = await open(t)
  for (let id = 0; id < 10; id++)
    await db
      .insertInto('rooms')
      .values({ id, name: String(id), muted: 0 })
      .execute()
  const seen: number[] = []
  for await (const row of db.selectFrom('rooms').select('id').stream()) seen.push(row.id)
  assert.equal(seen.length, 10)
})
