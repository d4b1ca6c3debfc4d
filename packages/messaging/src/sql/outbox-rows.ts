import type { Selectable } from 'kysely'
import { EncodedRecord, jsonOf } from '../encoded-record.ts'
import type { EventRecord, OutboxRow } from '../ports.ts'
import type { OutboxTables } from './tables.ts'
import { TOLD_AGAIN } from '../told-again.ts'

/** Values of the column `parked`. */
export const STATE = {
  pending: 0,
  parked: 1,
  /** Published, and kept for a time in case the bus loses it. */
  told: 2,
  /** Published, and to be published once more. */
  again: 3,
} as const

/** Between records and rows of the outbox; without a driver, so that writer threads stay small. */
export const toInsert = (record: EventRecord, now: number) => ({
  topic: record.topic,
  record_key: record.key,
  ...jsonOf(record),
  last_error: null,
  created_at: now,
})

export const toOutboxRow = (row: Selectable<OutboxTables['outbox']>): OutboxRow => {
  const isAgain = row.parked === STATE.again
  return {
    id: `${row.id}${isAgain ? AGAIN : ''}`,
    attempts: row.attempts,
    created_at: Number(row.created_at),
    record: new EncodedRecord(row.topic, row.record_key, {
      value: row.value,
      headers: isAgain ? withToldAgain(row.headers) : row.headers,
    }),
  }
}

const withToldAgain = (headers: string): string =>
  JSON.stringify({ ...(JSON.parse(headers) as object), [TOLD_AGAIN]: 'true' })

/** After the id of a row that was claimed to be told once more: what is claimed as new is still to be told again afterwards. */
const AGAIN = '+'

/** What are ids of rows; others were never given by this outbox. */
export const toRowIds = (ids: readonly string[]): number[] =>
  ids.map((id) => Number(isAgain(id) ? id.slice(0, -1) : id)).filter((id) => Number.isSafeInteger(id) && id > 0)

export const isAgain = (id: string): boolean => id.endsWith(AGAIN)
