import { type Clock, isoTime, newId, systemClock } from '@bigtech/kernel'
import {
  DLQ_HEADERS,
  DLQ_RESOLVED_TYPE,
  dlqTopic,
  isDlqTopic,
  REPLAY_GROUP,
  REPLAYED_OF,
  RESOLVED,
  withoutDlqHeaders,
} from './dlq-headers.ts'
import type { EventBus, EventRecord, StoredRecord } from './ports.ts'

/** An open dead letter. `partition` and `offset` are its place in the DLQ topic; `failed` tells where it came from. */
export type DeadLetter = Readonly<{
  topic: string
  partition: number
  offset: number
  event_id: string
  event_type: string
  failed: Readonly<{
    group: string
    partition: number
    offset: number
    attempts: number
    error: string
    error_code: string
    failed_at: string
  }>
  /** The dead record itself. It may hold private text: show it to operators only. */
  record: StoredRecord
}>

export type LetterSelection = Readonly<{ topic: string; partition?: number; offsets?: readonly number[] }>

export type Dlq = Readonly<{
  /** Open dead letters of one source topic or of all, oldest first. Reads the whole DLQ topic (bounded by its retention). */
  list(options?: { topic?: string; limit?: number }): Promise<DeadLetter[]>
  /**
   * Republishes open dead letters to the topic they came from, for the group that failed them only: the event id is unchanged, so that
   * the inbox lets it take effect once, however often it is replayed. They then follow later records of their key.
   * @returns the number of letters replayed
   */
  replay(selection: LetterSelection): Promise<number>
  /** Closes open dead letters without replaying them. */
  discard(selection: LetterSelection): Promise<number>
}>

const READ_BATCH = 500
const DEFAULT_LIMIT = 1_000

/**
 * The dead-letter queues of a bus. A letter is closed by a marker record in the same DLQ topic (header `dlq-resolved`), so the
 * state survives restarts, needs nothing but the bus port, and is pruned after the letter it closes.
 */
export function createDlq({ bus, clock = systemClock }: { bus: EventBus; clock?: Clock }): Dlq {
  const openLetters = async (topic: string): Promise<DeadLetter[]> => {
    const state = (await bus.admin.topics()).find(({ name }) => name === dlqTopic(topic))
    const open = new Map<string, DeadLetter>()
    for (const { partition, start_offset, end_offset } of state?.partitions ?? []) {
      for (let offset = start_offset; offset < end_offset;) {
        const records = await bus.admin.read({ topic: dlqTopic(topic), partition, offset, limit: READ_BATCH })
        for (const record of records) {
          const resolved = record.headers[RESOLVED]
          if (resolved === undefined) open.set(placeOf(record), toLetter(topic, record))
          else open.delete(resolved)
        }
        const last = records.at(-1)
        if (!last) break
        offset = last.offset + 1
      }
    }
    return [...open.values()]
  }

  const select = async ({ topic, partition, offsets }: LetterSelection): Promise<DeadLetter[]> =>
    (await openLetters(topic)).filter(
      (letter) =>
        (partition === undefined || letter.partition === partition) &&
        (offsets === undefined || offsets.includes(letter.offset)),
    )

  const close = async (letters: DeadLetter[]): Promise<number> => {
    if (letters.length > 0) await bus.publish(letters.map((letter) => marker(letter, isoTime(clock.now()))))
    return letters.length
  }

  return {
    async list({ topic, limit = DEFAULT_LIMIT } = {}) {
      const sources =
        topic === undefined
          ? (await bus.admin.topics())
              .map(({ name }) => name)
              .filter(isDlqTopic)
              .map((name) => name.slice(0, -4))
          : [topic]
      const letters: DeadLetter[] = []
      for (const source of sources) {
        letters.push(...(await openLetters(source)))
        if (letters.length >= limit) break
      }
      return letters.slice(0, limit)
    },
    async replay(selection) {
      const letters = await select(selection)
      // Republished before it is closed: a crash in between leaves it open, and a second replay is harmless.
      if (letters.length > 0) await bus.publish(letters.map(republished))
      return close(letters)
    },
    discard: async (selection) => close(await select(selection)),
  }
}

const placeOf = ({ partition, offset }: { partition: number; offset: number }): string => `${partition}:${offset}`

function toLetter(topic: string, record: StoredRecord): DeadLetter {
  const header = (name: string) => record.headers[name] ?? ''
  return {
    topic,
    partition: record.partition,
    offset: record.offset,
    event_id: record.value.event_id,
    event_type: record.value.event_type,
    failed: {
      group: header(DLQ_HEADERS.group),
      partition: Number(header(DLQ_HEADERS.partition)),
      offset: Number(header(DLQ_HEADERS.offset)),
      attempts: Number(header(DLQ_HEADERS.attempts)),
      error: header(DLQ_HEADERS.error),
      error_code: header(DLQ_HEADERS.code),
      failed_at: header(DLQ_HEADERS.failedAt),
    },
    record,
  }
}

const republished = (letter: DeadLetter): EventRecord => ({
  topic: letter.topic,
  key: letter.record.key,
  value: letter.record.value,
  headers: {
    ...withoutDlqHeaders(letter.record.headers),
    [REPLAYED_OF]: placeOf(letter),
    ...(letter.failed.group === '' ? {} : { [REPLAY_GROUP]: letter.failed.group }),
  },
})

/** The letter's key keeps the marker in the letter's partition, after it. */
const marker = (letter: DeadLetter, timestamp: string): EventRecord => ({
  topic: dlqTopic(letter.topic),
  key: letter.record.key,
  value: { event_id: newId(), event_type: DLQ_RESOLVED_TYPE, timestamp },
  headers: { [RESOLVED]: placeOf(letter) },
})
