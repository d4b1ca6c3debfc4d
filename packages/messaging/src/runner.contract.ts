import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { withDlq } from './dlq-headers.ts'
import { createDlq } from './dlq.ts'
import type { BusUnderTest } from './event-bus.contract.ts'
import type { EventBus, EventHandler } from './ports.ts'
import { type ConsumerOptions, type Outcome, runConsumer } from './runner.ts'
import { once } from './sql/inbox.ts'
import { effects, testDatabase } from './sql/database.fixture.ts'
import { collector, event, gate, numberOf, readAll, type Scope, unique } from './testing.ts'

const fast = { baseMs: 1, capMs: 5 }

/** Retry, dead letters and replay, on every event bus. */
export function runnerContract(name: string, open: (t: Scope) => Promise<Omit<BusUnderTest, 'expire'>>): void {
  async function setUp(t: Scope) {
    const { bus, reopen } = await open(t)
    let current = bus
    const [topic, group] = [unique('topic'), unique('group')]
    await bus.ensureTopics(withDlq([{ name: topic, partitions: 1, retentionMs: 86_400_000 }]))
    const run = (handler: EventHandler, options: Partial<Omit<ConsumerOptions, 'batch' | 'handlers'>> = {}) =>
      runConsumer({ bus: current, group, topics: [topic], handlers: { Counted: handler }, retry: fast, ...options })
    return { bus, run, topic, group, reopen: async () => (current = await reopen()) }
  }

  suite(`consumer runner: ${name}`, () => {
    test('retries with backoff until the handler succeeds', async (t) => {
      const { bus, run, topic } = await setUp(t)
      let tries = 0
      const attempts: number[] = []
      const seen = collector(async () => {
        if (++tries < 4) throw new Error('not yet')
      })
      await run(seen.handler, { hooks: { onOutcome: (_record, info) => attempts.push(info.attempts) } })
      await bus.publish([event(topic, 'a', 1), event(topic, 'a', 2)])
      await seen.until(2)
      assert.deepEqual(seen.numbers(), [1, 2])
      assert.equal(attempts[0], 4)
      assert.deepEqual(await createDlq({ bus }).list({ topic }), [])
    })

    test('a poison record goes to the DLQ with its error, unchanged, and the partition goes on', async (t) => {
      const { bus, run, topic, group } = await setUp(t)
      const poison = event(topic, 'a', 1)
      const definition = { kind: 'invalid', ko: '-', en: 'cannot be handled' } as const
      const seen = collector(async (record) => {
        if (numberOf(record) === 1) throw new AppError('BAD_EVENT', definition)
      })
      await run(seen.handler, { clock: { now: () => 0 } })
      await bus.publish([event(topic, 'a', 0), poison, event(topic, 'a', 2)])
      await seen.until(2)
      assert.deepEqual(seen.numbers(), [0, 2])
      const [[letter]] = (await readAll(bus, `${topic}.dlq`)) as [
        [Awaited<ReturnType<EventBus['admin']['read']>>[number]],
      ]
      assert.deepEqual([letter.key, letter.value], [poison.key, poison.value])
      assert.deepEqual(letter.headers, {
        ...poison.headers,
        'dlq-error': 'cannot be handled',
        'dlq-error-code': 'BAD_EVENT',
        'dlq-group': group,
        'dlq-topic': topic,
        'dlq-partition': '0',
        'dlq-offset': '1',
        'dlq-attempts': '5',
        'dlq-failed-at': '1970-01-01T00:00:00.000Z',
      })
    })

    test('unavailable storage is waited for, however long, and never dead-letters', async (t) => {
      const { bus, run, topic } = await setUp(t)
      let tries = 0
      const down = { kind: 'unavailable', ko: '-', en: 'down' } as const
      const seen = collector(async () => {
        if (++tries <= 20) throw new AppError('STORAGE_UNAVAILABLE', down)
      })
      await run(seen.handler)
      await bus.publish([event(topic, 'a', 1)])
      await seen.until(1)
      assert.deepEqual(await createDlq({ bus }).list({ topic }), [])
    })

    test('a failing DLQ publish is repeated until it is stored', async (t) => {
      const { bus, run, topic } = await setUp(t)
      let refused = 0
      const flaky: EventBus = {
        ...bus,
        publish: (records) => (++refused <= 7 ? Promise.reject(new Error('broker down')) : bus.publish(records)),
      }
      const done = gate()
      const hooks = { onOutcome: () => done.resolve() }
      await run(() => Promise.reject(new Error('poison')), { bus: flaky, hooks, retry: { ...fast, attempts: 2 } })
      await bus.publish([event(topic, 'a', 1)])
      await done.promise
      assert.equal((await createDlq({ bus }).list({ topic })).length, 1)
    })

    test('unknown event types are passed over, also names that every object has', async (t) => {
      const { bus, run, topic } = await setUp(t)
      const outcomes: Outcome[] = []
      const seen = collector()
      await run(seen.handler, { hooks: { onOutcome: (_record, { outcome }) => outcomes.push(outcome) } })
      await bus.publish([event(topic, 'a', 1, 'Other'), event(topic, 'a', 2, 'toString'), event(topic, 'a', 3)])
      await seen.until(1)
      await bus.admin.lag()
      assert.deepEqual(seen.numbers(), [3])
      assert.deepEqual(outcomes.slice(0, 2), ['ignored', 'ignored'])
    })

    test('what is no event at all is passed over, and holds up nothing after it', async (t) => {
      const { bus, run, topic } = await setUp(t)
      const outcomes: Outcome[] = []
      const seen = collector()
      await run(seen.handler, { hooks: { onOutcome: (_record, { outcome }) => outcomes.push(outcome) } })
      const nothing = [null, [], 'text', 7].map((value) => ({ ...event(topic, 'a', 0), value: value as never }))
      await bus.publish([...nothing, event(topic, 'a', 1)])
      await seen.until(1)
      assert.deepEqual(outcomes.slice(0, 4), Array<Outcome>(4).fill('ignored'))
      const [records] = await readAll(bus, topic)
      assert.deepEqual(
        records!.map(({ value }) => value.event_type),
        [...Array<string>(4).fill('Unreadable'), 'Counted'],
      )
    })

    test('close ends a waiting retry; the record is delivered after the restart', async (t) => {
      const { bus, run, reopen, topic } = await setUp(t)
      const failed = gate()
      const consumer = await run(() => Promise.reject(new Error('no')), {
        retry: { attempts: 5, baseMs: 600_000, capMs: 600_000 },
        hooks: { onRetry: () => failed.resolve() },
      })
      await bus.publish([event(topic, 'a', 1)])
      await failed.promise
      await consumer.close()
      await reopen()
      const seen = collector()
      await run(seen.handler)
      await seen.until(1)
    })

    test('the handler runs inside the context of the headers', async (t) => {
      const { bus, run, topic } = await setUp(t)
      let context = ''
      const contexts: string[] = []
      const seen = collector(async () => void contexts.push(context))
      await run(seen.handler, {
        async withContext(headers, inside) {
          context = headers['traceparent'] ?? ''
          await inside()
        },
      })
      const record = event(topic, 'a', 1)
      await bus.publish([{ ...record, headers: { ...record.headers, traceparent: '00-1-2-01' } }])
      await seen.until(1)
      assert.deepEqual(contexts, ['00-1-2-01'])
    })

    test('a missing DLQ topic is an error at the start', async (t) => {
      const { bus, run, topic } = await setUp(t)
      const bare = unique('bare')
      await bus.ensureTopics([{ name: bare, partitions: 1, retentionMs: 86_400_000 }])
      await assert.rejects(
        run(async () => {}, { topics: [bare] }),
        { code: 'UNKNOWN_TOPIC', message: new RegExp(`${bare}\\.dlq`) },
      )
      await assert.rejects(
        run(async () => {}, { topics: [`${topic}.dlq`] }),
        { message: /replay/ },
      )
    })

    test('retry, DLQ, repair, replay: the effect happens once, in the failed group only, and the letter is closed', async (t) => {
      const { bus, run, reopen, topic, group } = await setUp(t)
      const { db } = await testDatabase(t)
      let broken = true
      const effectIn =
        (group: string): EventHandler =>
        async (record) => {
          await once(db, { group, eventId: record.value.event_id, now: 1 }, async (trx) => {
            await trx
              .insertInto('effects')
              .values({ name: `${group}-${numberOf(record)}` })
              .execute()
            if (group === 'group' && broken && numberOf(record) === 1) throw new Error('bug')
          })
        }
      const inGroup = collector(effectIn('group'))
      const inOther = collector(effectIn('other'))
      const outcomes: Outcome[] = []
      await run(inGroup.handler)
      await run(inOther.handler, {
        group: `${group}-other`,
        hooks: { onOutcome: (_record, { outcome }) => outcomes.push(outcome) },
      })
      await bus.publish([event(topic, 'a', 1), event(topic, 'b', 2)])
      await Promise.all([inGroup.until(1), inOther.until(2)])
      assert.deepEqual(await effects(db), ['group-2', 'other-1', 'other-2'])

      broken = false
      const dlq = createDlq({ bus })
      const [letter, ...more] = await dlq.list({ topic })
      assert.deepEqual(more, [])
      assert.deepEqual([letter!.topic, letter!.failed.group, letter!.failed.error], [topic, group, 'bug'])
      assert.equal(await dlq.replay({ topic, offsets: [99] }), 0)
      assert.equal(await dlq.replay({ topic, partition: 0, offsets: [letter!.offset] }), 1)
      await inGroup.until(2)
      assert.deepEqual(await effects(db), ['group-1', 'group-2', 'other-1', 'other-2'])
      assert.deepEqual([await dlq.list({ topic }), await dlq.replay({ topic })], [[], 0])

      // The same replay published a second time, as after a crash before the letter was closed.
      const replayed = (await readAll(bus, topic))[0]!.at(-1)!
      assert.equal(replayed.value.event_id, letter!.event_id)
      assert.deepEqual(
        [replayed.headers['dlq-replayed-of'], replayed.headers['replay-group'], replayed.headers['dlq-error']],
        ['0:0', group, undefined],
      )
      await bus.publish([replayed, event(topic, 'a', 3)])
      await Promise.all([inGroup.until(4), inOther.until(3)])
      assert.deepEqual(await effects(db), ['group-1', 'group-2', 'group-3', 'other-1', 'other-2', 'other-3'])
      assert.equal(outcomes.filter((outcome) => outcome === 'skipped').length, 2)
      assert.deepEqual(await createDlq({ bus: await reopen() }).list({ topic }), [])
    })

    test('a letter that fails again is open again; discard closes it for good', async (t) => {
      const { bus, run, topic } = await setUp(t)
      const dlq = createDlq({ bus })
      let letters = collector()
      const hooks = { onOutcome: (record: Parameters<EventHandler>[0]) => void letters.handler(record) }
      await run(() => Promise.reject(new Error('still broken')), { hooks, retry: { ...fast, attempts: 1 } })
      await bus.publish([event(topic, 'a', 1), event(topic, 'a', 2)])
      await letters.until(2)
      letters = collector()
      assert.equal(await dlq.replay({ topic, offsets: [0] }), 1)
      await letters.until(1)
      const open = await dlq.list({ topic })
      // The new letter may stand before the note that closes the old one: who replays publishes that note when the record is out.
      assert.deepEqual(
        open.map(({ failed }) => failed.offset),
        [1, 2],
      )
      assert.ok(open[1]!.offset > 1)
      assert.equal(open[1]!.record.headers['replay-group'], undefined)
      assert.equal((await dlq.list({ topic, limit: 1 })).length, 1)
      assert.equal(await dlq.discard({ topic }), 2)
      assert.deepEqual(await dlq.list({ topic }), [])
    })
  })
}
