import { pause } from '../backoff.ts'
import type { BatchHandler } from '../ports.ts'
import type { AdminClient, Context } from './driver.ts'
import { createFetcher } from './fetcher.ts'
import { createLane, type Lane } from './lane.ts'
import { type Assigned, createMembership } from './membership.ts'
import { beginnings, committedOf, createCommits, placeOf } from './offsets.ts'
import type { Topics } from './topics.ts'

const RETRY_MS = 200

export type Subscriber = Awaited<ReturnType<typeof createSubscriber>>

/** One member of a consumer group: a lane for each partition that is ours. */
export async function createSubscriber(
  context: Context,
  options: {
    admin: AdminClient
    topics: Topics
    group: string
    names: readonly string[]
    from: 'earliest' | 'latest'
    handler: BatchHandler
  },
) {
  const { admin, topics, group, names, from, handler } = options
  const { logger, timeoutMs } = context.settings
  const closing = new AbortController()
  const ready = Promise.withResolvers<void>()
  const lanes = new Map<string, Lane>()
  /** Of partitions that went away and may have come back: their handler may still run. */
  const leaving = new Map<string, Promise<void>>()
  let agreed: Assigned = []
  const holds = (owned: Assigned): boolean => agreed === owned && !closing.signal.aborted

  const leave = (place: string, lane: Lane): Promise<void> => {
    const gone = lane.leave().finally(() => {
      if (lanes.get(place) === lane) lanes.delete(place)
      if (leaving.get(place) === gone) leaving.delete(place)
    })
    leaving.set(place, gone)
    return gone
  }

  const keep = async (owned: Assigned): Promise<void> => {
    const places = placesOf(owned)
    const others = [...lanes].filter(([place]) => !places.has(place))
    if (others.length === 0) return
    await Promise.all(others.map(([place, lane]) => leave(place, lane)))
    await commits
      .flush()
      .catch((error: unknown) => logger.warn({ group, err: error }, 'the last records of a partition are redelivered'))
  }

  /** Opens a lane where the group stands on the partition. */
  const open = async (
    place: string,
    { topic, partition, position, epoch }: { topic: string; partition: number; position: number; epoch: number },
  ): Promise<void> => {
    await leaving.get(place)
    if (closing.signal.aborted || lanes.has(place) || !placesOf(agreed).has(place)) return
    const marked = commits.marked(place)
    const from = marked && marked.next > position ? marked : { next: position, epoch }
    const lane = createLane({
      group,
      topic,
      partition,
      position: from.next,
      epoch: from.epoch,
      handler,
      handled: (next, ofEpoch) => commits.mark(place, next, ofEpoch),
      hungry: () => fetcher.wake(),
      logger,
    })
    lanes.set(place, lane)
    fetcher.wake()
  }

  const adopt = async (owned: Assigned): Promise<void> => {
    const missing = owned.flatMap(({ topic, partitions }) =>
      partitions
        .map((partition) => ({ topic, partition, place: placeOf(topic, partition) }))
        .filter(({ place }) => !lanes.has(place) || leaving.has(place)),
    )
    if (missing.length > 0) {
      const { committed, epochs } = await committedOf(admin, group)
      const first = missing.every(({ place }) => committed.has(place))
        ? new Map<string, number>()
        : await beginnings(topics, committed, names, from)
      for (const { place, topic, partition } of missing) {
        const start = first.get(place)
        if (start !== undefined) commits.mark(place, start)
        const position = committed.get(place) ?? start ?? 0
        const opening = open(place, { topic, partition, position, epoch: epochs.get(place) ?? -1 })
        if (!leaving.has(place)) await opening
      }
    }
    ready.resolve()
  }

  const assigned = (owned: Assigned): void => {
    agreed = owned
    const run = async (): Promise<void> => {
      await keep(owned)
      while (holds(owned)) {
        try {
          return await adopt(owned)
        } catch (error) {
          logger.warn({ group, err: error }, 'where a consumer group stands is not known yet; it is asked again')
          await pause(RETRY_MS, closing.signal)
        }
      }
    }
    void run()
  }

  const membership = createMembership(context, group, names, { keep, assigned })
  const fetcher = createFetcher(context, names, () => lanes.values(), {
    remade(topic) {
      logger.warn({ group, topic }, 'a topic was lost and made anew; the consumer goes on with its first record')
      commits.forget(topic)
      for (const lane of lanes.values()) if (lane.topic === topic) lane.rewind(0)
    },
    shortened(lane, to) {
      const where = { group, topic: lane.topic, partition: lane.partition, from: lane.next(), to }
      if (to < lane.next())
        logger.warn(where, 'the end of a log was lost; the consumer goes on with what took its place')
      if (lane.rewind(to)) commits.mark(placeOf(lane.topic, lane.partition), to)
    },
  })
  const commits = createCommits(membership.client, (place) => placesOf(agreed).has(place) || lanes.has(place), {
    logger,
    timeoutMs,
  })

  let closed: Promise<void> | undefined
  const close = (): Promise<void> =>
    (closed ??= (async () => {
      closing.abort()
      await Promise.all([...lanes].map(([place, lane]) => leave(place, lane)))
      await Promise.all(leaving.values())
      await commits
        .flush()
        .catch((error: unknown) => logger.warn({ group, err: error }, 'the last records of a group are redelivered'))
      commits.stop()
      await Promise.all([fetcher.close(), membership.close()])
    })())

  try {
    await membership.join()
    await ready.promise
  } catch (error) {
    await close()
    throw error
  }
  return { group, flush: commits.flush, watch: membership.watch, close }
}

const placesOf = (owned: Assigned): Set<string> =>
  new Set(owned.flatMap(({ topic, partitions }) => partitions.map((partition) => placeOf(topic, partition))))
