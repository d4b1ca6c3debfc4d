import { EncodedRecord, jsonOf } from './encoded-record.ts'
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
