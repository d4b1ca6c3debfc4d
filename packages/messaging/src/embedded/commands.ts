import type { DatabaseSync } from 'node:sqlite'
import type { WriterProgram } from '@bigtech/sql'
import type { TopicConfig } from '../ports.ts'
import type { FoundRedaction } from '../redaction.ts'
import { createRedactor } from './redactor.ts'

/** One partition's share of a publish: its records as [key, value JSON, headers JSON], in order. */
export type Append = {
  topicId: number
  partition: number
  records: [key: string, value: string, headers: string][]
  /** By index of the record that takes something back; most appends have none. */
  redactions: [index: number, redaction: FoundRedaction][]
}
export type GroupPosition = { topicId: number; partition: number; offset: number }
export type Commit = GroupPosition & { group: string }

/** Bounds the time the writer thread spends on one prune command while publishers wait. */
const PRUNE_STEP = 5_000
/** Of 4 KiB: what a step may free of one partition. */
const FREED_PAGES = 5_000

/** The write side of the event log; runs in the writer thread (see packages/sql createWriter). */
function createCommands(db: DatabaseSync) {
  const upsertTopic = db.prepare(
    `INSERT INTO topics (name, retention_ms) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET retention_ms = excluded.retention_ms RETURNING id`,
  )
  const addPartition = db.prepare('INSERT OR IGNORE INTO partitions (topic_id, partition_no) VALUES (?, ?)')
  const advance = db.prepare(
    'UPDATE partitions SET next_offset = next_offset + ? WHERE topic_id = ? AND partition_no = ? RETURNING next_offset',
  )
  const insert = db.prepare(
    `INSERT INTO records (topic_id, partition_no, record_offset, record_key, value, headers, stored_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const join = db.prepare(
    `INSERT OR IGNORE INTO group_offsets (group_name, topic_id, partition_no, committed_offset)
     SELECT :group, topic_id, partition_no, iif(:latest, next_offset, start_offset) FROM partitions WHERE topic_id = :topic`,
  )
  const positions = db.prepare(
    `SELECT topic_id AS topicId, partition_no AS partition, committed_offset AS offset FROM group_offsets
     WHERE group_name = ? AND topic_id = ?`,
  )
  const commit = db.prepare(
    'UPDATE group_offsets SET committed_offset = ? WHERE group_name = ? AND topic_id = ? AND partition_no = ?',
  )
  const retained = db.prepare(
    `SELECT topic_id AS topicId, partition_no AS partition, start_offset AS start, next_offset AS next,
       retention_ms AS retentionMs FROM partitions JOIN topics ON id = topic_id WHERE next_offset > start_offset`,
  )
  const firstKept = db.prepare(
    `SELECT record_offset AS offset FROM records WHERE topic_id = ? AND partition_no = ? AND record_offset < ?
     AND stored_at >= ? ORDER BY record_offset LIMIT 1`,
  )
  const remove = db.prepare('DELETE FROM records WHERE topic_id = ? AND partition_no = ? AND record_offset < ?')
  const setStart = db.prepare('UPDATE partitions SET start_offset = ? WHERE topic_id = ? AND partition_no = ?')

  const redact = createRedactor(db)

  return {
    ensureTopics(topics: readonly TopicConfig[]): void {
      for (const topic of topics) {
        const { id } = upsertTopic.get(topic.name, topic.retentionMs) as { id: number }
        for (let partition = 0; partition < topic.partitions; partition++) addPartition.run(id, partition)
      }
    },

    /** Returns the new end offset of each part. */
    append({ storedAt, parts }: { storedAt: number; parts: Append[] }): number[] {
      return parts.map(({ topicId, partition, records, redactions }) => {
        const taken = new Map(redactions)
        const { next_offset: end } = advance.get(records.length, topicId, partition) as { next_offset: number }
        let offset = end - records.length
        for (const [index, [key, value, headers]] of records.entries()) {
          const redaction = taken.get(index)
          if (redaction) redact({ topicId, partition }, key, redaction)
          insert.run(topicId, partition, offset++, key, value, headers, storedAt)
        }
        return end
      })
    },

    /** Gives a new group its first offsets, durably, so that 'latest' does not move with a restart. */
    join(args: { group: string; topicIds: number[]; latest: boolean }): GroupPosition[] {
      return args.topicIds.flatMap((topicId) => {
        join.run({ group: args.group, topic: topicId, latest: Number(args.latest) })
        return positions.all(args.group, topicId) as GroupPosition[]
      })
    },

    commit(commits: Commit[]): void {
      for (const { group, topicId, partition, offset } of commits) commit.run(offset, group, topicId, partition)
    },

    /** One bounded step of every partition; call again while `more`. Only a prefix is removed, so no hole can appear. */
    prune(now: number): { removed: number; more: boolean } {
      let removed = 0
      let more = false
      for (const row of retained.all()) {
        const { topicId, partition, start, next, retentionMs } = row as Record<string, number> as Retained
        const limit = Math.min(next, start + PRUNE_STEP)
        const kept = firstKept.get(topicId, partition, limit, now - retentionMs) as { offset: number } | undefined
        const upTo = kept?.offset ?? limit
        if (upTo === start) continue
        removed += Number(remove.run(topicId, partition, upTo).changes)
        setStart.run(upTo, topicId, partition)
        more ||= upTo === limit && limit < next
      }
      // As much as was freed about now: more would make this step long.
      if (removed > 0) db.prepare(`PRAGMA incremental_vacuum(${FREED_PAGES})`).all()
      return { removed, more }
    },
  }
}

type Retained = { topicId: number; partition: number; start: number; next: number; retentionMs: number }
export type EventLogCommands = ReturnType<typeof createCommands>

export const createProgram = (db: DatabaseSync): WriterProgram<EventLogCommands> => ({ commands: createCommands(db) })
