import { pause } from '../backoff.ts'
import { createSignal } from '../signal.ts'
import type { Logger } from '../logger.ts'
import { type AdminClient, answered, brokerErrors, type Driver, unavailable } from './driver.ts'
import type { Topics } from './topics.ts'

const COMMIT_EVERY_MS = 100

export const placeOf = (topic: string, partition: number): string => `${topic}:${partition}`

export type Committed = Map<string, number>

/** Of the leader that took what was handled last, by `topic:partition`: with it a broker sees whether its log is still the one that was read. */
export type Epochs = Map<string, number>

/** Where a group stands, by `topic:partition`; partitions without a place are left out. */
export async function committedOf(
  client: AdminClient,
  group: string,
): Promise<{ committed: Committed; epochs: Epochs }> {
  const committed: Committed = new Map()
  const epochs: Epochs = new Map()
  for (const { topics } of await client.ask((admin) => admin.listConsumerGroupOffsets({ groups: [group] })))
    for (const { name, partitions } of topics)
      for (const { partitionIndex, committedOffset, committedLeaderEpoch } of partitions) {
        if (committedOffset < 0n) continue
        committed.set(placeOf(name, partitionIndex), Number(committedOffset))
        epochs.set(placeOf(name, partitionIndex), committedLeaderEpoch)
      }
  return { committed, epochs }
}

const standsIn = (committed: Committed, topic: string): boolean =>
  [...committed.keys()].some((place) => place.slice(0, place.lastIndexOf(':')) === topic)

/**
 * Where the group begins on partitions that it has no place on yet. A topic that is new to it begins as asked; a partition that was added to a
 * topic begins with its first record.
 */
export async function beginnings(
  topics: Topics,
  committed: Committed,
  names: readonly string[],
  from: 'earliest' | 'latest',
): Promise<Committed> {
  const { start, end } = await topics.edges(names)
  const missing: Committed = new Map()
  for (const name of names) {
    const edge = from === 'latest' && !standsIn(committed, name) ? end : start
    for (const [partition, offset] of edge.get(name)!) {
      const place = placeOf(name, partition)
      if (!committed.has(place)) missing.set(place, offset)
    }
  }
  return missing
}

const parse = (place: string): { topic: string; partition: number } => {
  const at = place.lastIndexOf(':')
  return { topic: place.slice(0, at), partition: Number(place.slice(at + 1)) }
}

/** Gives a group that has no members its first places, so that what is published from now on is its to read. */
export async function begin(client: AdminClient, group: string, places: Committed): Promise<void> {
  if (places.size === 0) return
  const byTopic = Map.groupBy(places, ([place]) => parse(place).topic)
  try {
    const topics = [...byTopic].map(([name, entries]) => ({
      name,
      partitionOffsets: entries.map(([place, offset]) => ({
        partition: parse(place).partition,
        offset: BigInt(offset),
      })),
    }))
    await client.ask((admin) => admin.alterConsumerGroupOffsets({ groupId: group, topics }))
  } catch (error) {
    // Another member was faster: then its places hold, and each partition's owner adds what is missing.
    const ids = brokerErrors(error)
    if (!ids.includes('UNKNOWN_MEMBER_ID') && !ids.includes('NON_EMPTY_GROUP')) throw error
  }
}

/** Tells the brokers every 100 ms what was handled, in one request. What could not be told is told later. */
export function createCommits(
  client: () => Driver.Consumer,
  isOurs: (place: string) => boolean,
  options: { logger: Logger; timeoutMs: number },
) {
  const marks = new Map<string, Readonly<{ next: number; epoch: number }>>()
  const marked = createSignal()
  const closing = new AbortController()
  let flushing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    for (const place of marks.keys()) if (!isOurs(place)) marks.delete(place)
    if (marks.size === 0) return
    const snapshot = [...marks]
    const offsets = snapshot.map(([place, { next, epoch }]) => ({
      ...parse(place),
      offset: BigInt(next),
      leaderEpoch: epoch,
    }))
    const member = client()
    // Brokers end the connection of who commits without a name.
    if (member.memberId === null) throw unavailable(new Error('not in the group at the moment'))
    await answered(member.commit({ offsets }), options.timeoutMs)
    for (const [place, mark] of snapshot) if (marks.get(place) === mark) marks.delete(place)
  }
  /** One at a time: an older place must not overtake a newer one. */
  const flush = (): Promise<void> => {
    const result = flushing.then(write)
    flushing = result.catch(() => {})
    return result
  }
  const run = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted;) {
      await marked.wait(60_000)
      await pause(COMMIT_EVERY_MS, closing.signal)
      marked.clear()
      try {
        await flush()
        failures = 0
      } catch (error) {
        if (closing.signal.aborted) return
        marked.raise()
        // A change in the group refuses commits for a moment.
        if (++failures === 20)
          options.logger.warn({ err: error }, 'committing consumer offsets fails; it is tried again')
      }
    }
  }
  void run()

  return {
    /** @param epoch of the leader that took the record before `next`; -1: not known */
    mark(place: string, next: number, epoch = -1): void {
      marks.set(place, { next, epoch })
      marked.raise()
    },
    /** What was handled and could not be told yet. */
    marked: (place: string) => marks.get(place),
    flush,
    /** The topic was lost, and with it all places. */
    forget(topic: string): void {
      for (const place of marks.keys()) if (parse(place).topic === topic) marks.delete(place)
    },
    stop(): void {
      closing.abort()
      marked.raise()
    },
  }
}
