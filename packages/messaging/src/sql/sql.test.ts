import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createWriter } from '@bigtech/sql'
import { mysqlEngine } from '@bigtech/sql/testing'
import { outboxContract } from '../outbox.contract.ts'
import { event, type Scope, unique } from '../testing.ts'
import { keptEventsContract } from './kept-events.contract.ts'
import { sqlContract } from './sql.contract.ts'
import { createWriterOutbox } from './sqlite-writer.ts'
import { effects, testDatabase, testMysqlDatabase } from './database.fixture.ts'
import type { FixtureCommands } from './writer-commands.fixture.ts'

async function openWriter(t: Scope) {
  const { db, file } = await testDatabase(t)
  const module = new URL('./writer-commands.fixture.ts', import.meta.url)
  const writer = createWriter<FixtureCommands>({ file, module, name: 'test' })
  t.after(() => writer.close())
  return { db, writer }
}

sqlContract('SQLite', async (t) => (await testDatabase(t)).db)
keptEventsContract('SQLite', async (t) => (await testDatabase(t)).db)

suite('MySQL', { skip: mysqlEngine.skip }, () => {
  sqlContract('MySQL', async (t) => (await testMysqlDatabase(t)).db)
  keptEventsContract('MySQL', async (t) => (await testMysqlDatabase(t)).db)
})

outboxContract('SQLite writer thread', async (t) => {
  const { writer } = await openWriter(t)
  return {
    outbox: createWriterOutbox(writer),
    enqueue: (records, now) => writer.call('change', { name: unique('effect'), records, now }),
  }
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
