import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { startProxy } from '@bigtech/testkit'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { connectMysql } from './database.ts'
import { readThenWrite, type Statement } from './read-then-write.ts'
import { mysqlEngine, temporaryMysql } from './temporary.fixture.ts'

type Schema = { texts: { id: number; text: string | null } }

const migrations: Record<string, Migration> = {
  '0001_texts': {
    async up(db) {
      await sql`CREATE TABLE IF NOT EXISTS texts (id BIGINT NOT NULL PRIMARY KEY, text MEDIUMTEXT)`.execute(db)
    },
  },
}

const put = (id: number | bigint, text: string | null): Statement => ({
  text: 'INSERT INTO texts (id, text) VALUES (?, ?)',
  values: [id, text],
})
const all: Statement = { text: 'SELECT id, text FROM texts ORDER BY id', values: [] }

suite('a transaction in two round trips', { skip: mysqlEngine.skip }, () => {
  async function open(t: TestContext) {
    const { db: direct, options } = await temporaryMysql<Schema>(t, migrations)
    const url = new URL(options.url)
    const proxy = await startProxy({ port: Number(url.port) })
    t.after(() => proxy.close())
    url.port = String(proxy.port)
    const db = await connectMysql<Schema>({ ...options, url: url.href, scripts: true, answerTimeoutMs: 2_000 })
    t.after(() => db.destroy())
    const stored = () => direct.selectFrom('texts').selectAll().orderBy('id').execute()
    return { db, direct, proxy, stored }
  }

  test('values are values, whatever they look like', async (t) => {
    const { db } = await open(t)
    const texts = [
      "'; DROP TABLE texts; --",
      '\\',
      "\\'",
      '\\\\"',
      'a\u0000b\u001a\b',
      '? ?? :name $1 @x',
      '`text` = "x"',
      '/* */ -- #',
      '\r\n\t',
      '👩‍👩‍👧‍👦 한글 \u202e',
      '%_\\%\\_',
      'COMMIT',
      '',
      null,
      '\\'.repeat(300_000),
    ]
    await readThenWrite(db, [], () => texts.map((text, id) => put(id, text)))
    const found: unknown[] = []
    const byText: Statement = { text: 'SELECT id FROM texts WHERE text = ?', values: [texts[2]] }
    await readThenWrite(db, [all, byText], (rows) => void found.push(...rows))
    assert.deepEqual(found, [texts.map((text, id) => ({ id, text })), [{ id: 2 }]])
  })

  test('numbers beyond 2^53 are not rounded', async (t) => {
    const { db } = await open(t)
    await readThenWrite(db, [], () => [put(2n ** 53n + 1n, 'large'), put(2 ** 53 - 1, 'largest')])
    const ids: unknown[] = []
    await readThenWrite(db, [all], ([rows]) => void ids.push(...rows!.map(({ id }) => id)))
    assert.deepEqual(ids, [2 ** 53 - 1, '9007199254740993'])
  })

  test('one that fails in the middle, or a decision that does, leaves nothing, and the connection is good for the next', async (t) => {
    const { db, stored } = await open(t)
    await assert.rejects(
      readThenWrite(db, [], () => [put(1, 'one'), put(1, 'again'), put(2, 'two')]),
      { code: 'ER_DUP_ENTRY' },
    )
    await assert.rejects(
      readThenWrite(db, [all], () => Promise.reject(new Error('undecided'))),
      /undecided/,
    )
    await assert.rejects(
      readThenWrite(db, [{ text: 'SELECT nothing FROM texts', values: [] }], () => [put(3, 'three')]),
      { code: 'ER_BAD_FIELD_ERROR' },
    )
    await readThenWrite(db, [all], () => undefined)
    assert.deepEqual(await stored(), [])
    await readThenWrite(db, [all], ([rows]) => [put(rows!.length, 'now')])
    assert.deepEqual(await stored(), [{ id: 0, text: 'now' }])
  })

  test('a connection that is lost between the two has done nothing', async (t) => {
    const { db, proxy, stored } = await open(t)
    const losing = readThenWrite(db, [all], () => {
      proxy.cut()
      return [put(1, 'lost')]
    })
    // Whether it still reached the server cannot be seen from here.
    await assert.rejects(losing, { code: 'STORAGE_UNCERTAIN' })
    proxy.mend()
    await readThenWrite(db, [all], () => [put(2, 'kept')])
    assert.deepEqual(await stored(), [{ id: 2, text: 'kept' }])
  })

  const locking: Statement = { text: 'SELECT id FROM texts WHERE id = 1 FOR UPDATE', values: [] }
  for (const [how, writes] of [
    ['begins with a change', [put(1, 'written')]],
    ['begins with a lock', [locking, put(1, 'written')]],
    ['is nothing else', []],
  ] as const)
    test(`an end whose answer is lost says that nobody knows, when what it ends ${how}`, async (t) => {
      const { db, proxy } = await open(t)
      await readThenWrite(db, [all], () => undefined)
      const losing = readThenWrite(db, [all], () => {
        void proxy.pauseAfter(1).then(() => proxy.cut())
        return writes
      })
      await assert.rejects(losing, { code: 'STORAGE_UNCERTAIN' })
    })

  test('two that wait for each other are both done', async (t) => {
    const { db, stored } = await open(t)
    await readThenWrite(db, [], () => [put(1, ''), put(2, '')])
    const met = Promise.withResolvers<void>()
    let waiting = 0
    const lock = (id: number): Statement => ({ text: 'SELECT id FROM texts WHERE id = ? FOR UPDATE', values: [id] })
    const change = (first: number, second: number) =>
      readThenWrite(db, [lock(first)], async () => {
        if (++waiting === 2) met.resolve()
        await met.promise
        return [{ text: 'UPDATE texts SET text = CONCAT(text, ?) WHERE id = ?', values: ['+', second] }]
      })
    await Promise.all([change(1, 2), change(2, 1)])
    assert.deepEqual(
      (await stored()).map(({ text }) => text),
      ['+', '+'],
    )
  })
})
