import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { connectMysql } from '@bigtech/sql'
import { mysqlEngine } from '@bigtech/sql/testing'
import { eventually, startProxy, type Proxy } from '@bigtech/testkit'
import { join } from 'node:path'
import { withDlq } from '../dlq-headers.ts'
import { createDlq } from '../dlq.ts'
import { createEmbeddedBus } from '../embedded/embedded-bus.ts'
import { type Relay, startRelay } from '../relay.ts'
import { runConsumer } from '../runner.ts'
import { event, numberOf, type Scope, tempDir, unique } from '../testing.ts'
import { once } from './inbox.ts'
import { createSqlOutbox, enqueue } from './outbox.ts'
import { effects, testMysqlDatabase, type TestTables } from './database.fixture.ts'

/** A consumer whose effects, and a relay whose outbox, are behind a proxy; the event bus is not. */
async function setup(t: Scope) {
  const { db: direct, options } = await testMysqlDatabase(t)
  const url = new URL(options.url)
  const proxy = await startProxy({ port: Number(url.port) })
  url.port = String(proxy.port)
  const limits = { connectTimeoutMs: 300, answerTimeoutMs: 300, connections: 4 }
  const db = await connectMysql<TestTables>({ ...options, ...limits, url: url.href })
  const bus = await createEmbeddedBus({ file: join(tempDir(t), 'bus.db') })
  const topic = unique('topic')
  await bus.ensureTopics(withDlq([{ name: topic, partitions: 1, retentionMs: 3_600_000 }]))
  let outages = 0
  const consumer = await runConsumer({
    bus,
    group: 'g',
    topics: [topic],
    retry: { attempts: 3, baseMs: 10, capMs: 50 },
    handlers: {
      Counted: async (record) => {
        await once(db, { group: 'g', eventId: record.value.event_id, now: 1 }, async (trx) => {
          await trx
            .insertInto('effects')
            .values({ name: `effect-${numberOf(record)}` })
            .execute()
        })
      },
    },
    hooks: { onRetry: () => void outages++ },
  })
  const relays: Relay[] = []
  t.after(async () => {
    proxy.mend()
    await consumer.close()
    for (const relay of relays) await relay.close()
    await bus.close()
    await db.destroy()
    proxy.close()
  })
  return { direct, db, bus, topic, proxy, relays, outages: () => outages }
}

suite('an outage of MySQL under consumers and relays', { skip: mysqlEngine.skip }, () => {
  const faults: Record<string, (proxy: Proxy) => void> = {
    'is cut off': (proxy) => proxy.cut(),
    'stops answering': (proxy) => proxy.pause(),
  }
  for (const [fault, begin] of Object.entries(faults)) {
    test(`a database that ${fault} makes no event a dead letter: each takes effect once afterwards`, async (t) => {
      const { direct, bus, topic, proxy, outages } = await setup(t)
      const records = Array.from({ length: 30 }, (_, n) => event(topic, 'key', n))
      await bus.publish(records.slice(0, 10))
      await eventually(async () => assert.ok((await effects(direct)).length > 0))
      begin(proxy)
      await bus.publish(records.slice(10))
      // More tries than a faulty record would get.
      await eventually(() => assert.ok(outages() > 5, `${outages()} tries`), { timeoutMs: 20_000 })
      proxy.mend()
      await eventually(async () => assert.equal((await effects(direct)).length, 30), { timeoutMs: 20_000 })
      assert.deepEqual(await createDlq({ bus }).list(), [])
    })

    test(`what waits in the outbox of a database that ${fault} is published afterwards, in order`, async (t) => {
      const { direct, db, bus, topic, proxy, relays } = await setup(t)
      let outages = 0
      const relay = startRelay({
        outbox: createSqlOutbox(db),
        bus,
        owner: 'relay',
        backoff: { baseMs: 10, capMs: 50 },
        hooks: { onOutage: () => void outages++ },
      })
      relays.push(relay)
      begin(proxy)
      const records = Array.from({ length: 20 }, (_, n) => event(topic, 'key', n))
      await direct.transaction().execute((trx) => enqueue(trx, records, Date.now()))
      relay.notify()
      await eventually(() => assert.ok(outages > 1))
      proxy.mend()
      const published = await eventually(
        async () => {
          const found = await bus.admin.read({ topic, partition: 0, offset: 0, limit: 100 })
          assert.ok(found.length >= 20)
          return found
        },
        { timeoutMs: 20_000 },
      )
      assert.deepEqual(published.map(numberOf), records.map(numberOf))
    })
  }
})
