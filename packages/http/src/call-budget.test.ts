import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestClock } from '@bigtech/testkit'
import { callOf, createCallBudget } from './call-budget.ts'

test('each user has their calls a minute, and says how many are too many', () => {
  const clock = createTestClock()
  const calls = createCallBudget(3, () => clock.now())
  assert.deepEqual([calls.take(1), calls.take(1), calls.take(1), calls.take(1), calls.take(1)], [2, 1, 0, -1, -2])
  assert.equal(calls.take(2), 2)
  clock.advance(59_000)
  assert.equal(calls.take(1), -3)
  assert.equal(calls.resetS(1), 1)
  clock.advance(1_000)
  assert.equal(calls.take(1), 2)
  assert.deepEqual(callOf(calls, 1), { limit: 3, remaining: 1, resetS: 60, allowed: true })
  for (let i = 0; i < 3; i++) calls.take(1)
  assert.deepEqual(callOf(calls, 1), { limit: 3, remaining: 0, resetS: 60, allowed: false })
})
