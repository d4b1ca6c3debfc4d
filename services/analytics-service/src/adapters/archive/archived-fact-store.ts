import type { FactStore } from '../../ports.ts'
import type { DuckdbFactStore } from '../duckdb/fact-store.ts'
import { newStandIn } from '../duckdb/write.ts'
import { madeAt, type Archive } from './archive.ts'

export type ArchivedFactStoreOptions = Readonly<{
  /** This process's own file: what it has read of the archive, made anew from it when it is gone. */
  local: DuckdbFactStore
  /** Facts, as Parquet. */
  facts: Archive
  /** Who closed the account, as JSON, and as whom they are counted. */
  closed: Archive
  now: () => number
  /** ms in which the archive is looked at once at most; default 2 s. */
  freshMs?: number
}>

/** Repeats of events end before; then nothing can need to know any more whose account it was. */
const CLOSED_KEPT_MS = 45 * 86_400_000
/**
 * So many objects of at least that age, ms, and of one of these sizes (bytes; below the second), are put together as one of the next: each fact is
 * written anew twice at most, however old the installation is, and no more is in memory than these are.
 */
const MANY = 64
const MERGE_AFTER_MS = 3_600_000
const SIZES = [
  [0, 32_768],
  [32_768, 1_048_576],
] as const
/** The rest waits for the next time: facts that come in are written in between. */
const MERGES_AT_ONCE = 32

/**
 * Statistics of many processes: the truth is objects of an object store, which each process reads into a DuckDB file of its own and answers from.
 *
 * - A batch is one object, stored before `write` resolves; one that fails after this process has it is told again, and then stored. Each partition of the events has one writer (the consumer group); what two write all the
 *   same is counted once, since a repeated fact changes nothing.
 * - A process that is asked reads what the others wrote, at most `freshMs` after it.
 * - Small objects are put together when there are many, and all are rewritten when they have somebody who closed the account. Several processes may do that at once,
 *   and one may die half-way: what is in two objects is counted once.
 */
export function createArchivedFactStore(options: ArchivedFactStoreOptions): FactStore {
  const { local, facts, closed, now, freshMs = 2_000 } = options
  let looked = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  const look = async (into: DuckdbFactStore, tell: (read: number, total: number) => void = () => {}) => {
    const known = new Set(await into.objects())
    const [people, all] = [await namesOf(closed), await namesOf(facts)]
    for (const name of people) if (!known.has(name)) await forget(into, name)
    const missing = all.filter((name) => !known.has(name))
    await into.disremember([...known.difference(new Set([...people, ...people.map(rewrittenFor), ...all]))])
    for (const [index, name] of missing.entries()) {
      const bytes = await facts.get(name)
      if (bytes) await into.load(bytes, name)
      tell(index + 1, missing.length)
    }
  }
  const forget = async (into: DuckdbFactStore, name: string) => {
    const bytes = await closed.get(name)
    if (!bytes) return
    const { user_id, stands_as, at } = JSON.parse(Buffer.from(bytes).toString()) as Closed
    await into.forgetAs(user_id, stands_as, at)
    await into.remember(name)
  }
  const refresh = async () => {
    if (performance.now() - looked < freshMs) return
    looking ??= look(local).finally(() => (looking = undefined))
    await looking
    looked = performance.now()
  }
  /** A question, asked when what the others wrote has been read. */
  const fresh = <K extends Question>(name: K): FactStore[K] => {
    const question = async (...asked: never[]): Promise<unknown> => {
      await refresh()
      return (local[name] as (...asked: never[]) => Promise<unknown>)(...asked)
    }
    return question as FactStore[K]
  }

  return {
    ...local,
    async write(batch) {
      // Somebody who is told of again, to another process, keeps the number.
      if (batch.forget.length > 0) await look(local)
      for (const user_id of new Set(batch.forget)) {
        if (await local.standIn(user_id)) continue
        const one: Closed = { user_id, stands_as: newStandIn(), at: batch.now }
        const name = await closed.put(Buffer.from(JSON.stringify(one)))
        await local.forgetAs(user_id, one.stands_as, one.at)
        await local.remember(name)
      }
      await local.write(batch)
      if (batch.facts.length > 0) await local.remember(await facts.put(await local.encode(batch.facts)))
    },
    figures: fresh('figures'),
    kindCounts: fresh('kindCounts'),
    messageCounts: fresh('messageCounts'),
    hoursOfDay: fresh('hoursOfDay'),
    peopleCounts: fresh('peopleCounts'),
    funnel: fresh('funnel'),
    roomCounts: fresh('roomCounts'),
    topRooms: fresh('topRooms'),
    latencies: fresh('latencies'),
    cohorts: fresh('cohorts'),
    careCounts: fresh('careCounts'),
    totals: fresh('totals'),
    knows: fresh('knows'),
    async seal(days) {
      await refresh()
      await tidy()
      return local.seal(days)
    },
    async forgetKeys(before) {
      await local.forgetKeys(before)
      for (const name of await namesOf(closed)) if (madeAt(name) < now() - CLOSED_KEPT_MS) await closed.remove(name)
    },
    // What is gone of the file is read from the archive with the first question.
    exists: () => true,
    async remake(tell) {
      const other = (await local.openBeside()) as DuckdbFactStore
      try {
        await look(other, tell)
        await local.replaceWith(other)
      } catch (error) {
        await other.close()
        throw error
      }
    },
  }

  async function tidy(): Promise<void> {
    const old = (await facts.list()).filter(({ name }) => madeAt(name) < now() - MERGE_AFTER_MS)
    const merges = SIZES.flatMap(([least, below]) =>
      groupsOf(old.filter(({ bytes }) => bytes >= least && bytes < below).map(({ name }) => name)),
    )
    for (const names of merges.slice(0, MERGES_AT_ONCE)) await rewrite(names)
    const known = new Set(await local.objects())
    for (const person of await namesOf(closed)) {
      const done = rewrittenFor(person)
      if (known.has(done)) continue
      for (const name of await namesOf(facts)) await rewrite([name])
      await local.remember(done)
    }
  }

  async function rewrite(names: readonly string[]): Promise<void> {
    const parts = (await Promise.all(names.map((name) => facts.get(name)))).filter((bytes) => bytes !== undefined)
    const whole = parts.length > 0 ? await local.rewrite(parts) : undefined
    if (!whole) return
    await local.remember(await facts.put(whole))
    for (const name of names) await facts.remove(name)
  }
}

const namesOf = async (archive: Archive): Promise<string[]> => (await archive.list()).map(({ name }) => name)

/** That all objects were looked through for somebody, by the name of what says that they have gone. */
const rewrittenFor = (person: string): string => `rewritten ${person}`

/** What is left over is too few. */
const groupsOf = (names: readonly string[]): string[][] =>
  Array.from({ length: Math.floor(names.length / MANY) }, (_, i) => names.slice(i * MANY, (i + 1) * MANY))

type Question =
  | 'figures'
  | 'kindCounts'
  | 'messageCounts'
  | 'hoursOfDay'
  | 'peopleCounts'
  | 'funnel'
  | 'roomCounts'
  | 'topRooms'
  | 'latencies'
  | 'cohorts'
  | 'careCounts'
  | 'totals'
  | 'knows'

/** An object of `closed`: one number for all processes, whoever wrote it first. */
type Closed = Readonly<{ user_id: number; stands_as: number; at: number }>
