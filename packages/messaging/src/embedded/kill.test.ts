import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { assertContiguous, collector, event, numberOf, readAll, tempDir } from '../testing.ts'
import { createEmbeddedBus } from './embedded-bus.ts'

const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url))

/** Lets the child publish, kills it with SIGKILL after `acks` acknowledgements, and returns the acknowledged numbers. */
async function publishUntilKilled(file: string, acks: number): Promise<number[]> {
  const process_ = spawn(process.execPath, [child, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: process_.stdout })) {
    acknowledged.push(Number(line))
    if (acknowledged.length === acks) process_.kill('SIGKILL')
  }
  if (process_.exitCode === null && process_.signalCode === null) await once(process_, 'exit')
  assert.equal(process_.signalCode, 'SIGKILL')
  return acknowledged
}

for (const round of [1, 2, 3])
  test(`kill -9 at a random moment loses nothing acknowledged (${round})`, async (t) => {
    const file = join(tempDir(t), 'events.db')
    const acknowledged = await publishUntilKilled(file, 50 + Math.floor(Math.random() * 3_000))
    const bus = await createEmbeddedBus({ file })
    t.after(() => bus.close())

    const stored = await readAll(bus, 'numbers')
    for (const records of stored) assertContiguous(records)
    const numbers = new Set(stored.flat().map(numberOf))
    assert.deepEqual(
      acknowledged.filter((n) => !numbers.has(n)),
      [],
    )
    assert.equal(numbers.size, stored.flat().length, 'no record is stored twice')
    for (const { committed_offset, end_offset } of await bus.admin.lag()) assert.ok(committed_offset <= end_offset)

    // The group goes on where it had committed, and the log takes new records.
    const behind = (await bus.admin.lag()).reduce((sum, { lag }) => sum + lag, 0)
    const rest = collector()
    await bus.subscribe({ group: 'child', topics: ['numbers'], handler: rest.handler })
    await bus.publish([event('numbers', '0', -1)])
    await rest.until(behind + 1)
    assert.ok(rest.numbers().includes(-1))
  })
