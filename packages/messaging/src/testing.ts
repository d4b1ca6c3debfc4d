import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { isoTime, newId } from '@bigtech/kernel'
import type { EventBus, EventHandler, EventRecord, GroupLag, StoredRecord } from './ports.ts'
import { TOLD_AGAIN } from './told-again.ts'

/** Helpers for this package's tests and for the contract suites. */

/** What the helpers need of a test: its end. */
export type Scope = Pick<TestContext, 'after'>

export function tempDir(t: Scope): string {
  const dir = mkdtempSync(join(tmpdir(), 'bigtech-messaging-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

let names = 0
/** A name no other test uses, so that suites can share a server. */
export const unique = (prefix: string): string => `${prefix}-${process.pid}-${Date.now().toString(36)}-${names++}`

export function event(topic: string, key: string, n = 0, event_type = 'Counted'): EventRecord {
  const event_id = newId()
  return {
    topic,
    key,
    value: { event_id, event_type, timestamp: isoTime(Date.now()), n },
    headers: { ce_id: event_id, ce_type: event_type, 'content-type': 'application/json' },
  }
}

/** Groups that have not handled all that was published, by partition. */
export const behind = async (bus: Pick<EventBus, 'admin'>): Promise<GroupLag[]> =>
  (await bus.admin.lag()).filter(({ lag }) => lag > 0)

/** As `tellAgain` of an outbox has it published. */
export const toldAgain = (record: EventRecord): EventRecord => ({
  ...record,
  headers: { ...record.headers, [TOLD_AGAIN]: 'true' },
})

export const numberOf = (record: EventRecord): number => Number(record.value['n'])

/** Collects records; `until(n)` resolves with the first n, or rejects after `timeoutMs`. */
export function collector(handle: EventHandler = async () => {}) {
  const records: StoredRecord[] = []
  const waiting = new Set<() => void>()
  return {
    records,
    numbers: () => records.map(numberOf),
    handler: async (record: StoredRecord): Promise<void> => {
      await handle(record)
      records.push(record)
      for (const check of waiting) check()
    },
    until(count: number, timeoutMs = 20_000): Promise<StoredRecord[]> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`only ${records.length} of ${count} records came within ${timeoutMs} ms`))
        }, timeoutMs)
        const check = () => {
          if (records.length < count) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve(records.slice(0, count))
        }
        waiting.add(check)
        check()
      })
    },
  }
}

/** A promise and its `resolve`, for handlers that must wait for the test. */
export const gate = (): PromiseWithResolvers<void> => Promise.withResolvers<void>()

/** The whole of a topic, by partition. */
export async function readAll(bus: EventBus, topic: string): Promise<StoredRecord[][]> {
  const state = (await bus.admin.topics()).find(({ name }) => name === topic)
  return Promise.all(
    (state?.partitions ?? []).map(({ partition, start_offset, end_offset }) =>
      bus.admin.read({ topic, partition, offset: start_offset, limit: end_offset - start_offset }),
    ),
  )
}

/** Throws unless the offsets are `from`, `from + 1`, … without a gap or a repeat. */
export function assertContiguous(records: readonly StoredRecord[], from = 0): void {
  records.forEach((record, index) => {
    if (record.offset !== from + index)
      throw new Error(`partition ${record.partition}: offset ${record.offset} where ${from + index} was expected`)
  })
}
