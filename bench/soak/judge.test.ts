import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FLAT, trendsOf, type Row } from './judge.ts'

const rows = (valueAt: (minute: number) => number): Row[] =>
  Array.from({ length: 120 }, (_, minute) => ({ minute, rss_mib: valueAt(minute) }))
const growthOf = (valueAt: (minute: number) => number) => trendsOf(rows(valueAt), ['rss_mib'])[0]!.growth

test('what fills its caches and then stays is flat, whatever the peaks', () => {
  assert.ok(Math.abs(growthOf((minute) => Math.min(300, 100 + 20 * minute) + (minute % 17 === 0 ? 200 : 0))) < 0.01)
})

test('a leak is none', () => {
  assert.ok(growthOf((minute) => 200 + minute) > FLAT, 'a MiB a minute')
  assert.ok(growthOf((minute) => (minute < 100 ? 200 : 400)) > FLAT, 'what grows at the end')
  assert.equal(
    growthOf((minute) => (minute < 60 ? 0 : 1)),
    Infinity,
  )
  assert.equal(
    growthOf(() => 0),
    0,
  )
})

test('a short one tells nothing', () => {
  assert.throws(() => trendsOf(rows(() => 1).slice(0, 7), ['rss_mib']), RangeError)
})
