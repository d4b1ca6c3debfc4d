import { isoTime, type Clock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { analyticsErrors } from '../../contract/errors.ts'
import type { RebuildState } from '../../contract/schemas.ts'
import { kindsToldIn } from '../../domain/topics.ts'
import type { EventLog, FactStore, LoggedEvent, Position } from '../../ports.ts'
import { batchOf, type Ingest } from '../ingest-events/ingest-events.ts'

export type RebuildPorts = Readonly<{
  store: FactStore
  ingest: Pick<Ingest, 'whilePaused'>
  log: EventLog
  topics: readonly string[]
  clock: Clock
  logger: Logger
}>

export type Rebuild = Readonly<{
  state(): RebuildState
  /** Resolves when it has ended; `state` tells how. @throws REBUILD_RUNNING */
  run(): Promise<void>
  /** Before the end: one that is under way is given up after the page that it is at, none begins. */
  stop(): void
}>

/** Records that are read at once. */
const PAGE = 20_000

/**
 * Makes the statistics anew from the event log, in a file beside the one that is asked meanwhile; then it takes its place. What is older than the log
 * is taken over as it was counted: the log is the truth as far as it goes back.
 */
export function createRebuild(ports: RebuildPorts): Rebuild {
  const { clock, logger } = ports
  const over = new AbortController()
  let state: RebuildState = {
    state: 'idle',
    events: 0,
    total: 0,
    started_at: null,
    ended_at: null,
    problem: null,
  }
  return {
    state: () => state,
    async run() {
      if (state.state === 'running') throw analyticsErrors.REBUILD_RUNNING()
      state = {
        state: 'running',
        events: 0,
        total: 0,
        started_at: isoTime(clock.now()),
        ended_at: null,
        problem: null,
      }
      const tell = (events: number, total: number) => {
        over.signal.throwIfAborted()
        state = { ...state, events, total }
      }
      try {
        over.signal.throwIfAborted()
        await rebuild(ports, tell)
        state = { ...state, state: 'done', ended_at: isoTime(clock.now()) }
      } catch (error) {
        if (over.signal.aborted)
          logger.info('the service ends before the statistics are made anew; those from before go on')
        else logger.error({ err: error }, 'the statistics were not made anew; those from before go on')
        const problem = error instanceof Error ? error.message : String(error)
        state = { ...state, state: 'failed', ended_at: isoTime(clock.now()), problem }
      }
    },
    stop: () => over.abort(new Error('the service ends')),
  }
}

async function rebuild(ports: RebuildPorts, tell: (events: number, total: number) => void): Promise<void> {
  const { store, ingest, log, topics, clock } = ports
  if (store.remake) return ingest.whilePaused(() => store.remake!(tell))
  const fresh = await store.openBeside()
  try {
    const reached = new Map<string, Position>()
    let [read, total] = [0, 0]
    /** To the end as it is now. */
    const readOn = async (): Promise<void> => {
      const parts = await partsOf(log, topics, reached)
      total = read + parts.reduce((sum, { offset, end }) => sum + end - offset, 0)
      for (const part of parts) {
        let { offset } = part
        while (offset < part.end) {
          const records = await log.read({ ...part, offset, limit: Math.min(PAGE, part.end - offset) })
          await writeTolerantly(fresh, records, clock.now())
          const next = records.length > 0 ? records.at(-1)!.offset + 1 : part.end
          read += next - offset
          offset = next
          tell(read, total)
        }
        reached.set(`${part.topic} ${part.partition}`, { topic: part.topic, partition: part.partition, offset })
      }
    }
    await fresh.adopt(store, await olderThanLog(log, topics))
    await readOn()
    await ingest.whilePaused(async () => {
      await readOn()
      await store.replaceWith(fresh)
    })
  } catch (error) {
    await fresh.close()
    throw error
  }
}

type Part = Position & Readonly<{ end: number }>

async function partsOf(
  log: EventLog,
  topics: readonly string[],
  reached: ReadonlyMap<string, Position>,
): Promise<Part[]> {
  const states = (await log.topics()).filter(({ name }) => topics.includes(name))
  return states.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partition, start_offset, end_offset }) => {
      const from = reached.get(`${topic} ${partition}`)?.offset ?? 0
      return { topic, partition, offset: Math.max(from, start_offset), end: end_offset }
    }),
  )
}

/** A record that cannot be counted is a dead letter already, or will be one: it has no place in the statistics either. */
async function writeTolerantly(store: FactStore, records: readonly LoggedEvent[], now: number): Promise<void> {
  const good = records.filter((record) => {
    try {
      batchOf([record], now)
      return true
    } catch {
      return false
    }
  })
  if (good.length > 0) await store.write(batchOf(good, now))
}

/**
 * By kind the time before which the log does not know everything: of a topic that has lost some of its beginning the oldest record of the partition
 * that goes back least; of a whole one its very first. What is told of before is taken over, whether it was once in the log or made up for a demo.
 */
async function olderThanLog(log: EventLog, topics: readonly string[]): Promise<Map<number, number>> {
  const before = new Map<number, number>()
  for (const { name: topic, partitions } of await log.topics()) {
    if (!topics.includes(topic)) continue
    const [whole, cut]: [number[], number[]] = [[], []]
    for (const { partition, start_offset, end_offset } of partitions) {
      const [oldest] =
        start_offset < end_offset ? await log.read({ topic, partition, offset: start_offset, limit: 1 }) : []
      const time = oldest ? Date.parse(oldest.value.timestamp) : Number.NaN
      const known = Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time
      if (start_offset > 0) cut.push(known)
      else whole.push(known)
    }
    const time = cut.length > 0 ? Math.max(...cut) : Math.min(...whole)
    for (const kind of kindsToldIn(topic)) before.set(kind, time)
  }
  return before
}
