import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { isUnavailable } from '../errors.ts'
import type { EventBus, EventRecord } from '../ports.ts'
import { collector, event, numberOf, type Scope, unique } from '../testing.ts'
import { independent, kafkaEngine, openBus } from './kafka.fixture.ts'

const DAY_MS = 86_400_000

/** As after the loss of all brokers' disks: the topic and the places of its groups are gone. */
async function lose(topic: string): Promise<void> {
  const admin = independent.admin()
  await admin.connect()
  try {
    await admin.deleteTopics({ topics: [topic] })
    await eventually(async () => assert.ok(!(await admin.listTopics()).includes(topic)), { everyMs: 50 })
  } finally {
    await admin.disconnect()
  }
}

/** As a relay does: until it is stored. */
async function publish(bus: EventBus, record: EventRecord): Promise<void> {
  await eventually(
    async () => {
      try {
        await bus.publish([record])
      } catch (error) {
        // Anything else would park the event.
        assert.ok(isUnavailable(error), String(error))
        throw error
      }
    },
    { timeoutMs: 20_000, everyMs: 100 },
  )
}

suite('Kafka loses topics', { skip: kafkaEngine.skip }, () => {
  if (kafkaEngine.skip) return

  async function setUp(t: Scope) {
    const [bus, other] = [await openBus(t), await openBus(t)]
    const topic = unique('topic')
    for (const each of [bus, other]) await each.ensureTopics([{ name: topic, partitions: 1, retentionMs: DAY_MS }])
    const seen = collector()
    await other.subscribe({ group: unique('group'), topics: [topic], handler: seen.handler })
    return { bus, topic, seen }
  }

  // More records than before, and fewer: neither may be taken for a part of the old topic.
  for (const after of [3, 30])
    test(`a topic is made anew by who publishes, and its consumers begin with its first record: ${after} after 10`, async (t) => {
      const { bus, topic, seen } = await setUp(t)
      for (let n = 0; n < 10; n++) await bus.publish([event(topic, 'a', n)])
      await seen.until(10)
      await lose(topic)
      for (let n = 100; n < 100 + after; n++) await publish(bus, event(topic, 'a', n))
      const records = await seen.until(10 + after, 30_000)
      assert.deepEqual(
        records.slice(10).map(numberOf),
        Array.from({ length: after }, (_, i) => 100 + i),
      )
    })
})
