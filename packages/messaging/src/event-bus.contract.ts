import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { partitionOf } from './partition.ts'
import type { EventBus, StoredRecord } from './ports.ts'
import { assertContiguous, collector, event, gate, numberOf, readAll, type Scope, unique } from './testing.ts'

const DAY_MS = 86_400_000

export type BusUnderTest = {
  bus: EventBus
  /** Closes the bus and opens another one on the same storage. */
  reopen: () => Promise<EventBus>
  /** Makes the time pass after which retention keeps none of the topic's records (they are kept for a day), and lets it be enforced. */
  expire: (topic: string) => Promise<void>
}

/** What every event bus promises (ports.ts). `open` builds one whose close is registered with `t.after`. */
export function eventBusContract(name: string, open: (t: Scope) => Promise<BusUnderTest>): void {
  const prepare = async (t: Scope, partitions = 3) => {
    const opened = await open(t)
    const topic = unique('topic')
    await opened.bus.ensureTopics([{ name: topic, partitions, retentionMs: DAY_MS }])
    return { ...opened, topic, group: unique('group') }
  }

  suite(`event bus: ${name}`, () => {
    test('keeps value, key and headers, and the order of each key', async (t) => {
      const { bus, topic, group } = await prepare(t)
      const seen = collector()
      await bus.subscribe({ group, topics: [topic], handler: seen.handler })
      const sent = Array.from({ length: 60 }, (_, n) => event(topic, `key-${n % 7}`, n))
      await bus.publish(sent.slice(0, 30))
      await bus.publish(sent.slice(30))
      const received = await seen.until(60)
      for (let k = 0; k < 7; k++) {
        const ofKey = received.filter((record) => record.key === `key-${k}`)
        assert.deepEqual(
          ofKey.map(({ value, headers }) => ({ value, headers })),
          sent.filter((record) => record.key === `key-${k}`).map(({ value, headers }) => ({ value, headers })),
        )
        assert.equal(new Set(ofKey.map((record) => record.partition)).size, 1)
      }
    })

    test('a decimal key goes to partition key % partitions', async (t) => {
      const { bus, topic } = await prepare(t, 10)
      await bus.publish([event(topic, '123', 1), event(topic, '40', 2)])
      const partitions = await readAll(bus, topic)
      assert.equal(numberOf(partitions[3]![0]!), 1)
      assert.equal(numberOf(partitions[0]![0]!), 2)
    })

    test('an unknown topic is an error, on publish and on subscribe', async (t) => {
      const { bus, topic, group } = await prepare(t)
      const missing = unique('missing')
      const expected = { code: 'UNKNOWN_TOPIC' }
      await assert.rejects(bus.publish([event(missing, 'a')]), expected)
      await assert.rejects(bus.subscribe({ group, topics: [missing], handler: async () => {} }), expected)
      await bus.publish([event(topic, 'a')])
    })

    test('published records and committed offsets are there after reopening', async (t) => {
      const { bus, reopen, topic, group } = await prepare(t, 1)
      const first = collector()
      await bus.subscribe({ group, topics: [topic], handler: first.handler })
      await bus.publish([event(topic, 'a', 1), event(topic, 'a', 2)])
      await first.until(2)
      const again = await reopen()
      await again.publish([event(topic, 'a', 3)])
      const second = collector()
      await again.subscribe({ group, topics: [topic], handler: second.handler })
      await second.until(1)
      assert.deepEqual(second.numbers(), [3])
      assert.deepEqual((await readAll(again, topic))[0]!.map(numberOf), [1, 2, 3])
    })

    test('a handler that throws gets the same record again, before the next', async (t) => {
      const { bus, topic, group } = await prepare(t, 1)
      const tried: number[] = []
      const seen = collector(async (record) => {
        tried.push(numberOf(record))
        if (tried.length === 1) throw new Error('first try fails')
      })
      await bus.subscribe({ group, topics: [topic], handler: seen.handler })
      await bus.publish([event(topic, 'a', 1), event(topic, 'a', 2)])
      await seen.until(2)
      assert.deepEqual(tried, [1, 1, 2])
    })

    test('close waits for the running handler and commits it', async (t) => {
      const { bus, reopen, topic, group } = await prepare(t, 1)
      const started = gate()
      const finish = gate()
      const subscription = await bus.subscribe({
        group,
        topics: [topic],
        handler: async () => {
          started.resolve()
          await finish.promise
        },
      })
      await bus.publish([event(topic, 'a', 1), event(topic, 'a', 2)])
      await started.promise
      let closed = false
      const closing = subscription.close().then(() => (closed = true))
      await bus.publish([event(topic, 'a', 3)]) // time enough for a close that does not wait
      assert.equal(closed, false)
      finish.resolve()
      await closing
      const rest = collector()
      await (await reopen()).subscribe({ group, topics: [topic], handler: rest.handler })
      await rest.until(2)
      assert.deepEqual(rest.numbers(), [2, 3])
    })

    test('a record whose handler fails while closing is delivered again later', async (t) => {
      const { bus, reopen, topic, group } = await prepare(t, 1)
      const started = gate()
      const fail = gate()
      const subscription = await bus.subscribe({
        group,
        topics: [topic],
        handler: async () => {
          started.resolve()
          await fail.promise
          throw new Error('stopped')
        },
      })
      await bus.publish([event(topic, 'a', 1)])
      await started.promise
      const closing = subscription.close()
      fail.resolve()
      await closing
      const seen = collector()
      await (await reopen()).subscribe({ group, topics: [topic], handler: seen.handler })
      await seen.until(1)
      assert.deepEqual(seen.numbers(), [1])
    })

    test('groups are independent; a new one starts at the earliest or the latest record', async (t) => {
      const { bus, reopen, topic } = await prepare(t, 1)
      const [early, late] = [unique('early'), unique('late')]
      await bus.publish([event(topic, 'a', 1)])
      const fromStart = collector()
      const fromEnd = collector()
      await bus.subscribe({ group: early, topics: [topic], handler: fromStart.handler })
      await bus.subscribe({ group: late, topics: [topic], from: 'latest', handler: fromEnd.handler })
      await bus.publish([event(topic, 'a', 2)])
      await Promise.all([fromStart.until(2), fromEnd.until(1)])
      assert.deepEqual(fromStart.numbers(), [1, 2])
      assert.deepEqual(fromEnd.numbers(), [2])
      const again = await reopen()
      const resumed = collector()
      await again.publish([event(topic, 'a', 3)])
      await again.subscribe({ group: late, topics: [topic], from: 'latest', handler: resumed.handler })
      await resumed.until(1)
      assert.deepEqual(resumed.numbers(), [3])
    })

    test('subscriptions of one group share the partitions, each handled by one at a time', async (t) => {
      const { bus, topic, group } = await prepare(t, 4)
      const running = new Map<number, number>()
      let overlaps = 0
      const seen = collector(async ({ partition }) => {
        const now = (running.get(partition) ?? 0) + 1
        running.set(partition, now)
        if (now > 1) overlaps++
        await new Promise((resolve) => setImmediate(resolve))
        running.set(partition, now - 1)
      })
      const handlers = [collector(seen.handler), collector(seen.handler)]
      for (const { handler } of handlers) await bus.subscribe({ group, topics: [topic], handler })
      // Partitions may move a moment after the second one came.
      const both = () => handlers.every(({ records }) => records.length > 0)
      let sent = 0
      for (; sent < 80 || !both(); sent += 8) {
        await bus.publish(Array.from({ length: 8 }, (_, n) => event(topic, String(sent + n), sent + n)))
        await seen.until(sent + 8)
      }
      assert.equal(overlaps, 0)
      assert.deepEqual(
        seen.numbers().sort((a, b) => a - b),
        [...Array(sent).keys()],
      )
    })

    test('lag counts what a group has not handled', async (t) => {
      const { bus, topic, group } = await prepare(t, 1)
      const hold = gate()
      const seen = collector(async (record) => (numberOf(record) === 3 ? hold.promise : undefined))
      const lagOf = async () => (await bus.admin.lag()).filter((row) => row.group === group).map(({ lag }) => lag)
      await bus.subscribe({ group, topics: [topic], handler: seen.handler })
      await bus.publish([1, 2, 3, 4].map((n) => event(topic, 'a', n)))
      await seen.until(2)
      assert.deepEqual(await lagOf(), [2])
      hold.resolve()
      await seen.until(4)
      assert.deepEqual(await lagOf(), [0])
    })

    test('a batch is of one partition, in order, and comes again as long as it throws', async (t) => {
      const { bus, topic, group } = await prepare(t, 2)
      await bus.publish(Array.from({ length: 50 }, (_, n) => event(topic, String(n), n)))
      const batches: { partitions: Set<number>; numbers: number[] }[] = []
      const handled = collector()
      let failures = 0
      const handle = async (records: readonly StoredRecord[]) => {
        batches.push({ partitions: new Set(records.map(({ partition }) => partition)), numbers: records.map(numberOf) })
        if (numberOf(records[0]!) >= 20 && failures++ < 2) throw new Error('not yet')
        for (const record of records) await handled.handler(record)
      }
      await bus.subscribe({ group, topics: [topic], handler: { most: 10, handle } })
      const records = await handled.until(50)
      for (const partition of [0, 1]) assertContiguous(records.filter((record) => record.partition === partition))
      for (const { partitions, numbers } of batches) {
        assert.equal(partitions.size, 1)
        assert.ok(numbers.length <= 10)
      }
      assert.ok(batches.some(({ numbers }) => numbers.length > 1))
      assert.ok(failures >= 2)
    })

    test('topics and groups are told by the start of their name', async (t) => {
      const { bus, topic } = await prepare(t, 1)
      const others = [`${topic}.dlq`, unique('other')]
      await bus.ensureTopics(others.map((name) => ({ name, partitions: 1, retentionMs: DAY_MS })))
      for (const name of [topic, ...others])
        await bus.subscribe({ group: `of-${name}`, topics: [name], handler: async () => {} })
      assert.deepEqual(
        (await bus.admin.topics(topic)).map(({ name }) => name),
        [topic, `${topic}.dlq`],
      )
      assert.deepEqual(
        (await bus.admin.lag(`of-${topic}`)).map(({ group }) => group),
        [`of-${topic}`, `of-${topic}.dlq`],
      )
      const all = (await bus.admin.topics()).map(({ name }) => name)
      for (const name of [topic, ...others]) assert.ok(all.includes(name))
    })

    test('read pages through a partition', async (t) => {
      const { bus, topic } = await prepare(t, 1)
      await bus.publish([1, 2, 3, 4, 5].map((n) => event(topic, 'a', n)))
      const page = await bus.admin.read({ topic, partition: 0, offset: 1, limit: 3 })
      assert.deepEqual(
        page.map((record) => [record.offset, numberOf(record)]),
        [
          [1, 2],
          [2, 3],
          [3, 4],
        ],
      )
    })

    test('what retention no longer keeps is gone; offsets go on and consumers skip the hole', async (t) => {
      const { bus, expire, topic, group } = await prepare(t, 1)
      await bus.publish([event(topic, 'a', 1), event(topic, 'a', 2)])
      const hold = gate()
      const started = gate()
      const slow = collector(async () => {
        started.resolve()
        await hold.promise
      })
      await bus.subscribe({ group, topics: [topic], handler: slow.handler })
      await started.promise
      assert.equal(await bus.admin.prune(Date.now()), 0)
      await expire(topic)
      await bus.publish([event(topic, 'a', 3)])
      const [records] = await readAll(bus, topic)
      assert.deepEqual(
        records!.map((record) => [record.offset, numberOf(record)]),
        [[2, 3]],
      )
      assert.deepEqual((await bus.admin.read({ topic, partition: 0, offset: 0, limit: 10 })).map(numberOf), [3])
      const seen = collector()
      await bus.subscribe({ group: unique('group'), topics: [topic], handler: seen.handler })
      await seen.until(1)
      assert.deepEqual(seen.numbers(), [3])
      hold.resolve()
      const [, second] = await slow.until(2) // an adapter may have read record 2 ahead
      if (numberOf(second!) === 2) await slow.until(3)
      assert.equal(slow.numbers().at(-1), 3)
    })

    test('more partitions can be added; consumers follow them', async (t) => {
      const { bus, topic, group } = await prepare(t, 1)
      const seen = collector()
      await bus.subscribe({ group, topics: [topic], handler: seen.handler })
      await bus.ensureTopics([{ name: topic, partitions: 4, retentionMs: DAY_MS }])
      await bus.publish([0, 1, 2, 3].map((n) => event(topic, String(n), n)))
      const received = await seen.until(4)
      assert.deepEqual(
        received.map(({ partition }) => partition).sort((a, b) => a - b),
        [0, 1, 2, 3],
      )
    })

    test('property: parallel publishers leave no gap, lose nothing and keep each key in order', async (t) => {
      const { bus } = await prepare(t)
      const batches = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }), {
        maxLength: 12,
      })
      await fc.assert(
        fc.asyncProperty(batches, fc.integer({ min: 1, max: 4 }), async (publishes, partitions) => {
          const topic = unique('property')
          await bus.ensureTopics([{ name: topic, partitions, retentionMs: DAY_MS }])
          let n = 0
          await Promise.all(publishes.map((keys) => bus.publish(keys.map((key) => event(topic, `k${key}`, n++)))))
          const stored = await readAll(bus, topic)
          assert.equal(stored.flat().length, n)
          stored.forEach((records, partition) => {
            assertContiguous(records)
            for (const { key } of records) assert.equal(partitionOf(key, partitions), partition)
          })
          for (let key = 0; key < 10; key++) {
            const numbers = stored
              .flat()
              .filter((record) => record.key === `k${key}`)
              .map(numberOf)
            assert.deepEqual(
              numbers,
              numbers.toSorted((a, b) => a - b),
            )
          }
        }),
        { numRuns: 25 },
      )
    })
  })
}
