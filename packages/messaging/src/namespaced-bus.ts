import { EncodedRecord, jsonOf } from './encoded-record.ts'
import { messagingErrors } from './errors.ts'
import { asBatch, type BatchHandler, type EventBus } from './ports.ts'

/**
 * One installation of several that share a broker: its topics and groups have its name before theirs, and it sees no others. Everybody
 * above goes on with the plain names.
 */
export function createNamespacedBus(bus: EventBus, name: string): EventBus {
  const prefix = `${name}.`
  const outer = (plain: string): string => prefix + plain
  const inner = (full: string): string => full.slice(prefix.length)

  const named = ({ most, handle }: BatchHandler): BatchHandler => ({
    most,
    handle: (records) => handle(records.map((record) => ({ ...record, topic: inner(record.topic) }))),
  })

  return {
    ensureTopics: (topics) => bus.ensureTopics(topics.map((topic) => ({ ...topic, name: outer(topic.name) }))),
    publish: (records) =>
      bus.publish(records.map((record) => new EncodedRecord(outer(record.topic), record.key, jsonOf(record)))),
    subscribe: ({ group, topics, handler, ...rest }) =>
      bus.subscribe({
        ...rest,
        group: outer(group),
        topics: topics.map(outer),
        handler: named(asBatch(handler)),
      }),
    admin: {
      topics: async (start = '') =>
        (await bus.admin.topics(outer(start))).map((topic) => ({ ...topic, name: inner(topic.name) })),
      lag: async (start = '') =>
        (await bus.admin.lag(outer(start))).map((row) => ({
          ...row,
          group: inner(row.group),
          topic: inner(row.topic),
        })),
      read: async ({ topic, ...rest }) =>
        (await bus.admin.read({ ...rest, topic: outer(topic) })).map((record) => ({ ...record, topic })),
      prune: (now) => bus.admin.prune(now),
    },
    close: () => bus.close(),
  }
}

/**
 * The one installation of several on a broker that has no name. It sees what it has ensured: the others' topics begin with their names, and a
 * broker has no other way to tell whose they are.
 */
export function createUnnamedBus(bus: EventBus): EventBus {
  const own = new Set<string>()
  return {
    ...bus,
    async ensureTopics(topics) {
      await bus.ensureTopics(topics)
      for (const { name } of topics) own.add(name)
    },
    admin: {
      ...bus.admin,
      topics: async (prefix) => (await bus.admin.topics(prefix)).filter(({ name }) => own.has(name)),
      lag: async (prefix) => (await bus.admin.lag(prefix)).filter(({ topic }) => own.has(topic)),
      async read(place) {
        if (!own.has(place.topic)) throw messagingErrors.UNKNOWN_TOPIC({ params: { topic: place.topic } })
        return bus.admin.read(place)
      },
    },
  }
}
