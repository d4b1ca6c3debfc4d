import type { Selectable } from 'kysely'
import { EncodedRecord, jsonOf } from '../encoded-record.ts'
import type { EventRecord, OutboxRow } from '../ports.ts'
import type { OutboxTables } from './tables.ts'

/** Between records and rows of the outbox; without a driver, so that writer threads stay small. */
export const toInsert = (record: EventRecord, now: number) => ({
  topic: record.topic,
  record_key: record.key,
  ...jsonOf(record),
  last_error: null,
  created_at: now,
})

export const toOutboxRow = (row: Selectable<OutboxTables['outbox']>): OutboxRow => ({
  id: String(row.id),
  attempts: row.attempts,
  created_at: Number(row.created_at),
  record: new EncodedRecord(row.topic, row.record_key, { value: row.value, headers: row.headers }),
})

/** What are ids of rows; others were never given by this outbox. */
export const toRowIds = (ids: readonly string[]): number[] =>
  ids.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0)
