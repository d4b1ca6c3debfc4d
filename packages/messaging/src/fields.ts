import { MalformedEvent } from '@bigtech/kernel'
import type { StoredRecord } from './ports.ts'

/**
 * Fields of an event as its consumer needs them. Consumers tolerate unknown fields; one that is missing or of another type is a
 * MalformedEvent, which leaves the record to the dead-letter queue.
 */
export function integerField(record: StoredRecord, field: string): number {
  const value = record.value[field]
  if (!Number.isSafeInteger(value)) throw new MalformedEvent(`${record.value.event_type}.${field} must be an integer`)
  return value as number
}

export function textField(record: StoredRecord, field: string): string {
  const value = record.value[field]
  if (typeof value !== 'string') throw new MalformedEvent(`${record.value.event_type}.${field} must be a string`)
  return value
}

/** A missing field counts as null. */
export const optionalTextField = (record: StoredRecord, field: string): string | null =>
  (record.value[field] ?? null) === null ? null : textField(record, field)
