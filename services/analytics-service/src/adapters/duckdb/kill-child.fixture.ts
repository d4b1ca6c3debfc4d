import { stdout } from 'node:process'
import { killedEvents } from '../events.fixture.ts'
import { batchOf } from '../fact-store.contract.ts'
import { createDuckdbFactStore } from './fact-store.ts'

/** The victim of kill.test.ts: writes batch after batch, now and then sealing days, and prints the offset of each that is durable. */
const store = createDuckdbFactStore({ file: process.argv[2]! })
const SIZE = 20
for (let offset = 0; ; offset += SIZE) {
  const values = killedEvents(offset, SIZE)
  await store.write(batchOf(values, [{ topic: 'message.events', partition: 0, offset: offset + SIZE }]))
  stdout.write(`${offset + SIZE}\n`)
  if (offset % (SIZE * 10) === 0) await store.seal({ now: Date.parse('2026-02-01T00:00:00Z'), limit: 3 })
}
