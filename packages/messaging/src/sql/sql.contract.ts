import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isUniqueViolation } from '@bigtech/sql'
import type { Kysely } from 'kysely'
import { outboxContract } from '../outbox.contract.ts'
import { event, type Scope } from '../testing.ts'
import { once, pruneInbox } from './inbox.ts'
import { createSqlOutbox, enqueue } from './outbox.ts'
import { effects, type TestTables } from './database.fixture.ts'

/** Outbox and inbox over Kysely, on every engine. */
export function sqlContract(name: string, open: (t: Scope) => Promise<Kysely<TestTables>>): void {
  outboxContract(`Kysely on ${name}`, async (t) => {
    const db = await open(t)
    return {
      outbox: createSqlOutbox(db),
      enqueue: (records, now) => db.transaction().execute((trx) => enqueue(trx, records, now)),
    }
  })

  suite(`outbox and inbox tables: ${name}`, () => {
    test('enqueue: the rows exist only if the transaction commits', async (t) => {
      const db = await open(t)
      const records = Array.from({ length: 450 }, (_, n) => event('topic', 'key', n))
      const failing = db.transaction().execute(async (trx) => {
        await enqueue(trx, records, 1)
        throw new Error('no')
      })
      await assert.rejects(failing, { message: 'no' })
      assert.equal((await createSqlOutbox(db).stats()).pending, 0)
      await db.transaction().execute((trx) => enqueue(trx, records, 1))
      assert.equal((await createSqlOutbox(db).stats()).pending, 450)
    })

    test('once: the effect happens once per group and event', async (t) => {
      const db = await open(t)
      const insert = (name: string, group = 'g') =>
        once(db, { group, eventId: 'e1', now: 1 }, async (trx) => {
          await trx.insertInto('effects').values({ name }).execute()
        })
      const names = Array.from({ length: 10 }, (_, i) => `effect-${i}`)
      const happened = await Promise.all(names.map((name) => insert(name)))
      assert.equal(happened.filter(Boolean).length, 1)
      assert.equal(await insert('other-group', 'h'), true)
      assert.deepEqual(await effects(db), [names[happened.indexOf(true)], 'other-group'])
    })

    test('once: a failed effect leaves no trace and its error comes out, even a unique violation of its own', async (t) => {
      const db = await open(t)
      const insert = (eventId: string, name: string) =>
        once(db, { group: 'g', eventId, now: 1 }, async (trx) => {
          await trx.insertInto('effects').values({ name }).execute()
        })
      await insert('e1', 'same')
      await assert.rejects(insert('e2', 'same'), isUniqueViolation)
      assert.equal(await insert('e2', 'different'), true)
      assert.deepEqual(await effects(db), ['different', 'same'])
    })

    test('pruneInbox forgets what no topic can deliver any more', async (t) => {
      const db = await open(t)
      const day = 86_400_000
      for (const [eventId, now] of [
        ['old', 0],
        ['new', day],
      ] as const)
        await once(db, { group: 'g', eventId, now }, async () => {})
      assert.equal(await pruneInbox(db, { now: 14 * day }), 0)
      assert.equal(await pruneInbox(db, { now: 14 * day + 1 }), 1)
      assert.equal(await once(db, { group: 'g', eventId: 'new', now: day }, async () => {}), false)
    })

    test('an event larger than 64 KiB, of any characters, comes back as it was', async (t) => {
      const db = await open(t)
      const large = { ...event('topic', '키'), headers: { text: '👩‍👩‍👧‍👦 \\ \' "' } }
      const record = { ...large, value: { ...large.value, text: '한👍\\'.repeat(30_000) } }
      await db.transaction().execute((trx) => enqueue(trx, [record], 1))
      const [row] = await createSqlOutbox(db).claim({ owner: 'a', limit: 1, leaseMs: 1_000, now: 1 })
      const { topic, key, value, headers } = row!.record
      assert.deepEqual({ topic, key, value, headers }, record)
    })
  })
}
