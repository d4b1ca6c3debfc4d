import { mapSqliteError, openSqlite } from '@bigtech/sql'
import type { GroupLag, StoredRecord, TopicState } from '../ports.ts'
import { valueOf } from '../readable.ts'

export type TopicRow = { id: number; name: string; ends: number[] }

type PartitionRow = {
  id: number
  name: string
  retention_ms: number
  partition: number
  start_offset: number
  end_offset: number
}
type RecordRow = { offset: number; record_key: string; value: string; headers: string; stored_at: number }

/** The read side of the event log: a read-only connection on the calling thread; every call is one bounded statement. */
export function createReader(file: string) {
  const db = openSqlite(file, { readOnly: true })
  const partitions = db.prepare(
    `SELECT id, name, retention_ms, partition_no AS partition, start_offset, next_offset AS end_offset
     FROM topics JOIN partitions ON topic_id = id ORDER BY name, partition_no`,
  )
  const records = db.prepare(
    `SELECT record_offset AS offset, record_key, value, headers, stored_at FROM records
     WHERE topic_id = ? AND partition_no = ? AND record_offset >= ? ORDER BY record_offset LIMIT ?`,
  )
  const lag = db.prepare(
    `SELECT group_name AS "group", name AS topic, partition_no AS partition, committed_offset,
       next_offset AS end_offset, next_offset - max(committed_offset, start_offset) AS lag
     FROM group_offsets JOIN partitions USING (topic_id, partition_no) JOIN topics ON id = topic_id
     ORDER BY group_name, name, partition_no`,
  )
  const guard = <T>(run: () => T): T => {
    try {
      return run()
    } catch (error) {
      throw mapSqliteError(error)
    }
  }
  const partitionRows = () => guard(() => partitions.all()) as PartitionRow[]

  return {
    topicRows(): TopicRow[] {
      const topics = new Map<number, TopicRow>()
      for (const { id, name, end_offset } of partitionRows()) {
        const topic = topics.get(id)
        if (topic) topic.ends.push(end_offset)
        else topics.set(id, { id, name, ends: [end_offset] })
      }
      return [...topics.values()]
    },
    topicStates(): TopicState[] {
      const groups = Map.groupBy(partitionRows(), (row) => row.name)
      return [...groups].map(([name, rows]) => ({
        name,
        retention_ms: rows[0]!.retention_ms,
        partitions: rows.map(({ partition, start_offset, end_offset }) => ({ partition, start_offset, end_offset })),
      }))
    },
    lag: () => guard(() => lag.all()) as unknown as GroupLag[],
    records(topic: { id: number; name: string }, partition: number, offset: number, limit: number): StoredRecord[] {
      const rows = guard(() => records.all(topic.id, partition, offset, limit)) as RecordRow[]
      return rows.map((row) => ({
        topic: topic.name,
        partition,
        offset: row.offset,
        key: row.record_key,
        value: valueOf(row.value, row.stored_at),
        headers: JSON.parse(row.headers) as Record<string, string>,
        stored_at: row.stored_at,
      }))
    },
    close: () => db.close(),
  }
}

export type Reader = ReturnType<typeof createReader>
