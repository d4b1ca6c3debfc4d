import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isoTime } from './clock.ts'

test('a time is written as Date writes it', () => {
  const times = fc.oneof(
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.integer({ min: 1.6e12, max: 2.2e12 }),
    fc.constantFrom(0, -1, 86_399_999, 86_400_000, 951_782_400_000, 253_402_300_799_999, 8.64e15, -8.64e15, 1.5, -0.5),
  )
  fc.assert(
    fc.property(times, (ms) => {
      assert.equal(isoTime(ms), new Date(ms).toISOString())
    }),
    { numRuns: 2_000 },
  )
  assert.throws(() => isoTime(Number.NaN), RangeError)
})
