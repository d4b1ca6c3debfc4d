import { type Clock, systemClock } from '@bigtech/kernel'
import { createWriter, openSqlite, openSqliteDatabase } from '@bigtech/sql'
import { jsonOf } from '../encoded-record.ts'
import { isUnavailable, messagingErrors } from '../errors.ts'
import { type Logger, silentLogger } from '../logger.ts'
import { partitionOf } from '../partition.ts'
import { asBatch, type EventBus, type EventRecord } from '../ports.ts'
import { redactionIn } from '../redaction.ts'
import type { Append, EventLogCommands } from './commands.ts'
import { createCommitter } from './committer.ts'
import { createGroup, type Group, type Member } from './group.ts'
import { createReader, type TopicRow } from './reader.ts'
import { eventLogMigrations } from './schema.ts'

const SAFETY_POLL_MS = 1_000
const PRUNE_INTERVAL_MS = 60_000

/**
 * The event bus inside one process: an append-only log in one SQLite file. Writes (and their fsync) happen in a thread and are
 * grouped; consumers are woken by the publish itself. One process at a time owns the file.
 * @param options.file created if missing; throws MigrationError when a newer program wrote it
 */
export async function createEmbeddedBus(options: { file: string; clock?: Clock; logger?: Logger }): Promise<EventBus> {
  const { file, clock = systemClock, logger = silentLogger } = options
  shrinkable(file)
  const migrated = await openSqliteDatabase<unknown>(file, 'events', eventLogMigrations)
  await migrated.destroy()
  const module = new URL('./commands.ts', import.meta.url)
  const writer = createWriter<EventLogCommands>({
    file,
    module,
    name: 'events',
    onTrouble: (what, error) => logger.warn({ err: error }, `${what} on the event log failed; it is tried again`),
  })
  const topics = new Map<string, TopicRow>()
  const groups = new Map<string, Group>()
  let closing: Promise<void> | undefined

  /** What the writer reports is a storage fault, never a fault of the records: publishers must try again. */
  const call: typeof writer.call = async (name, args) => {
    if (closing && name === 'append') throw messagingErrors.BUS_UNAVAILABLE()
    try {
      return await writer.call(name, args)
    } catch (error) {
      throw isUnavailable(error) ? error : messagingErrors.BUS_UNAVAILABLE({ cause: error })
    }
  }
  await call('ensureTopics', []) // the file and its WAL are open before the reader comes
  const reader = createReader(file)
  const committer = createCommitter((commits) => call('commit', commits), logger)

  const topicOf = (name: string): TopicRow => {
    const topic = topics.get(name)
    if (!topic) throw messagingErrors.UNKNOWN_TOPIC({ params: { topic: name } })
    return topic
  }
  const refreshTopics = (): void => {
    for (const row of reader.topicRows()) {
      const known = topics.get(row.name)
      if (!known) topics.set(row.name, row)
      else row.ends.forEach((end, partition) => (known.ends[partition] = Math.max(end, known.ends[partition] ?? 0)))
    }
  }
  const followAll = async (
    name: string,
    group: Group,
    topicNames: Iterable<string>,
    latest: boolean,
  ): Promise<void> => {
    const rows = new Map([...topicNames].map(topicOf).map((topic) => [topic.id, topic]))
    const positions = await call('join', { group: name, topicIds: [...rows.keys()], latest })
    for (const { topicId, partition, offset } of positions) group.follow(rows.get(topicId)!, partition, offset)
    group.wakeAll()
  }
  const prune = async (now: number): Promise<number> => {
    for (let total = 0; ;) {
      const { removed, more } = await call('prune', now)
      total += removed
      if (!more) return total
    }
  }

  refreshTopics()
  const warn = (what: string) => (error: unknown) => logger.warn({ err: error }, what)
  const poll = () => {
    refreshTopics()
    for (const group of groups.values()) group.wakeAll()
  }
  const timers = [
    setInterval(() => attempt(poll, warn('polling the event log failed')), SAFETY_POLL_MS),
    setInterval(() => void prune(clock.now()).catch(warn('pruning the event log failed')), PRUNE_INTERVAL_MS),
  ]
  for (const timer of timers) timer.unref()

  const leave = async (group: Group, member: Member): Promise<void> => {
    await group.remove(member)
    await committer.flush()
  }

  return {
    async ensureTopics(configs) {
      await call('ensureTopics', configs)
      refreshTopics()
      for (const [name, group] of groups) {
        const followed = new Set(group.members.flatMap((member) => [...member.topics]))
        await followAll(name, group, followed, false)
      }
    },

    async publish(records) {
      if (records.length === 0) return
      const parts = split(records, topicOf)
      const ends = await call('append', { storedAt: clock.now(), parts: parts.map(({ append }) => append) })
      ends.forEach((end, index) => {
        const { topic, append } = parts[index]!
        topic.ends[append.partition] = Math.max(end, topic.ends[append.partition] ?? 0)
        for (const group of groups.values()) group.wake(topic.id, append.partition)
      })
    },

    async subscribe({ group: name, topics: topicNames, from = 'earliest', handler }) {
      const read: Parameters<typeof createGroup>[0]['read'] = (...args) => reader.records(...args)
      const group =
        groups.get(name) ??
        createGroup({
          name,
          read,
          handled: (topic, partition, offset) => committer.mark({ group: name, topicId: topic.id, partition, offset }),
          logger,
        })
      groups.set(name, group)
      const member: Member = {
        topics: new Set(topicNames),
        handler: asBatch(handler),
        leaving: new AbortController(),
        running: new Set(),
      }
      group.add(member)
      try {
        await followAll(name, group, topicNames, from === 'latest')
      } catch (error) {
        await group.remove(member)
        throw error
      }
      return { close: () => leave(group, member) }
    },

    admin: {
      async topics(prefix = '') {
        return reader.topicStates().filter(({ name }) => name.startsWith(prefix))
      },
      async lag(prefix = '') {
        await committer.flush().catch(warn('committing consumer offsets failed; the lag shown is too high'))
        return reader.lag().filter(({ group }) => group.startsWith(prefix))
      },
      async read({ topic, partition, offset, limit }) {
        return reader.records(topicOf(topic), partition, offset, limit)
      },
      prune,
    },

    close() {
      closing ??= (async () => {
        for (const timer of timers) clearInterval(timer)
        await Promise.all([...groups.values()].flatMap((group) => group.members.map((member) => group.remove(member))))
        await committer.flush().catch(warn('committing consumer offsets failed; the last records are redelivered'))
        committer.stop()
        // The last connection to close folds the WAL into the file.
        reader.close()
        await writer.close()
      })()
      return closing
    },
  }
}

/** Lets pruning give space back to the disk. A log that was written by an older version is written anew for it, once. */
function shrinkable(file: string): void {
  const INCREMENTAL = 2
  const db = openSqlite(file)
  try {
    if (db.prepare('PRAGMA auto_vacuum').get()!['auto_vacuum'] !== INCREMENTAL)
      db.exec(`PRAGMA auto_vacuum = ${INCREMENTAL}; VACUUM`)
  } finally {
    db.close()
  }
}

type Part = { topic: TopicRow; append: Append }

/** The records by partition, in order. */
function split(records: readonly EventRecord[], topicOf: (name: string) => TopicRow): Part[] {
  const parts = new Map<string, Part>()
  for (const record of records) {
    const { key } = record
    const topic = topicOf(record.topic)
    const partition = partitionOf(key, topic.ends.length)
    const id = `${topic.id}/${partition}`
    let part = parts.get(id)
    if (!part) parts.set(id, (part = { topic, append: { topicId: topic.id, partition, records: [], redactions: [] } }))
    const { value, headers } = jsonOf(record)
    const redaction = redactionIn(headers)
    if (redaction) part.append.redactions.push([part.append.records.length, redaction])
    part.append.records.push([key, value, headers])
  }
  return [...parts.values()]
}

function attempt(run: () => void, failed: (error: unknown) => void): void {
  try {
    run()
  } catch (error) {
    failed(error)
  }
}
