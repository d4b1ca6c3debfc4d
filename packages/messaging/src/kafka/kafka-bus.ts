import type { AppError } from '@bigtech/kernel'
import { messagingErrors } from '../errors.ts'
import { silentLogger } from '../logger.ts'
import { asBatch, type EventBus, type GroupLag, type StoredRecord, type TopicConfig } from '../ports.ts'
import { decode } from './decode.ts'
import { type Context, createAdminClient, type KafkaOptions, unavailable } from './driver.ts'
import { begin, beginnings, committedOf, placeOf } from './offsets.ts'
import { createPublisher } from './publisher.ts'
import { createReader } from './reader.ts'
import { createSubscriber, type Subscriber } from './subscriber.ts'
import { createTopics } from './topics.ts'

/**
 * The event bus on Kafka. Records are stored by all in-sync replicas before `publish` resolves; how many those are is a setting of the topics
 * that `ensureTopics` creates. Brokers that are away make calls reject with BUS_UNAVAILABLE and consumers wait; both go on by themselves.
 * A topic that the brokers have lost is made anew by who publishes to it, and read from its first record.
 * Brokers delete what retention no longer keeps: `prune` does nothing here.
 */
export async function createKafkaBus(options: KafkaOptions): Promise<EventBus> {
  // Loaded only where it is used.
  const driver = await import('@platformatic/kafka')
  const context: Context = {
    driver,
    settings: {
      replication: 3,
      minInsyncReplicas: 2,
      timeoutMs: 5_000,
      sessionTimeoutMs: 10_000,
      heartbeatMs: 1_000,
      logger: silentLogger,
      ...options,
    },
  }
  const admin = createAdminClient(context)
  const topics = createTopics(context, admin)
  const publisher = createPublisher(context, topics.partitionsOf)
  const reader = createReader(context)
  const subscribers = new Set<Subscriber>()
  /** What was ensured here, by name: brokers that lost a topic get it again. */
  const ensured = new Map<string, TopicConfig>()
  let closing: Promise<void> | undefined

  const lagOf = async (group: string): Promise<GroupLag[]> => {
    const { committed } = await committedOf(admin, group)
    const names = [...new Set([...committed.keys()].map((place) => place.slice(0, place.lastIndexOf(':'))))]
    const { start, end } = await topics.presentEdges(names)
    return [...end].flatMap(([topic, ends]) =>
      [...ends].flatMap(([partition, end_offset]) => {
        const committed_offset = committed.get(placeOf(topic, partition))
        if (committed_offset === undefined) return []
        const behind = Math.max(committed_offset, start.get(topic)!.get(partition)!)
        return [{ group, topic, partition, committed_offset, end_offset, lag: Math.max(0, end_offset - behind) }]
      }),
    )
  }

  return {
    async ensureTopics(configs) {
      await topics.ensure(configs)
      for (const config of configs) ensured.set(config.name, config)
      await Promise.all([...subscribers].map((subscriber) => subscriber.watch().catch(() => {})))
    },

    async publish(records) {
      try {
        await publisher.publish(records)
      } catch (error) {
        const isLost = (error as Partial<AppError>).code === 'UNKNOWN_TOPIC'
        if (!isLost || !records.every(({ topic }) => ensured.has(topic))) throw error
        await topics.ensure([...ensured.values()])
        throw unavailable(error)
      }
    },

    async subscribe({ group, topics: names, from = 'earliest', handler }) {
      if (closing) throw unavailable()
      await topics.partitionsOf(names)
      const { committed } = await committedOf(admin, group)
      await begin(admin, group, await beginnings(topics, committed, names, from))
      const subscriber = await createSubscriber(context, {
        admin,
        topics,
        group,
        names,
        from,
        handler: asBatch(handler),
      })
      // Closed while it joined.
      if (closing as Promise<void> | undefined) {
        await subscriber.close()
        throw unavailable()
      }
      subscribers.add(subscriber)
      return {
        async close() {
          await subscriber.close()
          subscribers.delete(subscriber)
        },
      }
    },

    admin: {
      topics: (prefix = '') => topics.states(prefix),
      async lag(prefix = '') {
        const groups = await admin.ask((client) => client.listGroups({ types: ['classic'] }))
        await Promise.allSettled([...subscribers].map((subscriber) => subscriber.flush()))
        const rows = await Promise.all([...groups.keys()].filter((group) => group.startsWith(prefix)).map(lagOf))
        return rows
          .flat()
          .sort((a, b) => compare(a.group, b.group) || compare(a.topic, b.topic) || a.partition - b.partition)
      },
      async read({ topic, partition, offset, limit }) {
        const { start, end } = await topics.edges([topic])
        const high = end.get(topic)!.get(partition)
        if (high === undefined) throw messagingErrors.UNKNOWN_TOPIC({ params: { topic: `${topic}/${partition}` } })
        const records: StoredRecord[] = []
        for (let at = Math.max(offset, start.get(topic)!.get(partition)!); at < high && records.length < limit;) {
          const batches = await reader.batches(topic, partition, at)
          const page = decode(topic, partition, batches, at)
          if (page.next === at) break
          records.push(...page.records)
          at = page.next
        }
        return records.slice(0, limit)
      },
      prune: async () => 0,
    },

    close() {
      closing ??= (async () => {
        await Promise.all([...subscribers].map((subscriber) => subscriber.close()))
        await publisher.close()
        await Promise.all([reader.close(), admin.close()])
      })()
      return closing
    },
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
