import type { Clock } from '@bigtech/kernel'
import { toldBy } from '../../domain/facts.ts'
import type { Batch, FactStore, LoggedEvent, Position } from '../../ports.ts'

/** Events of one partition, handed over together. */
type Part = Readonly<{ batch: Batch; done: PromiseWithResolvers<void> }>

export type Ingest = Readonly<{
  /** Resolves when what they tell is durable. @throws MalformedEvent for an event that lacks what its type says */
  take(records: readonly LoggedEvent[]): Promise<void>
  /** Before the end: what was collected is written now, and what still comes at once. */
  hurry(): void
  /** Nothing is written while `work` runs; what comes meanwhile waits. */
  whilePaused<T>(work: () => Promise<T>): Promise<T>
}>

/** How long events are collected, ms: a write costs a few ms however little it is, and nobody looks at statistics by the second. */
const COLLECT_MS = 1_000
/** … unless there are so many facts. */
const ENOUGH = 50_000

/** All partitions together write what they have in one transaction (a group commit), each a second at most after it came. */
export function createIngest({
  store,
  clock,
  collectMs = COLLECT_MS,
}: {
  store: Pick<FactStore, 'write'>
  clock: Clock
  collectMs?: number
}): Ingest {
  let waiting: Part[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined
  let hurries = false
  let running: Promise<unknown> = Promise.resolve()

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    running = running.then(() => {
      const parts = waiting
      waiting = []
      size = 0
      return parts.length > 0 ? writeParts(store, parts) : undefined
    })
  }

  return {
    take(records) {
      const batch = batchOf(records, clock.now())
      const done = Promise.withResolvers<void>()
      waiting.push({ batch, done })
      size += batch.facts.length
      if (hurries || size >= ENOUGH) flush()
      else timer ??= setTimeout(flush, collectMs)
      return done.promise
    },
    hurry() {
      hurries = true
      flush()
    },
    whilePaused(work) {
      const result = running.then(work)
      running = result.catch(() => {})
      return result
    },
  }
}

/** What fails together is tried alone: one part that cannot be written fails none of the others. */
async function writeParts(store: Pick<FactStore, 'write'>, parts: readonly Part[]): Promise<void> {
  try {
    await store.write(merged(parts.map(({ batch }) => batch)))
    for (const { done } of parts) done.resolve()
  } catch (error) {
    if (parts.length === 1) return parts[0]!.done.reject(error)
    for (const part of parts) await writeParts(store, [part])
  }
}

export function batchOf(records: readonly LoggedEvent[], now: number): Batch {
  const told = records.map(({ value }) => toldBy(value))
  const positions = new Map<string, Position>()
  for (const { topic, partition, offset } of records)
    positions.set(`${topic} ${partition}`, { topic, partition, offset: offset + 1 })
  return {
    facts: told.flatMap(({ facts }) => facts),
    forget: told.flatMap(({ forget }) => (forget === undefined ? [] : [forget])),
    positions: [...positions.values()],
    now,
  }
}

const merged = (batches: readonly Batch[]): Batch => ({
  facts: batches.flatMap(({ facts }) => facts),
  forget: batches.flatMap(({ forget }) => forget),
  positions: batches.flatMap(({ positions }) => positions),
  now: batches[0]!.now,
})
