import type { StoredRecord } from '../ports.ts'
import { valueOf } from '../readable.ts'
import type { Driver } from './driver.ts'

const CONTROL = 0x20
const LOG_APPEND_TIME = 0x08

export type Decoded = Readonly<{
  records: readonly StoredRecord[]
  /** Of each record: of the leader that took it. */
  epochs: readonly number[]
  /** The offset that follows them: markers of transactions take up offsets too. */
  next: number
  /** Of the leader that took the last of what was answered; undefined when it was nothing. */
  epoch: number | undefined
}>

/** What one partition answered, from `from` on. */
export function decode(
  topic: string,
  partition: number,
  batches: readonly Driver.RecordsBatch[],
  from: number,
): Decoded {
  const records: StoredRecord[] = []
  const epochs: number[] = []
  let next = from
  for (const batch of batches) {
    const first = Number(batch.firstOffset)
    next = Math.max(next, first + batch.lastOffsetDelta + 1)
    if (batch.attributes & CONTROL) continue
    for (const record of batch.records) {
      const offset = first + record.offsetDelta
      // A batch comes whole, also when only its end was asked for.
      if (offset < from) continue
      const made = Number(batch.firstTimestamp + record.timestampDelta)
      const stored_at = batch.attributes & LOG_APPEND_TIME ? Number(batch.maxTimestamp) : made
      epochs.push(batch.partitionLeaderEpoch)
      records.push({
        topic,
        partition,
        offset,
        key: text(record.key),
        value: valueOf(text(record.value), stored_at),
        headers: Object.fromEntries(record.headers.map(([name, value]) => [text(name), text(value)])),
        stored_at,
      })
    }
  }
  return { records, epochs, next, epoch: batches.at(-1)?.partitionLeaderEpoch }
}

const text = (bytes: Buffer | null): string => bytes?.toString('utf8') ?? ''
