import { Kafka, logLevel, type Admin, type IHeaders } from 'kafkajs'
import type { KafkaRecord, Position } from './watch.ts'

/** Reads what the services write with a client that is not theirs. @param prefix of topics and groups */
export async function openKafkaWatch(brokers: readonly string[], prefix: string) {
  const kafka = new Kafka({ clientId: 'flow', brokers: [...brokers], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix) && !name.endsWith('.dlq')).sort()
  const groupId = `${prefix}flow`
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, retry: { retries: 3 } })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  const waiting: KafkaRecord[] = []
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      waiting.push({
        topic: topic.slice(prefix.length),
        partition,
        offset: message.offset,
        key: text(message.key),
        headers: textOf(message.headers),
        value: text(message.value),
      })
    },
  })
  await joined

  return {
    /** What has been read since it was last asked, in the order of the logs. */
    take: (): KafkaRecord[] => waiting.splice(0).sort(inLog),
    /** Records that are in the topics, read or not. */
    ends: () => ends(admin, topics, prefix),
    positions: (groups: readonly string[]) => positions(admin, prefix, groups),
    async close() {
      await consumer.disconnect()
      await admin.deleteGroups([groupId])
      await admin.disconnect()
    },
  }
}

export type KafkaWatch = Awaited<ReturnType<typeof openKafkaWatch>>

async function ends(admin: Admin, topics: readonly string[], prefix: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const topic of topics)
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      found.set(`${topic.slice(prefix.length)}/${partition}`, Number(high))
  return found
}

/** Only of partitions in which something was read. */
async function positions(admin: Admin, prefix: string, groups: readonly string[]): Promise<Position[]> {
  const found = new Map<string, { topic: string; partition: number; groups: Record<string, string> }>()
  for (const group of groups)
    for (const { topic: full, partitions } of await admin.fetchOffsets({ groupId: prefix + group }))
      for (const { partition, offset } of partitions) {
        if (Number(offset) <= 0) continue
        const topic = full.slice(prefix.length)
        const place = found.get(`${topic}/${partition}`) ?? { topic, partition, groups: {} }
        place.groups[group] = offset
        found.set(`${topic}/${partition}`, place)
      }
  return [...found.values()].sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition)
}

const inLog = (a: KafkaRecord, b: KafkaRecord) =>
  a.topic.localeCompare(b.topic) || a.partition - b.partition || Number(a.offset) - Number(b.offset)

const text = (bytes: Buffer | null): string => bytes?.toString() ?? ''

const textOf = (headers: IHeaders = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
