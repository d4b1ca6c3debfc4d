import { setImmediate as nextTurn } from 'node:timers/promises'
import { backoffDelay, pause } from '../backoff.ts'
import type { Logger } from '../logger.ts'
import type { BatchHandler, StoredRecord } from '../ports.ts'
import type { Decoded } from './decode.ts'

const REDELIVERY = { baseMs: 100, capMs: 5_000 }
/** So many records of one partition are read ahead of its handler. */
const READ_AHEAD = 1_000

export type Lane = ReturnType<typeof createLane>

type Waiting = {
  readonly record: StoredRecord
  /** Of the leader that took it. */
  readonly epoch: number
  /** It is no longer in the topic, or has another offset there: it is handled, and its offset means nothing any more. */
  isLost: boolean
}

/** One partition while it is ours: what was read of it waits here, and its handler takes it in order. */
export function createLane(options: {
  group: string
  topic: string
  partition: number
  /** Where the handler begins. */
  position: number
  /** Of the leader that took the record before that; -1: not known. */
  epoch: number
  handler: BatchHandler
  /** All before `next` is; `epoch` is of the leader that took the last of it. */
  handled: (next: number, epoch: number) => void
  /** Called when it can take more. */
  hungry: () => void
  logger: Logger
}) {
  const { group, topic, partition, handler, handled, hungry, logger } = options
  const leaving = new AbortController()
  const queue: Waiting[] = []
  let next = options.position
  /** Of the leader that took the record before `next`, which may be far ahead of the handler; -1: not known. */
  let epoch = options.epoch
  let running: Promise<void> | undefined

  /** Delivers until the handler resolves; false when the partition is no longer ours. */
  const deliver = async (records: readonly StoredRecord[]): Promise<boolean> => {
    for (let attempt = 1; !leaving.signal.aborted; attempt++) {
      try {
        await handler.handle(records)
        return true
      } catch (error) {
        if (leaving.signal.aborted) return false
        const where = { group, topic, partition, offset: records[0]!.offset, records: records.length }
        logger.warn({ ...where, attempt, err: error }, 'an event handler failed; what it had is redelivered')
        await pause(backoffDelay(attempt, REDELIVERY), leaving.signal)
      }
    }
    return false
  }

  const drain = async (): Promise<void> => {
    for (let count = 1; queue.length > 0; count++) {
      const first = queue.slice(0, handler.most)
      const other = first.findIndex(({ isLost }) => isLost !== first[0]!.isLost)
      const batch = other < 0 ? first : first.slice(0, other)
      if (!(await deliver(batch.map(({ record }) => record)))) break
      // Some may have been lost meanwhile.
      const last = batch.findLast(({ isLost }) => !isLost)
      if (last) handled(last.record.offset + 1, last.epoch)
      const before = queue.length
      queue.splice(0, batch.length)
      if (before > READ_AHEAD >> 1 && queue.length <= READ_AHEAD >> 1) hungry()
      // Handlers that never wait must not keep the heartbeats from going out.
      if (count % 100 === 0) await nextTurn()
    }
    running = undefined // in the same turn as the check above
  }

  return {
    topic,
    partition,
    /** The offset to fetch from. */
    next: () => next,
    epoch: () => epoch,
    hungry: () => !leaving.signal.aborted && queue.length < READ_AHEAD,
    /** What was fetched from `from` on. An answer to a question that was asked before a change of place is dropped. */
    feed(from: number, read: Decoded): void {
      if (leaving.signal.aborted || from !== next) return
      next = read.next
      epoch = read.epoch ?? epoch
      read.records.forEach((record, n) => queue.push({ record, epoch: read.epochs[n]!, isLost: false }))
      if (queue.length > 0) running ??= drain()
    },
    /** The records at `next` are gone (retention): goes on at another place. */
    jump(to: number): void {
      next = to
      epoch = -1
    },
    /** The next question does not say which log was read: what the brokers have at `next` is taken as it is. */
    forgetEpoch(): void {
      epoch = -1
    },
    /**
     * What was read from here on is lost, with the topic or the end of its log: other records have these offsets now. What waits is handled all the
     * same. It never leads forward: what was not read yet cannot be passed over.
     * @returns whether the handler stands there now, as it has handled all that is before and was not lost
     */
    rewind(to: number): boolean {
      epoch = -1
      if (to >= next) return false
      next = to
      for (const waiting of queue) if (waiting.record.offset >= to) waiting.isLost = true
      return queue.every(({ isLost }) => isLost)
    },
    leaving: leaving.signal,
    /** Takes no further record; resolves when the running handler has ended. */
    async leave(): Promise<void> {
      leaving.abort()
      queue.length = 0
      await running
    },
  }
}
