import { setImmediate as nextTurn } from 'node:timers/promises'
import { jsonOf } from '../encoded-record.ts'
import { isUnavailable, messagingErrors } from '../errors.ts'
import { partitionOf } from '../partition.ts'
import type { EventRecord } from '../ports.ts'
import { answered, connectionOf, type Context, isTooLarge, unavailable } from './driver.ts'

/** Of one request: well below what a broker takes of a topic by default (1 MiB), however the records fall to partitions. */
const REQUEST_BYTES = 512 * 1024
/** No broker's default takes a larger record; one that is far larger would not be refused but end the connection. */
const RECORD_BYTES = 1024 * 1024

type Encoded = Pick<EventRecord, 'topic' | 'key' | 'headers'> & { value: string; bytes: number }
/** One call of `publish`. */
type Job = { left: number; failed: boolean; resolve: () => void; reject: (error: unknown) => void }
type Item = { job: Job; record: Encoded }

/**
 * Publishes in the order of the calls, one request at a time to each broker; what comes in meanwhile goes with the next request. The driver's
 * producer numbers its records (idempotence), so that a request that is repeated is stored once.
 * @param partitionsOf the number of a topic's partitions; throws UNKNOWN_TOPIC
 */
export function createPublisher(
  { driver, settings }: Context,
  partitionsOf: (topics: readonly string[]) => Promise<ReadonlyMap<string, number>>,
) {
  const waiting: Item[] = []
  let working: Promise<void> | undefined
  let closed = false
  let turn = 0

  const open = () =>
    new driver.Producer({
      ...connectionOf(settings, turn++),
      serializers: driver.stringSerializers,
      idempotent: true,
      acks: driver.ProduceAcks.ALL,
      // The deadline ends it.
      retries: 1_000_000,
    })
  let producer: ReturnType<typeof open> | undefined
  /** Partitions by topic, as they were at the last request. */
  const known = new Map<string, number>()

  /** A request without an answer may still be repeated by its producer, after later ones: that producer is not used again. */
  const giveUp = (): void => {
    producer?.close(true).catch(() => {})
    producer = undefined
  }

  const send = async (items: readonly Item[]): Promise<void> => {
    const counts = await partitionsOf([...new Set(items.map(({ record }) => record.topic))])
    producer ??= open()
    // The driver takes a partition modulo the number that it remembers, for 5 s longer than it is true.
    if ([...counts].some(([topic, count]) => known.get(topic) !== count)) producer.clearMetadata()
    for (const [topic, count] of counts) known.set(topic, count)
    const messages = items.map(({ record: { topic, key, value, headers } }) => ({
      topic,
      key,
      value,
      headers,
      partition: partitionOf(key, counts.get(topic)!),
    }))
    try {
      await answered(producer.send({ messages }), settings.timeoutMs)
    } catch (error) {
      giveUp()
      if (isTooLarge((error as Error).cause)) throw tooLarge(items[0]!.record)
      throw error
    }
  }

  const fail = (items: readonly Item[], error: unknown): void => {
    for (const { job } of items) {
      job.failed = true
      job.reject(error)
    }
  }

  /** Of several calls in one request, the one that is at fault is found by asking for each alone. */
  const store = async (items: readonly Item[]): Promise<void> => {
    try {
      await send(items)
    } catch (error) {
      const jobs = Map.groupBy(items, ({ job }) => job)
      if (isUnavailable(error)) fail([...items, ...waiting.splice(0)], error)
      else if (jobs.size === 1) fail(items, error)
      else for (const ofOne of jobs.values()) await store(ofOne.filter(({ job }) => !job.failed))
      return
    }
    for (const { job } of items) if (--job.left === 0) job.resolve()
  }

  const take = (): Item[] => {
    const items: Item[] = []
    for (let bytes = 0; waiting.length > 0;) {
      const next = waiting[0]!
      bytes += next.record.bytes
      if (items.length > 0 && bytes > REQUEST_BYTES) break
      waiting.shift()
      // After a record that failed, the later ones of its call would overtake it.
      if (!next.job.failed) items.push(next)
    }
    return items
  }

  const work = async (): Promise<void> => {
    await nextTurn() // calls of the same turn go together
    while (waiting.length > 0) {
      const items = take()
      if (items.length > 0) await store(items)
    }
    working = undefined // in the same turn as the check above
  }

  return {
    publish(records: readonly EventRecord[]): Promise<void> {
      if (closed) return Promise.reject(unavailable())
      if (records.length === 0) return Promise.resolve()
      const encoded = records.map(encode)
      const large = encoded.find(({ bytes }) => bytes > RECORD_BYTES)
      if (large) return Promise.reject(tooLarge(large))
      return new Promise((resolve, reject) => {
        const job: Job = { left: encoded.length, failed: false, resolve, reject }
        waiting.push(...encoded.map((record) => ({ job, record })))
        working ??= work()
      })
    },
    /** Waits for what is being published. */
    async close(): Promise<void> {
      closed = true
      await working
      await producer?.close(true).catch(() => {})
    },
  }
}

const tooLarge = ({ topic, key, bytes }: Encoded) => messagingErrors.RECORD_TOO_LARGE({ params: { topic, key, bytes } })

function encode(record: EventRecord): Encoded {
  const { value, headers } = jsonOf(record)
  return {
    topic: record.topic,
    key: record.key,
    value,
    headers: record.headers,
    bytes: Buffer.byteLength(value) + Buffer.byteLength(headers) + Buffer.byteLength(record.key),
  }
}
