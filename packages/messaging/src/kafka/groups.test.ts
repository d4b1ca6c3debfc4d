import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { eventually, spawnProgram, type Program } from '@bigtech/testkit'
import { collector, event, gate, numberOf, type Scope, unique } from '../testing.ts'
import { brokers, kafkaEngine, openBus } from './kafka.fixture.ts'

const DAY_MS = 86_400_000
const child = fileURLToPath(new URL('./member-child.ts', import.meta.url))

suite('Kafka consumer groups', { skip: kafkaEngine.skip }, () => {
  if (kafkaEngine.skip) return

  async function setUp(t: Scope, partitions: number) {
    const bus = await openBus(t, { sessionTimeoutMs: 6_000 })
    const [topic, group] = [unique('topic'), unique('group')]
    await bus.ensureTopics([{ name: topic, partitions, retentionMs: DAY_MS }])
    return { bus, topic, group }
  }
  const member = (t: Scope, topic: string, group: string): Promise<Program> =>
    spawnProgram(t, { file: child, args: [brokers[0]!, topic, group], ready: /^ready$/ })

  const handledBy = (program: Program): { partition: number; n: number }[] =>
    [...program.output().matchAll(/^handled (\d+) (\d+)$/gm)].map(([, partition, n]) => ({
      partition: Number(partition),
      n: Number(n),
    }))
  const numbersOf = (program: Program): number[] => handledBy(program).map(({ n }) => n)
  const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b)

  test('two processes share the partitions; one is killed: the other takes over, nothing is lost', async (t) => {
    const { bus, topic, group } = await setUp(t, 4)
    const programs = [await member(t, topic, group), await member(t, topic, group)] as const
    let sent = 0
    const publish = () =>
      bus.publish(Array.from({ length: 8 }, (_, n) => event(topic, String(sent + n), sent + n))).then(() => (sent += 8))
    const all = () => programs.flatMap(handledBy)

    await eventually(
      async () => {
        await publish()
        assert.ok(programs.every((program) => handledBy(program).length > 0))
      },
      { timeoutMs: 30_000, everyMs: 50 },
    )
    const publishing = eventually(
      async () => {
        await publish()
        assert.ok(sent >= 400)
      },
      { timeoutMs: 30_000, everyMs: 50 },
    )
    await programs[0].kill('SIGKILL')
    const before = handledBy(programs[1]).length
    await publishing
    await eventually(
      () => {
        const seen = new Set(all().map(({ n }) => n))
        assert.deepEqual(
          [...Array(sent).keys()].filter((n) => !seen.has(n)),
          [],
        )
      },
      { timeoutMs: 30_000, everyMs: 100 },
    )
    const after = handledBy(programs[1]).slice(before)
    assert.deepEqual(sorted(new Set(after.map(({ partition }) => partition))), [0, 1, 2, 3])
    // In order within the partition: what comes again comes together with what followed it.
    for (const ofOne of Map.groupBy(handledBy(programs[1]), ({ partition }) => partition).values())
      assert.deepEqual(
        ofOne.map(({ n }) => n),
        sorted(ofOne.map(({ n }) => n)),
      )
  })

  test('a handler that takes longer than the session keeps its partition, also when others come and go', async (t) => {
    const { bus, topic, group } = await setUp(t, 2)
    const started = gate()
    const finish = gate()
    const began: number[] = []
    const own = collector(async (record) => {
      began.push(numberOf(record))
      if (numberOf(record) > 1) return
      if (began.length === 2) started.resolve()
      await finish.promise
    })
    await bus.subscribe({ group, topics: [topic], handler: own.handler })
    await bus.publish([0, 1, 2, 3].map((n) => event(topic, String(n), n)))
    await started.promise // both partitions are in a handler
    // Another process comes: one partition is to be its, once the handler has ended.
    const other = await spawnProgram(t, { file: child, args: [brokers[0]!, topic, group] })
    await new Promise((resolve) => setTimeout(resolve, 9_000)) // the session is 6 s
    assert.doesNotMatch(other.output(), /began/)
    finish.resolve()
    await eventually(() => assert.deepEqual(sorted([...own.numbers(), ...numbersOf(other)]), [0, 1, 2, 3]), {
      timeoutMs: 20_000,
      everyMs: 50,
    })
    await bus.publish(Array.from({ length: 10 }, (_, n) => event(topic, String(n + 4), n + 4)))
    await eventually(
      () => {
        assert.deepEqual(sorted([...own.numbers(), ...numbersOf(other)]), [...Array(14).keys()])
        assert.ok(handledBy(other).length > 0)
      },
      { timeoutMs: 20_000, everyMs: 50 },
    )
  })

  test('one partition waits for its handler; the others go on, however much is waiting', async (t) => {
    const { bus, topic, group } = await setUp(t, 2)
    const hold = gate()
    const seen = collector(({ partition }) => (partition === 0 ? hold.promise : Promise.resolve()))
    await bus.subscribe({ group, topics: [topic], handler: seen.handler })
    const text = 'x'.repeat(1_000)
    const numbered = (n: number) => {
      const record = event(topic, String(n), n)
      return { ...record, value: { ...record.value, text } }
    }
    await bus.publish(Array.from({ length: 6_000 }, (_, n) => numbered(n)))
    await seen.until(3_000)
    assert.ok(seen.records.every(({ partition }) => partition === 1))
    hold.resolve()
    await seen.until(6_000)
    assert.equal(new Set(seen.numbers()).size, 6_000)
  })

  test('a partition that is added is read from its first record, also by a group that began at the end', async (t) => {
    const { bus, topic, group } = await setUp(t, 1)
    await bus.publish([event(topic, '0', 0)])
    const seen = collector()
    const subscription = await bus.subscribe({ group, topics: [topic], from: 'latest', handler: seen.handler })
    await subscription.close()
    await bus.ensureTopics([{ name: topic, partitions: 2, retentionMs: DAY_MS }])
    await bus.publish([event(topic, '1', 1), event(topic, '2', 2)])
    await bus.subscribe({ group, topics: [topic], from: 'latest', handler: seen.handler })
    await seen.until(2)
    const places = seen.records.map((record) => [numberOf(record), record.partition])
    assert.deepEqual(
      places.toSorted(([a], [b]) => a! - b!),
      [
        [1, 1],
        [2, 0],
      ],
    )
  })
})
