import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventFact } from '../history/types.ts'

type Value = { event_id: string; event_type: string } & Record<string, unknown>

/**
 * Reads the event log on from where it last stopped, in its file: what operators are shown has no texts. Texts that were edited or deleted
 * meanwhile are empty in it. One reader for the whole run.
 */
export function createEventReader(dataDir: string): () => EventFact[] {
  const positions = new Map<string, number>()
  return () => {
    const db = new DatabaseSync(join(dataDir, 'events.db'), { readOnly: true, timeout: 10_000 })
    try {
      const partitions = db
        .prepare(
          'SELECT name, id, partition_no AS "partition" FROM topics JOIN partitions ON topic_id = id ORDER BY name, partition_no',
        )
        .all() as { name: string; id: number; partition: number }[]
      const read = db.prepare(
        `SELECT record_offset AS "offset", record_key AS "key", value FROM records
         WHERE topic_id = ? AND partition_no = ? AND record_offset >= ? ORDER BY record_offset`,
      )
      return partitions.flatMap(({ name: topic, id: topicId, partition }) => {
        const place = `${topic}/${partition}`
        const rows = read.all(topicId, partition, positions.get(place) ?? 0) as {
          offset: number
          key: string
          value: string
        }[]
        if (rows.length > 0) positions.set(place, rows.at(-1)!.offset + 1)
        return rows.map(({ offset, key, value }): EventFact => {
          const { event_id: id, event_type: type, ...fields } = JSON.parse(value) as Value
          return { topic, key, partition, offset, id, type, fields }
        })
      })
    } finally {
      db.close()
    }
  }
}
