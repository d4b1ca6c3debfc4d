import { setImmediate as nextTurn } from 'node:timers/promises'
import { backoffDelay, pause } from '../backoff.ts'
import type { Logger } from '../logger.ts'
import type { BatchHandler, StoredRecord } from '../ports.ts'
import type { TopicRow } from './reader.ts'

const READ_BATCH = 100
const REDELIVERY = { baseMs: 100, capMs: 5_000 }

export type Member = {
  topics: ReadonlySet<string>
  handler: BatchHandler
  leaving: AbortController
  running: Set<Promise<void>>
}

type Partition = { topic: TopicRow; partition: number; position: number; busy: boolean }

export type GroupDeps = {
  name: string
  read: (topic: TopicRow, partition: number, offset: number, limit: number) => StoredRecord[]
  handled: (topic: TopicRow, partition: number, next: number) => void
  logger: Logger
}

export type Group = ReturnType<typeof createGroup>

/**
 * One consumer group in this process: a loop per partition hands records in order, as many at once as it takes, to the member
 * that the partition falls to. A record counts as handled only when its handler resolved.
 */
export function createGroup({ name, read, handled, logger }: GroupDeps) {
  const members: Member[] = []
  const partitions = new Map<string, Partition>()

  const memberFor = ({ topic, partition }: Partition): Member | undefined => {
    const candidates = members.filter((member) => member.topics.has(topic.name))
    return candidates[partition % candidates.length]
  }

  const handle = async (member: Member, at: Partition, records: readonly StoredRecord[]): Promise<void> => {
    await member.handler.handle(records)
    at.position = records.at(-1)!.offset + 1
    handled(at.topic, at.partition, at.position)
  }

  /** Delivers the first of them until a handler resolves; answers how many those were, 0 when no member is left. */
  const deliver = async (at: Partition, records: readonly StoredRecord[]): Promise<number> => {
    for (let attempt = 1; ; attempt++) {
      const member = memberFor(at)
      if (!member) return 0
      const batch = records.slice(0, member.handler.most)
      const run = handle(member, at, batch)
      member.running.add(run)
      try {
        await run
        return batch.length
      } catch (error) {
        if (member.leaving.signal.aborted) continue
        const { topic, partition, offset } = batch[0]!
        const where = { group: name, topic, partition, offset, records: batch.length }
        logger.warn({ ...where, attempt, err: error }, 'an event handler failed; what it had is redelivered')
        await pause(backoffDelay(attempt, REDELIVERY), member.leaving.signal)
      } finally {
        member.running.delete(run)
      }
    }
  }

  const drain = async (at: Partition): Promise<void> => {
    try {
      while (at.position < (at.topic.ends[at.partition] ?? 0) && memberFor(at)) {
        const records = read(at.topic, at.partition, at.position, READ_BATCH)
        if (records.length === 0) at.position = at.topic.ends[at.partition]! // all pruned
        for (let done = 0; done < records.length;) {
          const delivered = await deliver(at, records.slice(done))
          if (delivered === 0) return
          done += delivered
        }
        await nextTurn()
      }
    } finally {
      at.busy = false // in the same turn as the check above: a wake-up in between would be lost
    }
  }

  const wakePartition = (at: Partition): void => {
    if (at.busy) return
    at.busy = true
    drain(at).catch((error: unknown) =>
      logger.error({ group: name, topic: at.topic.name, err: error }, 'reading the event log failed'),
    )
  }
  const idOf = (topicId: number, partition: number) => `${topicId}/${partition}`

  return {
    members: members as readonly Member[],
    add: (member: Member) => void members.push(member),
    /** Where to start on a partition that the group does not follow yet. */
    follow(topic: TopicRow, partition: number, position: number): void {
      const id = idOf(topic.id, partition)
      if (!partitions.has(id)) partitions.set(id, { topic, partition, position, busy: false })
    },
    wake(topicId: number, partition: number): void {
      const at = partitions.get(idOf(topicId, partition))
      if (at) wakePartition(at)
    },
    /** Also the safety net: a partition whose loop stopped on a read error is tried again. */
    wakeAll: () => partitions.forEach(wakePartition),
    /** Resolves when the member's running handlers have ended; its partitions go to the others. */
    async remove(member: Member): Promise<void> {
      const index = members.indexOf(member)
      if (index >= 0) members.splice(index, 1)
      member.leaving.abort()
      await Promise.allSettled(member.running)
    },
  }
}
