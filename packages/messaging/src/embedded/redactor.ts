import type { DatabaseSync } from 'node:sqlite'
import type { FoundRedaction } from '../redaction.ts'

/** Records are stored a moment after they were made, and clocks are set back: so much earlier the search begins, ms. */
const SLACK_MS = 60_000

/** A relay that was killed publishes its last batch again: copies of an event are not further apart, in records. */
const REPEATED_WITHIN = 5_000

type Place = { topicId: number; partition: number }

/** Clears what later events took back, in the writer's transaction. */
export function createRedactor(db: DatabaseSync) {
  const partition = db.prepare(
    'SELECT start_offset AS start, next_offset AS next FROM partitions WHERE topic_id = ? AND partition_no = ?',
  )
  const storedAt = db.prepare(
    'SELECT stored_at FROM records WHERE topic_id = ? AND partition_no = ? AND record_offset >= ? ORDER BY record_offset LIMIT 1',
  )
  // The key first: of most records nothing else is looked at.
  const meant = `topic_id = ?1 AND partition_no = ?2 AND record_offset >= ?3 AND record_key = ?4
    AND value ->> ('$.' || ?5) = ?6 AND ifnull(value ->> ('$.' || ?7), '') <> '' AND ifnull(value ->> '$.event_id', '') <> ?8`
  const find = db.prepare(`SELECT record_offset AS offset FROM records WHERE ${meant} ORDER BY record_offset LIMIT 1`)
  const clear = db.prepare(
    `UPDATE records SET value = json_set(value, '$.' || ?7, '') WHERE ${meant} AND record_offset < ?9`,
  )
  const letters = db.prepare(
    `SELECT topic_id AS topicId, partition_no AS "partition" FROM partitions JOIN topics ON topics.id = topic_id
     WHERE name = (SELECT name || '.dlq' FROM topics WHERE id = ?) AND next_offset > start_offset`,
  )

  /** The first offset whose record was stored at or after a time, if the clock was never set back. */
  function firstSince({ topicId, partition: no }: Place, since: number): number {
    const bounds = partition.get(topicId, no) as { start: number; next: number }
    let [low, high] = [bounds.start, bounds.next]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const at = Number(storedAt.get(topicId, no, middle)?.['stored_at'] ?? Infinity)
      if (at < since) low = middle + 1
      else high = middle
    }
    return low
  }

  function clearFrom({ topicId, partition: no }: Place, from: number, key: string, redaction: FoundRedaction): boolean {
    const { field, value, by } = redaction
    let cleared = false
    for (const name of redaction.clear) {
      const found = find.get(topicId, no, from, key, field, value, name, by)
      if (!found) continue
      const first = Number(found['offset'])
      clear.run(topicId, no, first, key, field, value, name, by, first + REPEATED_WITHIN)
      cleared = true
    }
    return cleared
  }

  /** To be called before the event that takes back is stored: its own text stays. */
  return (place: Place, key: string, redaction: FoundRedaction): void => {
    const from = firstSince(place, redaction.since - SLACK_MS)
    // A clock that was set back further has its records elsewhere: then all are looked at.
    if (!clearFrom(place, from, key, redaction) && from > 0) clearFrom(place, 0, key, redaction)
    for (const letter of letters.all(place.topicId)) clearFrom(letter as Place, 0, key, redaction)
  }
}
