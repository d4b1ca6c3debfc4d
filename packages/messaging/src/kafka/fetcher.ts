import { pause } from '../backoff.ts'
import type { Logger } from '../logger.ts'
import { createSignal } from '../signal.ts'
import { decode } from './decode.ts'
import { brokerErrors, connectionOf, type Context, type Driver } from './driver.ts'
import type { Lane } from './lane.ts'

/** A broker that has nothing new answers after this time; a partition that became ours meanwhile waits so long at most. */
const WAIT_MS = 250
const PARTITION_BYTES = 1024 * 1024
const RETRY_MS = 200

export type Fetcher = ReturnType<typeof createFetcher>

/**
 * Keeps the lanes of one consumer fed: one question at a time to each broker, of all its partitions that can take more. The driver's own stream
 * is not used because one partition that waits would hold up all of it, and because it ends for good after some failures. Whatever fails
 * is asked again, for as long as it takes.
 */
export function createFetcher(
  { driver, settings }: Context,
  topics: readonly string[],
  lanes: () => Iterable<Lane>,
  hooks: {
    /** Hears of a topic that is another one than before, though its name is the same. */
    remade: (topic: string) => void
    /** The log is another one from this offset on than the one that was read. Nothing that was read is lost when the next record to be read is not behind it. */
    shortened: (lane: Lane, to: number) => void
  },
) {
  const logger: Logger = settings.logger
  const closing = new AbortController()
  const changed = createSignal()
  const asked = new Set<number>()
  let troubled = false
  /** A partition is ours that was not there when the brokers were asked last. */
  let unknown = false

  let turn = 0
  const open = (): Driver.Consumer => {
    const opened = new driver.Consumer({
      ...connectionOf(settings, turn++),
      groupId: `${settings.clientId}-reader`,
      requestTimeout: settings.timeoutMs + WAIT_MS,
      retries: 0,
    })
    opened.topics.trackAll(...topics)
    opened.on('error', () => {}) // each call tells its own
    return opened
  }
  let client = open()

  /** By name; a topic that is made anew has another. */
  const ids = new Map<string, string>()
  const compareIds = (known: Driver.ClusterMetadata['topics']): void => {
    for (const [name, { id }] of known) {
      const before = ids.get(name)
      ids.set(name, id)
      if (before !== undefined && before !== id) hooks.remade(name)
    }
  }

  /** Questions by the broker that leads the partitions. */
  const questions = async (): Promise<Map<number, Lane[]>> => {
    const metadata = await client.metadata({ topics: [...topics], forceUpdate: troubled || unknown })
    compareIds(metadata.topics)
    const byLeader = new Map<number, Lane[]>()
    unknown = false
    for (const lane of lanes()) {
      const leader = metadata.topics.get(lane.topic)?.partitions[lane.partition]?.leader ?? -1
      if (leader < 0) unknown = true
      if (leader < 0 || asked.has(leader) || !lane.hungry()) continue
      const ofLeader = byLeader.get(leader)
      if (ofLeader) ofLeader.push(lane)
      else byLeader.set(leader, [lane])
    }
    return byLeader
  }

  /**
   * Retention was faster than the handler, or the log is shorter than it was: goes on with what is there. Where a shorter one differs from what was read is not known
   * then: all of it is read once more.
   */
  const relocate = async (asking: readonly Lane[]): Promise<void> => {
    const names = [...new Set(asking.map(({ topic }) => topic))]
    const [start, end] = await Promise.all([
      client.listOffsets({ topics: names, timestamp: -2n }),
      client.listOffsets({ topics: names, timestamp: -1n }),
    ])
    for (const lane of asking) {
      const low = Number(start.get(lane.topic)![lane.partition])
      const high = Number(end.get(lane.topic)![lane.partition])
      if (lane.next() > high) hooks.shortened(lane, low)
      // Its place is in the log: then it is the epoch that the broker has never heard of, and would refuse each time.
      if (lane.next() >= low) {
        lane.forgetEpoch()
        continue
      }
      const where = { topic: lane.topic, partition: lane.partition, from: lane.next(), to: low }
      logger.warn(where, 'records are no longer in the topic; the consumer goes on after them')
      lane.jump(low)
    }
  }

  const ask = async (node: number, asking: readonly Lane[]): Promise<void> => {
    const { topics: known } = await client.metadata({ topics: [...topics] })
    compareIds(known)
    const nameOf = new Map([...known].map(([name, { id }]) => [id, name]))
    const from = new Map(asking.map((lane) => [`${lane.topic}:${lane.partition}`, { lane, offset: lane.next() }]))
    const requests = Map.groupBy(asking, ({ topic }) => known.get(topic)!.id)
    try {
      const answer = await client.fetch({
        node,
        maxWaitTime: WAIT_MS,
        topics: [...requests].map(([topicId, ofTopic]) => ({
          topicId,
          partitions: ofTopic.map(({ partition, next, epoch }) => ({
            partition,
            fetchOffset: BigInt(next()),
            partitionMaxBytes: PARTITION_BYTES,
            currentLeaderEpoch: -1,
            // With it the broker sees whether its log is still the one that was read.
            lastFetchedEpoch: epoch(),
          })),
        })),
      })
      for (const { topicId, partitions } of answer.responses)
        for (const { partitionIndex, records, divergingEpoch } of partitions) {
          const topic = nameOf.get(topicId)!
          const asked = from.get(`${topic}:${partitionIndex}`)
          if (!asked) continue
          const end = Number(divergingEpoch?.endOffset ?? -1)
          if (end >= 0 && asked.lane.next() === asked.offset) hooks.shortened(asked.lane, end)
          if (!records || end >= 0) continue
          asked.lane.feed(asked.offset, decode(topic, partitionIndex, records, asked.offset))
        }
    } catch (error) {
      if (!brokerErrors(error).includes('OFFSET_OUT_OF_RANGE')) throw error
      await relocate(asking)
    }
  }

  /** What comes next asks another broker first. */
  const trouble = async (asked: Driver.Consumer, error: unknown): Promise<void> => {
    if (closing.signal.aborted) return
    if (client === asked) {
      client = open()
      asked.close(true).catch(() => {})
    }
    if (!troubled) logger.warn({ err: error }, 'reading from the event broker failed; it is tried again')
    troubled = true
    await pause(RETRY_MS, closing.signal)
  }

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      changed.clear()
      const used = client
      try {
        for (const [node, asking] of await questions()) {
          asked.add(node)
          ask(node, asking)
            .then(
              () => void (troubled = false),
              (error: unknown) => trouble(used, error),
            )
            .finally(() => {
              asked.delete(node)
              changed.raise()
            })
        }
      } catch (error) {
        await trouble(used, error)
        continue
      }
      await changed.wait(unknown ? RETRY_MS : 1_000)
    }
  }
  const ended = run()

  return {
    /** Lanes came or became hungry. */
    wake: () => changed.raise(),
    async close(): Promise<void> {
      closing.abort()
      changed.raise()
      await ended
      await client.close(true).catch(() => {})
    },
  }
}
