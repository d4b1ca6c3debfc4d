import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTestClock } from '@bigtech/testkit'
import type { Batch } from '../../ports.ts'
import { createIngest } from './ingest-events.ts'

const HOUR_MS = 3_600_000

/** Of a topic that statistics take nothing from but its place. */
const record = (offset: number) =>
  ({ topic: 'user.events', partition: 0, offset, value: { event_type: 'Unknown', event_id: `e${offset}` } }) as never

describe('events that are collected', () => {
  const start = () => {
    const written: Batch[] = []
    const store = { write: async (batch: Batch) => void written.push(batch) }
    const ingest = createIngest({ store, clock: createTestClock(), collectMs: HOUR_MS })
    const places = () => written.map(({ positions }) => positions.map(({ offset }) => offset))
    return { ingest, places }
  }

  it('are written together at the end, and nothing that comes then waits', { timeout: 5_000 }, async () => {
    const { ingest, places } = start()
    const collected = [ingest.take([record(0)]), ingest.take([record(1)])]
    assert.deepEqual(places(), [])
    ingest.hurry()
    await Promise.all(collected)
    assert.deepEqual(places(), [[1, 2]])
    await ingest.take([record(2)])
    assert.deepEqual(places(), [[1, 2], [3]])
  })
})
