import { type Clock, isoTime, MalformedEvent, systemClock } from '@bigtech/kernel'
import { type Backoff, backoffDelay, pause } from './backoff.ts'
import { DLQ_HEADERS, dlqTopic, isDlqTopic, REPLAY_GROUP, withoutDlqHeaders } from './dlq-headers.ts'
import { errorCode, errorText, isUnavailable, messagingErrors } from './errors.ts'
import { type Logger, silentLogger } from './logger.ts'
import type { BatchHandler, EventBus, EventHandler, EventRecord, StoredRecord } from './ports.ts'

export type RetryPolicy = Backoff & Readonly<{ attempts: number }>

/** 5 attempts: about 50, 100, 200 and 400 ms at most between them. */
export const defaultRetry: RetryPolicy = { attempts: 5, baseMs: 50, capMs: 2_000 }

/** `ignored`: no handler for the event type; `skipped`: the replay of another group's dead letter. */
export const OUTCOMES = ['handled', 'ignored', 'skipped', 'dead_lettered'] as const
export type Outcome = (typeof OUTCOMES)[number]

export type ConsumerHooks = Readonly<{
  onOutcome?(
    record: StoredRecord,
    info: { group: string; outcome: Outcome; attempts: number; durationMs: number },
  ): void
  onRetry?(record: StoredRecord, info: { group: string; attempt: number; delayMs: number; error: unknown }): void
}>

export type ConsumerOptions = Readonly<{
  bus: EventBus
  group: string
  topics: readonly string[]
  from?: 'earliest' | 'latest'
  retry?: Partial<RetryPolicy>
  clock?: Clock
  logger?: Logger
  hooks?: ConsumerHooks
  /** Runs the handler inside the trace context that the record's headers carry (packages/telemetry). */
  withContext?: (headers: Readonly<Record<string, string>>, run: () => Promise<void>) => Promise<void>
}> &
  (
    | Readonly<{
        /** By `event_type`; other types are passed over. */
        handlers: Readonly<Record<string, EventHandler>>
        batch?: never
      }>
    | Readonly<{
        /**
         * All records of these types, up to `most` of a partition at once, of many traces and so in none. When it throws, it is given those that
         * its `check` lets pass, then half of them at a time, and so on; one alone has its retries: what is wrong with one does not dead-letter
         * the others. So it must bear any grouping, and repeats.
         */
        batch: BatchHandler & Readonly<{ types: readonly string[] }>
        handlers?: never
      }>
  )

export type Consumer = Readonly<{ close(): Promise<void> }>

/**
 * Runs a consumer group's handlers so that a poison record never blocks its partition.
 *
 * - A throw is retried with exponential backoff and full jitter; after `retry.attempts` the record goes to `<topic>.dlq` (see dlq.ts)
 *   and the partition goes on. The dead letter is durable before the offset moves.
 * - A MalformedEvent is no better the next time: it goes there at once.
 * - An AppError of kind `unavailable` (the store is down) says nothing about the record: it is retried without limit.
 * - `close` ends a waiting retry; that record stays uncommitted and is delivered again after the next start.
 *
 * Every topic needs its DLQ topic (`withDlq`).
 * @throws UNKNOWN_TOPIC when a DLQ topic is missing
 */
export async function runConsumer(options: ConsumerOptions): Promise<Consumer> {
  const { bus, group, topics, handlers = {}, batch, clock = systemClock, logger = silentLogger, hooks = {} } = options
  const retry = { ...defaultRetry, ...options.retry }
  const withContext = options.withContext ?? ((_headers, run) => run())
  const closing = new AbortController()
  await requireDlqTopics(bus, topics)

  /** Runs `step` until it ends; the result of `giveUp` (called with the number of counted failures, and the last) stops it. */
  const withRetry = async (
    record: StoredRecord,
    step: () => Promise<void>,
    giveUp: (failures: number, error: unknown) => boolean,
  ): Promise<{ failures: number; gaveUp: boolean; error?: unknown }> => {
    let failures = 0
    for (let tries = 1; ; tries++) {
      try {
        await step()
        return { failures, gaveUp: false }
      } catch (error) {
        if (!isUnavailable(error)) failures++
        if (giveUp(failures, error)) return { failures, gaveUp: true, error }
        const delayMs = backoffDelay(tries, retry)
        hooks.onRetry?.(record, { group, attempt: tries, delayMs, error })
        logger.warn({ ...where(group, record), attempt: tries, err: error }, 'handling an event failed')
        await pause(delayMs, closing.signal)
        if (closing.signal.aborted) throw error
      }
    }
  }

  const isForOthers = ({ headers }: StoredRecord): boolean => (headers[REPLAY_GROUP] ?? group) !== group
  const handlerOf = ({ value: { event_type } }: StoredRecord): EventHandler | undefined => {
    if (batch) return batch.types.includes(event_type) ? (record) => batch.handle([record]) : undefined
    return Object.hasOwn(handlers, event_type) ? handlers[event_type] : undefined
  }

  const take = async (record: StoredRecord): Promise<{ outcome: Outcome; attempts: number }> => {
    if (isForOthers(record)) return { outcome: 'skipped', attempts: 0 }
    const handler = handlerOf(record)
    if (!handler) return { outcome: 'ignored', attempts: 0 }

    const run = () => withContext(record.headers, () => handler(record))
    const { failures, gaveUp, error } = await withRetry(
      record,
      run,
      (count, why) => isMalformed(why) || count >= retry.attempts,
    )
    if (!gaveUp) return { outcome: 'handled', attempts: failures + 1 }

    logger.error({ ...where(group, record), attempts: failures, err: error }, 'an event was dead-lettered')
    const letter = deadLetter(record, { group, error, attempts: failures, failedAt: isoTime(clock.now()) })
    await withRetry(
      record,
      () => bus.publish([letter]),
      () => false,
    )
    return { outcome: 'dead_lettered', attempts: failures }
  }

  const takeOne = async (record: StoredRecord): Promise<void> => {
    const started = performance.now()
    const { outcome, attempts } = await take(record)
    hooks.onOutcome?.(record, { group, outcome, attempts, durationMs: performance.now() - started })
  }

  const isSound = (record: StoredRecord): boolean => {
    try {
      batch?.check?.(record)
      return true
    } catch {
      return false
    }
  }

  /** Together; when that fails, without what is malformed, then half by half, until what is wrong is alone: a handler may take its time for each call, however little it is given. */
  const takeAll = async (records: readonly StoredRecord[]): Promise<void> => {
    const ours = records.filter((record) => !isForOthers(record) && handlerOf(record))
    const together = await takeTogether(ours)
    if (together.size === 0 && ours.length > 1) {
      const sound = new Set(ours.filter(isSound))
      if (sound.size < ours.length) {
        for (const record of records) if (!sound.has(record)) await takeOne(record)
        return takeAll([...sound])
      }
      const middle = Math.ceil(records.length / 2)
      await takeAll(records.slice(0, middle))
      await takeAll(records.slice(middle))
    } else for (const record of records) if (!together.has(record)) await takeOne(record)
  }

  const takeTogether = async (records: readonly StoredRecord[]): Promise<ReadonlySet<StoredRecord>> => {
    if (records.length < 2) return new Set()
    const started = performance.now()
    const { gaveUp } = await withRetry(
      records[0]!,
      () => batch!.handle(records),
      (failures) => failures > 0,
    )
    if (gaveUp) return new Set()
    const durationMs = (performance.now() - started) / records.length
    for (const record of records) hooks.onOutcome?.(record, { group, outcome: 'handled', attempts: 1, durationMs })
    return new Set(records)
  }

  const subscription = await bus.subscribe({
    group,
    topics,
    ...(options.from === undefined ? {} : { from: options.from }),
    handler: batch ? { most: batch.most, handle: takeAll } : takeOne,
  })
  return {
    async close() {
      closing.abort()
      await subscription.close()
    },
  }
}

function deadLetter(
  record: StoredRecord,
  failure: { group: string; error: unknown; attempts: number; failedAt: string },
): EventRecord {
  return {
    topic: dlqTopic(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...withoutDlqHeaders(record.headers),
      [DLQ_HEADERS.error]: errorText(failure.error),
      [DLQ_HEADERS.code]: errorCode(failure.error),
      [DLQ_HEADERS.group]: failure.group,
      [DLQ_HEADERS.topic]: record.topic,
      [DLQ_HEADERS.partition]: String(record.partition),
      [DLQ_HEADERS.offset]: String(record.offset),
      [DLQ_HEADERS.attempts]: String(failure.attempts),
      [DLQ_HEADERS.failedAt]: failure.failedAt,
    },
  }
}

const isMalformed = (error: unknown): boolean => error instanceof MalformedEvent

async function requireDlqTopics(bus: EventBus, topics: readonly string[]): Promise<void> {
  const known = new Set((await bus.admin.topics()).map((topic) => topic.name))
  for (const topic of topics) {
    if (isDlqTopic(topic)) throw new Error(`${topic} holds dead letters: replay them instead of consuming them`)
    const missing = [topic, dlqTopic(topic)].find((name) => !known.has(name))
    if (missing) throw messagingErrors.UNKNOWN_TOPIC({ params: { topic: missing } })
  }
}

const where = (group: string, { topic, partition, offset, value }: StoredRecord) => ({
  group,
  topic,
  partition,
  offset,
  event_id: value.event_id,
  event_type: value.event_type,
})
