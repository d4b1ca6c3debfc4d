import { AppError } from '@bigtech/kernel'
import { messagingErrors } from '../errors.ts'
import type { TopicConfig, TopicState } from '../ports.ts'
import { type AdminClient, brokerErrors, type Context, isUnknownTopic, type Driver } from './driver.ts'

const EARLIEST = -2n
const LATEST = -1n

/** Creating a topic and choosing its leaders takes longer than a call. */
const CREATE_TIMEOUT_MS = 30_000

export type Topics = ReturnType<typeof createTopics>

/** What topics there are, and how they are made. */
export function createTopics({ driver, settings }: Context, client: AdminClient) {
  const { replication, minInsyncReplicas } = settings

  /** Brokers are asked again after 5 s (the driver's memory), so that partitions that others add are seen. */
  const partitionsOf = async (admin: Driver.Admin, names: readonly string[]): Promise<Map<string, number>> => {
    try {
      const { topics } = await admin.metadata({ topics: [...names] })
      return new Map(names.map((name) => [name, topics.get(name)!.partitionsCount]))
    } catch (error) {
      if (!isUnknownTopic(error)) throw error
      if (names.length === 1) throw messagingErrors.UNKNOWN_TOPIC({ params: { topic: names[0]! } })
    }
    const all = await Promise.all(names.map((name) => partitionsOf(admin, [name])))
    return new Map(all.flatMap((each) => [...each]))
  }

  /** Those of the topics that are there: one may be deleted at any moment, which must not hide the others. */
  const present = async (admin: Driver.Admin, names: readonly string[]): Promise<string[]> => {
    const there = new Set(await admin.listTopics())
    return names.filter((name) => there.has(name))
  }

  /** Asks about topics of which some may go meanwhile; then about those that are left. */
  const ofPresent = async <T>(
    admin: Driver.Admin,
    names: readonly string[],
    call: (names: readonly string[]) => Promise<T>,
  ): Promise<T> => {
    for (let left = names, attempts = 1; ; attempts++) {
      try {
        return await call(left)
      } catch (error) {
        const gone = isUnknownTopic(error) || (error instanceof AppError && error.code === 'UNKNOWN_TOPIC')
        if (!gone || attempts === 10) throw error
      }
      left = await present(admin, left)
    }
  }

  const create = async (admin: Driver.Admin, { name, partitions, retentionMs }: TopicConfig): Promise<void> => {
    const configs = [
      { name: 'retention.ms', value: String(retentionMs) },
      { name: 'min.insync.replicas', value: String(minInsyncReplicas) },
    ]
    try {
      await admin.createTopics({ topics: [name], partitions, replicas: replication, configs })
    } catch (error) {
      // Another process was faster.
      if (!brokerErrors(error).includes('TOPIC_ALREADY_EXISTS')) throw error
    }
  }

  const grow = async (admin: Driver.Admin, { name, partitions }: TopicConfig): Promise<void> => {
    try {
      await admin.createPartitions({ topics: [{ name, count: partitions, assignments: null }] })
    } catch (error) {
      if (!brokerErrors(error).includes('INVALID_PARTITIONS')) throw error
    }
  }

  /** Until every partition has a leader: what is published before that would wait. */
  const settled = async (admin: Driver.Admin, configs: readonly TopicConfig[]): Promise<void> => {
    const names = configs.map(({ name }) => name)
    const deadline = performance.now() + CREATE_TIMEOUT_MS
    while (performance.now() < deadline) {
      try {
        const { topics } = await admin.metadata({ topics: [...names], forceUpdate: true })
        const ready = configs.every(({ name, partitions }) => {
          const topic = topics.get(name)
          return topic && topic.partitionsCount >= partitions && topic.partitions.every(({ leader }) => leader >= 0)
        })
        if (ready) return
      } catch (error) {
        if (!isUnknownTopic(error) && !brokerErrors(error).includes('LEADER_NOT_AVAILABLE')) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  const ensure = async (admin: Driver.Admin, configs: readonly TopicConfig[]): Promise<void> => {
    const there = new Set(await admin.listTopics())
    for (const config of configs) if (!there.has(config.name)) await create(admin, config)
    await settled(
      admin,
      configs.map((config) => ({ ...config, partitions: 1 })),
    )
    const counts = await partitionsOf(
      admin,
      configs.map(({ name }) => name),
    )
    for (const config of configs) if (counts.get(config.name)! < config.partitions) await grow(admin, config)
    await admin.incrementalAlterConfigs({
      resources: configs.map(({ name, retentionMs }) => ({
        resourceType: driver.ConfigResourceTypes.TOPIC,
        resourceName: name,
        configs: [
          {
            name: 'retention.ms',
            configOperation: driver.IncrementalAlterConfigOperationTypes.SET,
            value: String(retentionMs),
          },
        ],
      })),
    })
    await settled(admin, configs)
  }

  /** The offset of a time, by topic and partition. */
  const offsetsAt = async (admin: Driver.Admin, counts: ReadonlyMap<string, number>, timestamp: bigint) => {
    if (counts.size === 0) return new Map<string, Map<number, number>>()
    const topics = [...counts].map(([name, count]) => ({
      name,
      partitions: Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp })),
    }))
    // Partitions that different brokers lead come in parts.
    const found = new Map<string, Map<number, number>>(topics.map(({ name }) => [name, new Map()]))
    for (const { name, partitions } of await admin.listOffsets({ topics }))
      for (const { partitionIndex, offset } of partitions) found.get(name)!.set(partitionIndex, Number(offset))
    return found
  }
  const edges = async (admin: Driver.Admin, names: readonly string[]) => {
    const counts = names.length === 0 ? new Map<string, number>() : await partitionsOf(admin, names)
    const [start, end] = await Promise.all([offsetsAt(admin, counts, EARLIEST), offsetsAt(admin, counts, LATEST)])
    return { start, end }
  }

  const states = async (admin: Driver.Admin, prefix: string): Promise<TopicState[]> => {
    const all = await admin.listTopics()
    const names = all.filter((name) => name.startsWith(prefix) && !name.startsWith('__')).sort()
    return ofPresent(admin, names, (left) => statesOf(admin, left))
  }

  const statesOf = async (admin: Driver.Admin, names: readonly string[]): Promise<TopicState[]> => {
    if (names.length === 0) return []
    const { start, end } = await edges(admin, names)
    const descriptions = await admin.describeConfigs({
      resources: names.map((resourceName) => ({
        resourceType: driver.ConfigResourceTypes.TOPIC,
        resourceName,
        configurationKeys: ['retention.ms'],
      })),
    })
    const retention = new Map(
      descriptions.map(({ resourceName, configs }) => [
        resourceName,
        Number(configs.find(({ name }) => name === 'retention.ms')?.value),
      ]),
    )
    return names.map((name) => ({
      name,
      retention_ms: retention.get(name)!,
      partitions: [...end.get(name)!]
        .sort(([a], [b]) => a - b)
        .map(([partition, end_offset]) => ({
          partition,
          start_offset: start.get(name)!.get(partition)!,
          end_offset,
        })),
    }))
  }

  return {
    ensure: (configs: readonly TopicConfig[]) =>
      configs.length === 0 ? Promise.resolve() : client.ask((admin) => ensure(admin, configs), CREATE_TIMEOUT_MS),
    /** @throws UNKNOWN_TOPIC or BUS_UNAVAILABLE */
    partitionsOf: (names: readonly string[]) => client.ask((admin) => partitionsOf(admin, names)),
    edges: (names: readonly string[]) => client.ask((admin) => edges(admin, names)),
    /** As `edges`, of those that are there. */
    presentEdges: (names: readonly string[]) =>
      client.ask((admin) => ofPresent(admin, names, (left) => edges(admin, left))),
    states: (prefix: string) => client.ask((admin) => states(admin, prefix)),
  }
}
