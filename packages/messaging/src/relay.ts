import { type Clock, newId, systemClock } from '@bigtech/kernel'
import { type Backoff, backoffDelay } from './backoff.ts'
import { errorText, isUnavailable, messagingErrors } from './errors.ts'
import { type Logger, silentLogger } from './logger.ts'
import type { EventBus, Outbox, OutboxRow } from './ports.ts'
import { createSignal } from './signal.ts'

export type RelayHooks = Readonly<{
  onPublished?(info: { count: number; oldestAgeMs: number }): void
  /** The bus or the outbox could not be reached. */
  onOutage?(error: unknown): void
  onParked?(row: OutboxRow, error: unknown): void
}>

export type RelayOptions = Readonly<{
  outbox: Outbox
  bus: Pick<EventBus, 'publish'>
  owner?: string
  batch?: number
  leaseMs?: number
  /** Rejections (outages do not count) after which a row is parked. */
  maxAttempts?: number
  pollMs?: number
  /**
   * Least time from one pass to the next, ms, unless a batch was full: what comes in between goes together. The first event after a
   * quiet time leaves at once.
   */
  spacingMs?: number
  backoff?: Backoff
  clock?: Clock
  logger?: Logger
  hooks?: RelayHooks
}>

export type Relay = Readonly<{
  /** Call after a commit that wrote outbox rows; many calls cost one wake-up. Never throws, never waits. */
  notify(): void
  /** Resolves when no unparked row is left. @throws OUTBOX_NOT_EMPTY after `timeoutMs` (10 s) */
  flush(timeoutMs?: number): Promise<void>
  stats(): ReturnType<Outbox['stats']>
  /** Ends the running batch and gives up the lease. */
  close(): Promise<void>
}>

/**
 * Moves outbox rows to the bus: at least once, in order per key.
 *
 * - Bus or outbox unavailable: everything waits, with backoff; nothing is counted against the rows.
 * - A record the bus rejects is found by bisection. It is tried again with its own backoff while rows of its key wait behind it and
 *   all others go on; after `maxAttempts` it alone is parked.
 * - Nothing is published in the second half of the lease, so that a relay that takes over does not overlap.
 */
export function startRelay(options: RelayOptions): Relay {
  const { outbox, bus, owner = newId(), batch = 500, leaseMs = 10_000, maxAttempts = 8 } = options
  const { pollMs = 1_000, spacingMs = 20, clock = systemClock, logger = silentLogger, hooks = {} } = options
  const backoff = options.backoff ?? { baseMs: 100, capMs: 10_000 }
  const signal = createSignal()
  const passEnded = createSignal()
  /** Rejected rows and when (ms) to try them again. Lost on restart, which only means an earlier try. */
  const retryAt = new Map<string, number>()
  const closing = new AbortController()

  const reject = async (row: OutboxRow, error: unknown): Promise<'waits' | 'parked'> => {
    const attempts = row.attempts + 1
    const fields = { outbox_id: row.id, topic: row.record.topic, event_id: row.record.value.event_id, attempts }
    await outbox.failed([row.id], errorText(error))
    if (attempts < maxAttempts) {
      retryAt.set(row.id, clock.now() + backoffDelay(attempts, backoff))
      logger.warn({ ...fields, err: error }, 'the bus rejected an event')
      return 'waits'
    }
    await outbox.park(row.id, errorText(error))
    retryAt.delete(row.id)
    logger.error({ ...fields, err: error }, 'an event was parked in the outbox')
    hooks.onParked?.(row, error)
    return 'parked'
  }

  /** Publishes all it can; throws on an outage. Returns the number of rows that left the queue. */
  const publishRows = async (rows: OutboxRow[], blocked: Set<string>, deadline: number): Promise<number> => {
    const ready = rows.filter((row) => !blocked.has(keyOf(row)))
    if (ready.length === 0 || clock.now() >= deadline) return 0
    try {
      await bus.publish(ready.map((row) => row.record))
    } catch (error) {
      if (isUnavailable(error)) throw error
      if (ready.length === 1) {
        if ((await reject(ready[0]!, error)) === 'parked') return 1
        blocked.add(keyOf(ready[0]!))
        return 0
      }
      const half = ready.length >> 1
      const first = await publishRows(ready.slice(0, half), blocked, deadline)
      return first + (await publishRows(ready.slice(half), blocked, deadline))
    }
    await outbox.published(ready.map((row) => row.id))
    for (const row of ready) retryAt.delete(row.id)
    hooks.onPublished?.({ count: ready.length, oldestAgeMs: clock.now() - ready[0]!.created_at })
    return ready.length
  }

  /** True when more rows are likely to be ready at once. */
  const pass = async (): Promise<boolean> => {
    const now = clock.now()
    const rows = await outbox.claim({ owner, limit: batch, leaseMs, now })
    for (const id of retryAt.keys()) if (!rows.some((row) => row.id === id)) retryAt.delete(id)
    if (rows.length === 0) return false
    const blocked = new Set(rows.filter((row) => (retryAt.get(row.id) ?? 0) > now).map(keyOf))
    const moved = await publishRows(rows, blocked, now + leaseMs / 2)
    return moved > 0 && rows.length === batch
  }

  /** ms until the next rejected row is due, at most the safety poll. */
  const idleMs = () => Math.max(0, Math.min(pollMs, ...[...retryAt.values()].map((at) => at - clock.now())))

  const run = async (): Promise<void> => {
    for (let outages = 0; !closing.signal.aborted;) {
      try {
        signal.clear()
        const next = performance.now() + spacingMs
        const more = await pass()
        outages = 0
        passEnded.raise()
        if (more) continue
        await signal.wait(idleMs())
        const early = next - performance.now()
        if (early > 0) await signal.wait(early, 'urgent')
      } catch (error) {
        outages++
        hooks.onOutage?.(error)
        logger.warn({ attempt: outages, err: error }, 'publishing from the outbox failed; it is tried again')
        passEnded.raise()
        await signal.wait(backoffDelay(outages, backoff), 'urgent')
      }
    }
  }
  const running = run()

  return {
    notify: () => signal.raise(),
    async flush(timeoutMs = 10_000) {
      const limit = performance.now() + timeoutMs
      signal.raise('urgent')
      for (;;) {
        passEnded.clear()
        const { pending } = await outbox.stats()
        if (pending === 0) return
        const left = limit - performance.now()
        if (left <= 0 || closing.signal.aborted) throw messagingErrors.OUTBOX_NOT_EMPTY({ params: { pending } })
        await passEnded.wait(left)
      }
    },
    stats: () => outbox.stats(),
    async close() {
      closing.abort()
      signal.raise('urgent')
      await running
      await outbox
        .release(owner)
        .catch((error: unknown) => logger.warn({ err: error }, 'the outbox lease was left to expire'))
    },
  }
}

const keyOf = (row: OutboxRow): string => `${row.record.topic}\n${row.record.key}`
