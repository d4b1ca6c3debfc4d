import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqlite } from '@bigtech/sql'
import { eventBusContract } from '../event-bus.contract.ts'
import { collector, event, readAll, tempDir } from '../testing.ts'
import { createEmbeddedBus } from './embedded-bus.ts'
import { createReader } from './reader.ts'

const TOPIC = { name: 'numbers', partitions: 4, retentionMs: 3_600_000 }

eventBusContract('embedded log', async (t) => {
  const file = join(tempDir(t), 'events.db')
  let current = await createEmbeddedBus({ file })
  t.after(() => current.close())
  return {
    bus: current,
    async reopen() {
      await current.close()
      return (current = await createEmbeddedBus({ file }))
    },
    async expire(topic) {
      const before = (await readAll(current, topic)).flat().length
      assert.equal(await current.admin.prune(Date.now() + 86_400_000 + 60_000), before)
    },
  }
})

test('a log written by a newer program is refused in one clear sentence', async (t) => {
  const file = join(tempDir(t), 'events.db')
  await (await createEmbeddedBus({ file })).close()
  const db = openSqlite(file)
  db.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_future', '2099-01-01')")
  db.close()
  await assert.rejects(createEmbeddedBus({ file }), { message: /written by a newer version/ })
})

test('publishing after close says that the bus is unavailable', async (t) => {
  const bus = await createEmbeddedBus({ file: join(tempDir(t), 'events.db') })
  await bus.ensureTopics([TOPIC])
  await bus.close()
  await assert.rejects(bus.publish([event('numbers', 'a')]), { kind: 'unavailable' })
})

test('takes and delivers tens of thousands of records in batches of 500', async (t) => {
  const bus = await createEmbeddedBus({ file: join(tempDir(t), 'events.db') })
  t.after(() => bus.close())
  await bus.ensureTopics([TOPIC])
  const seen = collector()
  await bus.subscribe({ group: 'g', topics: ['numbers'], handler: seen.handler })
  const total = 20_000
  const records = Array.from({ length: total }, (_, n) => event('numbers', String(n), n))
  const started = performance.now()
  const publishing: Promise<void>[] = []
  for (let at = 0; at < total; at += 500) publishing.push(bus.publish(records.slice(at, at + 500)))
  await Promise.all(publishing)
  const published = performance.now() - started
  await seen.until(total, 60_000)
  t.diagnostic(
    `published ${Math.round(total / published)} records/ms, handled after ${Math.round(performance.now() - started)} ms`,
  )
  const perPartition = Map.groupBy(seen.records, (record) => record.partition)
  for (const ofOne of perPartition.values())
    assert.deepEqual(
      ofOne.map(({ offset }) => offset),
      [...ofOne.keys()],
    )
})

test('every topic is pruned by its own retention, a long log in several steps', async (t) => {
  let now = 1_000_000
  const bus = await createEmbeddedBus({ file: join(tempDir(t), 'events.db'), clock: { now: () => now } })
  t.after(() => bus.close())
  await bus.ensureTopics([
    { name: 'short', partitions: 1, retentionMs: 1_000 },
    { name: 'long', partitions: 1, retentionMs: 100_000 },
  ])
  await bus.publish([
    ...Array.from({ length: 12_000 }, (_, n) => event('short', 'a', n)),
    ...Array.from({ length: 10 }, (_, n) => event('long', 'a', n)),
  ])
  now += 1_001
  await bus.publish([event('short', 'a', 12_000)])
  assert.equal(await bus.admin.prune(now), 12_000)
  const ranges = (await bus.admin.topics()).map(({ name, partitions }) => [
    name,
    partitions[0]!.start_offset,
    partitions[0]!.end_offset,
  ])
  assert.deepEqual(ranges, [
    ['long', 0, 10],
    ['short', 12_000, 12_001],
  ])
})

test('a subscription that closed has its offset on disk', async (t) => {
  const file = join(tempDir(t), 'events.db')
  const bus = await createEmbeddedBus({ file })
  t.after(() => bus.close())
  await bus.ensureTopics([{ ...TOPIC, partitions: 1 }])
  const seen = collector()
  const subscription = await bus.subscribe({ group: 'g', topics: ['numbers'], handler: seen.handler })
  await bus.publish([event('numbers', 'a'), event('numbers', 'a')])
  await seen.until(2)
  await subscription.close()
  const reader = createReader(file)
  t.after(() => reader.close())
  assert.deepEqual(
    reader.lag().map(({ committed_offset }) => committed_offset),
    [2],
  )
})

test('a publish wakes consumers itself: many round trips take less than one safety poll each', async (t) => {
  const bus = await createEmbeddedBus({ file: join(tempDir(t), 'events.db') })
  t.after(() => bus.close())
  await bus.ensureTopics([TOPIC])
  const seen = collector()
  await bus.subscribe({ group: 'g', topics: ['numbers'], handler: seen.handler })
  const started = performance.now()
  for (let n = 1; n <= 20; n++) {
    await bus.publish([event('numbers', String(n), n)])
    await seen.until(n)
  }
  assert.ok(performance.now() - started < 10_000)
})

test('a fault of the log itself is an outage, not a fault of the record', async (t) => {
  const file = join(tempDir(t), 'events.db')
  const bus = await createEmbeddedBus({ file })
  t.after(() => bus.close())
  await bus.ensureTopics([TOPIC])
  const db = openSqlite(file)
  db.exec('ALTER TABLE records RENAME TO lost')
  db.close()
  await assert.rejects(bus.publish([event('numbers', 'a')]), { code: 'BUS_UNAVAILABLE' })
})
