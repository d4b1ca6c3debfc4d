import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { withDlq } from '../dlq-headers.ts'
import { createDlq } from '../dlq.ts'
import { runConsumer } from '../runner.ts'
import { collector, event, readAll, type Scope, unique } from '../testing.ts'
import { brokers, kafkaEngine, openBus } from './kafka.fixture.ts'
import { throughProxy } from './through-proxy.fixture.ts'

const DAY_MS = 86_400_000
const TIMEOUT_MS = 1_500

suite('Kafka away', { skip: kafkaEngine.skip }, () => {
  if (kafkaEngine.skip) return

  async function setUp(t: Scope) {
    const proxy = await throughProxy(t, brokers[0]!)
    t.after(() => proxy.mend())
    const bus = await openBus(t, { timeoutMs: TIMEOUT_MS, sessionTimeoutMs: 6_000 })
    const topic = unique('topic')
    await bus.ensureTopics(withDlq([{ name: topic, partitions: 2, retentionMs: DAY_MS }]))
    return { proxy, bus, topic }
  }

  const refused = async (publishing: Promise<void>): Promise<void> => {
    const started = performance.now()
    await assert.rejects(publishing, (error: { code: string; kind: string; details: { retryAfterS: number } }) => {
      assert.deepEqual([error.code, error.kind], ['BUS_UNAVAILABLE', 'unavailable'])
      assert.ok(error.details.retryAfterS > 0)
      return true
    })
    assert.ok(performance.now() - started < 3 * TIMEOUT_MS)
  }

  for (const how of ['cut', 'pause'] as const)
    test(`${how}: publishing says so in time, consumers wait and go on, no event becomes a dead letter`, async (t) => {
      const { proxy, bus, topic } = await setUp(t)
      const seen = collector()
      const consumer = await runConsumer({
        bus,
        group: unique('group'),
        topics: [topic],
        handlers: { Counted: seen.handler },
      })
      t.after(() => consumer.close())
      await bus.publish([event(topic, 'a', 1)])
      await seen.until(1)

      proxy[how]()
      // Waiting publishers are refused together, not one after the other.
      const text = 'x'.repeat(400_000) // a request each
      const waiting = [2, 3, 4, 6, 7].map((n) => event(topic, 'a', n))
      await Promise.all(
        waiting.map((record) => refused(bus.publish([{ ...record, value: { ...record.value, text } }]))),
      )
      await refused(bus.publish([event(unique('missing'), 'a')]))
      await assert.rejects(bus.admin.topics(), { code: 'BUS_UNAVAILABLE' })

      proxy.mend()
      const back = performance.now()
      await bus.publish([event(topic, 'a', 5)]).catch(() => bus.publish([event(topic, 'a', 5)]))
      await seen.until(2)
      while (!seen.numbers().includes(5)) await seen.until(seen.records.length + 1)
      assert.ok(performance.now() - back < 10_000)
      assert.deepEqual(await createDlq({ bus }).list({ topic }), [])
    })

  test('an outage longer than the session: the consumer is in its group again by itself, where it stood', async (t) => {
    const { proxy, bus, topic } = await setUp(t)
    const other = await openBus(t)
    const seen = collector()
    await bus.subscribe({ group: unique('group'), topics: [topic], handler: seen.handler })
    await bus.publish([event(topic, 'a', 1), event(topic, 'b', 2)])
    await seen.until(2)
    await bus.admin.lag() // committed
    proxy.cut()
    await new Promise((resolve) => setTimeout(resolve, 8_000)) // the broker forgets the member after 6 s
    proxy.mend()
    await other.publish([event(topic, 'a', 3), event(topic, 'b', 4)])
    await seen.until(4)
    assert.deepEqual(
      seen.numbers().sort((a, b) => a - b),
      [1, 2, 3, 4],
    )
    assert.equal((await readAll(other, topic)).flat().length, 4)
  })

  test('publishing after close says that the bus is unavailable', async (t) => {
    const bus = await openBus(t)
    await bus.close()
    await assert.rejects(bus.publish([event('any', 'a')]), { kind: 'unavailable' })
  })

  test('a program can start while the brokers are away: it is told so', async (t) => {
    const bus = await openBus(t, { brokers: ['127.0.0.1:1'], timeoutMs: 500 })
    const config = { name: 'any', partitions: 1, retentionMs: DAY_MS }
    await refused(bus.ensureTopics([config]))
    await refused(bus.publish([event('any', 'a')]))
    await refused(bus.subscribe({ group: 'any', topics: ['any'], handler: async () => {} }).then(() => {}))
  })
})
