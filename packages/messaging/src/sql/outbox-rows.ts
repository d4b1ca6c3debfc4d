import type { Selectable } from 'kysely'
import type { EventRecord, EventValue, OutboxRow } from '../ports.ts'
import type { OutboxTables } from './tables.ts'

/** Between records and rows of the outbox; without a driver, so that writer threads stay small. */
export const toInsert = ({ topic, key, value, headers }: EventRecord, now: number) => ({
  topic,
  record_key: key,
  value: JSON.stringify(value),
  headers: JSON.stringify(headers),
  last_error: null,
  created_at: now,
})

export const toOutboxRow = (row: Selectable<OutboxTables['outbox']>): OutboxRow => ({
  id: Number(row.id),
  attempts: row.attempts,
  created_at: Number(row.created_at),
  record: {
    topic: row.topic,
    key: row.record_key,
    value: JSON.parse(row.value) as EventValue,
    headers: JSON.parse(row.headers) as Record<string, string>,
  },
})
