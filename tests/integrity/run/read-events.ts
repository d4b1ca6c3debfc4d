import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventFact, LetterFact } from '../history/types.ts'

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
        `SELECT record_offset AS "offset", record_key AS "key", value, headers FROM records
         WHERE topic_id = ? AND partition_no = ? AND record_offset >= ? ORDER BY record_offset`,
      )
      return partitions.flatMap(({ name: topic, id: topicId, partition }) => {
        const place = `${topic}/${partition}`
        const rows = read.all(topicId, partition, positions.get(place) ?? 0) as {
          offset: number
          key: string
          value: string
          headers: string
        }[]
        if (rows.length > 0) positions.set(place, rows.at(-1)!.offset + 1)
        return rows.map(({ offset, key, value, headers }): EventFact => {
          const letter = letterIn(JSON.parse(headers) as Record<string, string>)
          return { topic, key, partition, offset, ...eventIn(JSON.parse(value)), ...letter }
        })
      })
    } finally {
      db.close()
    }
  }
}

/** Of what a record says, whoever wrote it: it need not be an event. */
export function eventIn(value: unknown): Pick<EventFact, 'id' | 'type' | 'fields'> {
  const { event_id, event_type, ...fields } = { ...(value as Record<string, unknown> | null) }
  return { id: event_id as string, type: event_type as string, fields }
}

/** Of a dead letter: who gave up what (docs/events.md). */
export function letterIn(headers: Readonly<Record<string, string>>): { letter?: LetterFact } {
  const [group, topic] = [headers['dlq-group'], headers['dlq-topic']]
  if (group === undefined || topic === undefined) return {}
  return {
    letter: { group, topic, partition: Number(headers['dlq-partition']), offset: Number(headers['dlq-offset']) },
  }
}
