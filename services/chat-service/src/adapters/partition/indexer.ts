import { setTimeout as pause } from 'node:timers/promises'

export type Indexer = Readonly<{
  /** That room is behind; it is indexed together with others, soon. */
  add(roomId: number): void
  /** Rooms that wait. */
  readonly waiting: number
  /** Resolves when nothing is being indexed any more. What is left is indexed by a search. */
  close(): Promise<void>
}>

export type IndexerSettings = Readonly<{
  /** ms that the first room waits for others, and the most that a rest takes */
  gatherMs: number
  restMs: number
  /** While messages go on coming: a rest is so many times what the step before it took. */
  restFactor: number
  /** Rooms of a step. */
  rooms: number
}>

const DEFAULTS: IndexerSettings = { gatherMs: 500, restMs: 2_000, restFactor: 3, rooms: 100 }

/** Then it is the turn of the rooms that wait. */
const MOST_STEPS = 20

/** Brings rooms up to date, a step after the other. `between` is called after each, but perhaps the last, and says whether to go on. */
export type Index = (roomIds: readonly number[], between: () => Promise<boolean>) => Promise<void>

/**
 * Brings the index of search after the messages, in the pauses of a process that writes: many rooms at a time, and while messages go on coming for a
 * quarter of the time at most, so that an index that cannot keep up delays no message. A search catches up by itself.
 */
export function createIndexer(index: Index, settings: Partial<IndexerSettings> = {}): Indexer {
  const { gatherMs, restMs, restFactor, rooms } = { ...DEFAULTS, ...settings }
  const waiting = new Set<number>()
  const closing = new AbortController()
  let running: Promise<void> | undefined
  let isBusy = false

  const rest = (ms: number) => pause(ms, undefined, { signal: closing.signal }).catch(() => undefined)

  let begun = 0
  /** Of the rooms that are brought up to date. */
  let steps = 0
  /** A step is done. */
  async function between(): Promise<boolean> {
    steps++
    if (isBusy) await rest(Math.min(restMs, restFactor * (performance.now() - begun)))
    isBusy = false
    begun = performance.now()
    return !closing.signal.aborted && steps < MOST_STEPS
  }

  async function run(): Promise<void> {
    await rest(gatherMs)
    isBusy = false
    begun = performance.now()
    while (waiting.size > 0 && !closing.signal.aborted) {
      const some = [...waiting].slice(0, rooms)
      for (const room of some) waiting.delete(room)
      steps = 0
      // A search does it again, and tells whoever asks.
      await index(some, between).catch(() => undefined)
      // A room that is written faster than it is indexed does not keep the others waiting.
      if (steps >= MOST_STEPS) for (const room of some) waiting.add(room)
      await between()
    }
    running = undefined
  }

  return {
    add(roomId) {
      if (closing.signal.aborted) return
      isBusy = true
      waiting.add(roomId)
      running ??= run()
    },
    get waiting() {
      return waiting.size
    },
    async close() {
      closing.abort()
      await running
    },
  }
}
