import { isoTime } from '@bigtech/kernel'
import type { EventValue } from './ports.ts'

/** What is not a JSON object, whoever wrote it: no handler has this type, so consumers pass over it, and operators see it. */
export const UNREADABLE_TYPE = 'Unreadable'

/** The value of a record as it is stored. */
export function valueOf(json: string, storedAt: number): EventValue {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as EventValue
  } catch {
    // It is told below what it is instead.
  }
  return { event_id: '', event_type: UNREADABLE_TYPE, timestamp: isoTime(storedAt) }
}
