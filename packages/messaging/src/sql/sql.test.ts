import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWriter } from '@bigtech/sql'
import { outboxContract } from '../outbox.contract.ts'
import { event, type Scope, unique } from '../testing.ts'
import { once, pruneInbox } from './inbox.ts'
import { createSqlOutbox, enqueue } from './outbox.ts'
import { createWriterOutbox } from './sqlite-writer.ts'
import { effects, testDatabase } from './testing.ts'
import type { FixtureCommands } from './writer-commands.fixture.ts'

async function openWriter(t: Scope) {
  const { db, file } = await testDatabase(t)
  const module = new URL('./writer-commands.fixture.ts', import.meta.url)
  const writer = createWriter<FixtureCommands>({ file, module, name: 'test' })
  t.after(() => writer.close())
  return { db, writer }
}

outboxContract('Kysely on SQLite', async (t) => {
  const { db } = await testDatabase(t)
  return {
    outbox: createSqlOutbox(db),
    enqueue: (records, now) => db.transaction().execute((trx) => enqueue(trx, records, now)),
  }
})

outboxContract('SQLite writer thread', async (t) => {
  const { writer } = await openWriter(t)
  return {
    outbox: createWriterOutbox(writer),
    enqueue: (records, now) => writer.call('change', { name: unique('effect'), records, now }),
  }
})

test('enqueue: the rows exist only if the transaction commits', async (t) => {
  const { db } = await testDatabase(t)
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

test('writer thread: a command that throws leaves neither its change nor its events', async (t) => {
  const { db, writer } = await openWriter(t)
  await writer.call('change', { name: 'taken', records: [], now: 1 })
  await assert.rejects(writer.call('change', { name: 'taken', records: [event('topic', 'key')], now: 1 }))
  assert.equal((await createWriterOutbox(writer).stats()).pending, 0)
  assert.deepEqual(await effects(db), ['taken'])
})

test('writer thread: an effect happens once per group and event, and a failed one may come again', async (t) => {
  const { db, writer } = await openWriter(t)
  const first = { group: 'g', eventId: 'e1', now: 1 }
  assert.equal(await writer.call('effect', { ...first, name: 'one' }), true)
  assert.equal(await writer.call('effect', { ...first, name: 'two' }), false)
  const second = { ...first, eventId: 'e2' }
  await assert.rejects(writer.call('effect', { ...second, name: 'one' }))
  assert.equal(await writer.call('effect', { ...second, name: 'three' }), true)
  assert.deepEqual(await effects(db), ['one', 'three'])
})

test('once: the effect happens once per group and event', async (t) => {
  const { db } = await testDatabase(t)
  const insert = (name: string, group = 'g') =>
    once(db, { group, eventId: 'e1', now: 1 }, async (trx) => {
      await trx.insertInto('effects').values({ name }).execute()
    })
  assert.deepEqual(await Promise.all([insert('one'), insert('two'), insert('three')]), [true, false, false])
  assert.equal(await insert('other-group', 'h'), true)
  assert.deepEqual(await effects(db), ['one', 'other-group'])
})

test('once: a failed effect leaves no trace and its error comes out, even a unique violation of its own', async (t) => {
  const { db } = await testDatabase(t)
  const insert = (eventId: string, name: string) =>
    once(db, { group: 'g', eventId, now: 1 }, async (trx) => {
      await trx.insertInto('effects').values({ name }).execute()
    })
  await insert('e1', 'same')
  await assert.rejects(insert('e2', 'same'), { message: /UNIQUE/ })
  assert.equal(await insert('e2', 'different'), true)
  assert.deepEqual(await effects(db), ['different', 'same'])
})

test('pruneInbox forgets what no topic can deliver any more', async (t) => {
  const { db } = await testDatabase(t)
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
