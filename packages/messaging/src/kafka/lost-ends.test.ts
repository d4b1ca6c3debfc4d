import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { silentLogger } from '../logger.ts'
import type { BatchHandler } from '../ports.ts'
import { collector, event, gate, type Scope } from '../testing.ts'
import type { Context, Driver } from './driver.ts'
import { createFetcher } from './fetcher.ts'
import { createLane } from './lane.ts'

const TOPIC = 'topic'
const ID = 'id-of-the-topic'

/** As much of a log as a broker looks at: the epoch that each of its records was taken in, by offset. */
type Log = readonly number[]
const taken = (epoch: number, records: number): Log => Array.from({ length: records }, () => epoch)

/** Batches as the driver reads them, one an epoch. */
function batchesOf(log: Log, from: number): Driver.RecordsBatch[] {
  const batches: Driver.RecordsBatch[] = []
  for (let first = from; first < log.length;) {
    const epoch = log[first]!
    const after = log.findIndex((other, offset) => offset > first && other !== epoch)
    const end = after < 0 ? log.length : after
    const records = Array.from({ length: end - first }, (_, offsetDelta) => {
      const { key, value } = event(TOPIC, 'a', first + offsetDelta)
      const bytes = { key: Buffer.from(key), value: Buffer.from(JSON.stringify(value)), headers: [] }
      return { offsetDelta, timestampDelta: 0n, ...bytes }
    })
    const times = { firstTimestamp: 0n, maxTimestamp: 0n }
    const batch = { firstOffset: BigInt(first), lastOffsetDelta: end - first - 1, partitionLeaderEpoch: epoch }
    batches.push({ ...batch, ...times, attributes: 0, records } as unknown as Driver.RecordsBatch)
    first = end
  }
  return batches
}

/** One broker with one partition, that answers questions about epochs as Kafka does (KIP-595). */
function brokerWith(begin: Log) {
  const asked: { offset: number; epoch: number }[] = []
  let log = begin
  const refused = () => Object.assign(new Error('refused'), { apiId: 'OFFSET_OUT_OF_RANGE' })
  const answer = (offset: number, epoch: number) => {
    asked.push({ offset, epoch })
    if (epoch > log.at(-1)!) throw refused()
    const known = log.filter((each) => each <= epoch)
    if (epoch >= 0 && (known.at(-1) !== epoch || known.length < offset))
      return { partitionIndex: 0, divergingEpoch: { epoch: known.at(-1) ?? -1, endOffset: BigInt(known.length) } }
    if (offset > log.length) throw refused()
    return { partitionIndex: 0, records: batchesOf(log, offset) }
  }
  class Consumer {
    topics = { trackAll() {} }
    on() {}
    async close() {}
    async metadata() {
      return { topics: new Map([[TOPIC, { id: ID, partitions: [{ leader: 1 }] }]]) }
    }
    async listOffsets({ timestamp }: { timestamp: bigint }) {
      return new Map([[TOPIC, [timestamp === -2n ? 0n : BigInt(log.length)]]])
    }
    async fetch({ topics }: { topics: { partitions: { fetchOffset: bigint; lastFetchedEpoch: number }[] }[] }) {
      // As a broker that waits for something new; without it one test could ask for ever and never let the other parts go on.
      await new Promise((resolve) => setImmediate(resolve))
      const { fetchOffset, lastFetchedEpoch } = topics[0]!.partitions[0]!
      return { responses: [{ topicId: ID, partitions: [answer(Number(fetchOffset), lastFetchedEpoch)] }] }
    }
  }
  return { asked, driver: { Consumer } as unknown as typeof Driver, becomes: (other: Log) => void (log = other) }
}

/** A consumer of the partition, as a subscriber puts it together. */
function consume(
  t: Scope,
  broker: ReturnType<typeof brokerWith>,
  { handler, position = 0, epoch = -1 }: { handler: BatchHandler; position?: number; epoch?: number },
) {
  const committed: { next: number; epoch: number }[] = []
  const at = { group: 'group', topic: TOPIC, partition: 0, position, epoch, logger: silentLogger }
  const handled = (next: number, ofEpoch: number) => void committed.push({ next, epoch: ofEpoch })
  const lane = createLane({ ...at, handler, handled, hungry: () => fetcher.wake() })
  const settings = { brokers: [''], clientId: 'test', timeoutMs: 5_000, logger: silentLogger }
  const fetcher = createFetcher({ driver: broker.driver, settings } as unknown as Context, [TOPIC], () => [lane], {
    remade: () => assert.fail(),
    shortened: (_lane, to) => {
      if (lane.rewind(to)) handled(to, -1)
    },
  })
  t.after(() => Promise.all([lane.leave(), fetcher.close()]))
  return { lane, committed, fetcher }
}

/** Handles one record after the other, and waits before this one until it is let go. */
function stopsAt(t: Scope, offset: number) {
  const stop = gate()
  t.after(() => stop.resolve())
  const seen = collector(async (record) => {
    if (record.offset === offset) await stop.promise
  })
  const handler: BatchHandler = { most: 1, handle: ([record]) => seen.handler(record!) }
  return { seen, handler, go: stop.resolve, offsets: () => seen.records.map((record) => record.offset) }
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

suite('Kafka loses the end of a log', () => {
  test('what is committed has the epoch of the record that was handled, however far was read ahead', async (t) => {
    const { seen, handler, go } = stopsAt(t, 51)
    const { lane, committed } = consume(t, brokerWith([...taken(3, 100), ...taken(5, 100)]), { handler })
    await eventually(() => assert.deepEqual([lane.next(), lane.epoch()], [200, 5]))
    await seen.until(51)
    await eventually(() => assert.deepEqual(committed.at(-1), { next: 51, epoch: 3 }))
    go()
    await eventually(() => assert.deepEqual(committed.at(-1), { next: 200, epoch: 5 }))
    assert.deepEqual(committed[99], { next: 100, epoch: 3 })
  })

  test('a consumer never goes forward over what it has not read, whatever epoch it comes with', async (t) => {
    const { seen, handler, offsets } = stopsAt(t, -1)
    const broker = brokerWith([...taken(3, 100), ...taken(6, 10)])
    const { committed } = consume(t, broker, { handler, position: 51, epoch: 5 })
    await seen.until(59)
    assert.deepEqual(offsets(), range(51, 110))
    assert.deepEqual(broker.asked.slice(0, 2), [{ offset: 51, epoch: 5 }, { offset: 51, epoch: -1 }]) // prettier-ignore
    assert.deepEqual(committed[0], { next: 52, epoch: 3 })
  })

  test('what was read ahead and not lost is handled before the group stands at the new end', async (t) => {
    const { seen, handler, go, offsets } = stopsAt(t, 51)
    const broker = brokerWith([...taken(3, 100), ...taken(5, 100)])
    const { lane, committed } = consume(t, broker, { handler })
    await seen.until(51)
    await eventually(() => assert.equal(lane.next(), 200))
    broker.becomes([...taken(3, 100), ...taken(6, 10)])
    await eventually(() => assert.deepEqual([lane.next(), lane.epoch()], [110, 6]))
    assert.deepEqual(committed.at(-1), { next: 51, epoch: 3 })
    go()
    await seen.until(210)
    assert.deepEqual(offsets(), [...range(0, 200), ...range(100, 110)])
    await eventually(() => assert.deepEqual(committed.at(-1), { next: 110, epoch: 6 }))
    const places = committed.map(({ next }) => next)
    assert.deepEqual(places, range(1, 111), 'not one of what was lost')
  })

  test('who has handled what was lost stands at the new end', async (t) => {
    const { seen, handler } = stopsAt(t, -1)
    const broker = brokerWith([...taken(3, 100), ...taken(5, 100)])
    const { committed } = consume(t, broker, { handler })
    await seen.until(200)
    broker.becomes([...taken(3, 100), ...taken(6, 1)])
    await seen.until(201)
    await eventually(() => assert.deepEqual(committed.at(-1), { next: 101, epoch: 6 }))
    assert.deepEqual(committed.at(-2), { next: 100, epoch: -1 })
  })

  test('an epoch that no broker knows is given up, and not asked for again and again', async (t) => {
    const { seen, handler, offsets } = stopsAt(t, -1)
    const broker = brokerWith(taken(3, 100))
    consume(t, broker, { handler, position: 51, epoch: 9 })
    await seen.until(49)
    assert.deepEqual(offsets(), range(51, 100))
    assert.equal(broker.asked.filter(({ epoch }) => epoch === 9).length, 1)
  })
})
