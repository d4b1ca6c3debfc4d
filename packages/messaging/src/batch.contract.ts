import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { MalformedEvent } from '@bigtech/kernel'
import { withDlq } from './dlq-headers.ts'
import { createDlq } from './dlq.ts'
import type { BusUnderTest } from './event-bus.contract.ts'
import type { StoredRecord } from './ports.ts'
import { type Outcome, runConsumer } from './runner.ts'
import { collector, event, gate, numberOf, readAll, type Scope, unique } from './testing.ts'

const fast = { baseMs: 1, capMs: 5 }

/** Records that are handled together, on every event bus. */
export function batchContract(name: string, open: (t: Scope) => Promise<Omit<BusUnderTest, 'expire'>>): void {
  async function setUp(t: Scope) {
    const { bus } = await open(t)
    const [topic, group] = [unique('topic'), unique('group')]
    await bus.ensureTopics(withDlq([{ name: topic, partitions: 1, retentionMs: 86_400_000 }]))
    return { bus, topic, group }
  }

  suite(`consumer of batches: ${name}`, () => {
    test('a batch that fails is taken apart: the poison alone is dead-lettered', async (t) => {
      const { bus, topic, group } = await setUp(t)
      await bus.publish(Array.from({ length: 20 }, (_, n) => event(topic, 'a', n, n === 7 ? 'Other' : 'Counted')))
      const sizes: number[] = []
      const handled = collector()
      const outcomes: Outcome[] = []
      const done = gate()
      const consumer = await runConsumer({
        bus,
        group,
        topics: [topic],
        retry: fast,
        hooks: {
          onOutcome: (_record, { outcome }) => {
            if (outcomes.push(outcome) === 20) done.resolve()
          },
        },
        batch: {
          types: ['Counted'],
          most: 100,
          async handle(records) {
            sizes.push(records.length)
            if (records.some((record) => numberOf(record) === 12)) throw new Error('poison')
            for (const record of records) await handled.handler(record)
          },
        },
      })
      t.after(() => consumer.close())
      await done.promise
      assert.deepEqual(
        handled.numbers(),
        Array.from({ length: 20 }, (_, n) => n).filter((n) => n !== 7 && n !== 12),
      )
      assert.ok(sizes.some((size) => size > 1))
      assert.deepEqual(outcomes.toSorted(), ['dead_lettered', ...Array<Outcome>(18).fill('handled'), 'ignored'])
      const letters = await createDlq({ bus }).list({ topic })
      assert.equal(letters.length, 1)
    })

    test('one poison among many costs a few tries, not one for each of the others', async (t) => {
      const { bus, topic, group } = await setUp(t)
      const MANY = 64
      await bus.publish(Array.from({ length: MANY }, (_, n) => event(topic, 'a', n)))
      const handled = collector()
      let calls = 0
      const outcomes: Outcome[] = []
      const done = gate()
      const consumer = await runConsumer({
        bus,
        group,
        topics: [topic],
        retry: fast,
        hooks: { onOutcome: (_record, { outcome }) => outcomes.push(outcome) === MANY && done.resolve() },
        batch: {
          types: ['Counted'],
          most: MANY,
          async handle(records) {
            calls++
            // Whoever rejects with nothing has failed as well.
            if (records.some((record) => numberOf(record) === 40)) return Promise.reject()
            for (const record of records) await handled.handler(record)
          },
        },
      })
      t.after(() => consumer.close())
      await done.promise
      assert.equal(outcomes.filter((outcome) => outcome === 'dead_lettered').length, 1)
      assert.deepEqual(
        handled.numbers(),
        Array.from({ length: MANY }, (_, n) => n).filter((n) => n !== 40),
      )
      // A half each time, and five of its own; twice as many, as the records may come in several batches.
      assert.ok(calls <= 2 * (2 * Math.log2(MANY) + 5), `${calls} calls`)
    })

    test('what is malformed is dead-lettered at once, and parts nothing that came with it', async (t) => {
      const { bus, topic, group } = await setUp(t)
      const MANY = 60
      const isWrong = (n: number) => n % 3 === 0
      await bus.publish(Array.from({ length: MANY }, (_, n) => event(topic, 'a', n)))
      const handled = collector()
      let calls = 0
      const check = (record: StoredRecord) => {
        if (isWrong(numberOf(record))) throw new MalformedEvent('no number')
      }
      const done = gate()
      let seen = 0
      const consumer = await runConsumer({
        bus,
        group,
        topics: [topic],
        // Whoever tried again would wait for minutes.
        retry: { attempts: 5, baseMs: 600_000, capMs: 600_000 },
        hooks: { onOutcome: () => ++seen === MANY && done.resolve() },
        batch: {
          types: ['Counted'],
          most: MANY,
          check,
          async handle(records) {
            calls++
            records.forEach(check)
            for (const record of records) await handled.handler(record)
          },
        },
      })
      t.after(() => consumer.close())
      await done.promise
      assert.deepEqual(
        handled.numbers(),
        Array.from({ length: MANY }, (_, n) => n).filter((n) => !isWrong(n)),
      )
      const letters = (await readAll(bus, `${topic}.dlq`)).flat()
      assert.deepEqual(
        letters.map(({ headers }) => headers['dlq-attempts']),
        Array<string>(MANY / 3).fill('1'),
      )
      // All, those that are sound, and each of the others; the records may come in several batches.
      assert.ok(calls <= MANY / 3 + 12, `${calls} calls`)
    })
  })
}
