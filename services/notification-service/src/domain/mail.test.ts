import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { nextDigestAt } from './mail.ts'

const HOUR_MS = 3_600_000

it('a digest comes at 8 in the morning where its person is', () => {
  const noon = Date.UTC(2026, 0, 5, 12)
  assert.equal(nextDigestAt(noon, 'Asia/Seoul'), Date.UTC(2026, 0, 5, 23))
  assert.equal(nextDigestAt(noon, 'Asia/Kathmandu'), Date.UTC(2026, 0, 6, 2, 15))
  assert.equal(
    nextDigestAt(Date.UTC(2026, 0, 5, 22, 30), 'Asia/Seoul'),
    Date.UTC(2026, 0, 6, 23),
    'not in half an hour',
  )
})

it('at most one a day, and one every day, also where clocks are put forward and back', () => {
  const zone = fc.constantFrom('Asia/Seoul', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC')
  const time = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) })
  fc.assert(
    fc.property(time, zone, (at, timeZone) => {
      const first = nextDigestAt(at, timeZone)
      const second = nextDigestAt(first, timeZone)
      assert.ok(first > at && first - at <= 27 * HOUR_MS, 'the first within a day and its hour')
      assert.ok(second - first >= 23 * HOUR_MS && second - first <= 25 * HOUR_MS)
    }),
  )
})
