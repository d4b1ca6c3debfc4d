import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trendsOf, type Row } from './judge.ts'

const LIMIT = { share: 0.1, perHour: 30 }
const rows = (valueAt: (minute: number) => number): Row[] =>
  Array.from({ length: 120 }, (_, minute) => ({ minute, value: valueAt(minute) }))
const isFlat = (valueAt: (minute: number) => number) => trendsOf(rows(valueAt), { value: LIMIT })[0]!.isFlat

test('what fills its caches and then stays is flat, whatever the peaks', () => {
  assert.ok(isFlat((minute) => Math.min(300, 100 + 20 * minute) + (minute % 17 === 0 ? 200 : 0)))
  assert.ok(isFlat(() => 0))
  assert.ok(isFlat((minute) => 400 - minute))
})

test('a leak is not: a large one, a small one in something large, one that begins at the end, one in nothing', () => {
  for (const leak of [
    (minute: number) => 200 + minute,
    (minute: number) => 600 + 0.9 * minute,
    (minute: number) => 1_200 + 2 * minute,
    (minute: number) => 5_000 + 8 * minute,
    (minute: number) => (minute < 106 ? 200 : 2_000),
    (minute: number) => (minute < 60 ? 0 : 1),
    (minute: number) => -100 + 5 * minute,
    (minute: number) => (minute < 60 ? 200 : NaN),
  ])
    assert.equal(isFlat(leak), false, String(leak))
})

test('a short one tells nothing', () => {
  assert.throws(() => trendsOf(rows(() => 1).slice(0, 7), { value: LIMIT }), RangeError)
})
