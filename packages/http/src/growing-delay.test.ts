import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestClock } from '@bigtech/testkit'
import { createGrowingDelay } from './growing-delay.ts'

const start = () => {
  const clock = createTestClock()
  const delay = createGrowingDelay({ free: 3, firstS: 1, maxS: 8, forgetS: 3_600, now: () => clock.now() })
  return { clock, delay }
}

test('after the free attempts the wait doubles up to its limit, each key for itself', () => {
  const { clock, delay } = start()
  const waits: number[] = []
  for (let i = 0; i < 8; i++) {
    assert.equal(delay.attempt('a'), 0)
    // What is refused tells how long, and changes nothing.
    const [first, second] = i < 2 ? [0, 0] : [delay.attempt('a'), delay.attempt('a')]
    assert.equal(first, second)
    waits.push(first)
    clock.advance(first * 1_000)
  }
  assert.deepEqual(waits, [0, 0, 1, 2, 4, 8, 8, 8])
  assert.equal(delay.attempt('b'), 0)
})

test('a key is new after a quiet time, when it is forgotten, and an attempt taken back was none', () => {
  const { clock, delay } = start()
  for (let i = 0; i < 3; i++) delay.attempt('a')
  assert.equal(delay.attempt('a'), 1)
  delay.giveBack('a')
  assert.equal(delay.attempt('a'), 0)
  assert.equal(delay.attempt('a'), 1)
  delay.forget('a')
  for (let i = 0; i < 3; i++) assert.equal(delay.attempt('a'), 0)
  clock.advance(3_600_001)
  for (let i = 0; i < 3; i++) assert.equal(delay.attempt('a'), 0)
  assert.equal(delay.attempt('a'), 1)
})
