import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createGate } from './gate.ts'

test('a few pass in each turn of the loop, all in the order they came', async () => {
  const gate = createGate(3)
  const passed: number[] = []
  const all = Array.from({ length: 10 }, async (_, n) => {
    await gate()
    passed.push(n)
  })
  const counts: number[] = []
  for (let i = 0; i < 5; i++) {
    await Promise.resolve()
    counts.push(passed.length)
    await turn()
  }
  await Promise.all(all)
  assert.deepEqual(passed, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  assert.equal(counts[0], 3)
  counts.reduce((before, count) => (assert.ok(count - before <= 3, String(counts)), count))
  // Nobody waits once it is quiet again.
  await turn()
  await turn()
  let free = false
  void gate().then(() => (free = true))
  await Promise.resolve()
  assert.ok(free)
})
