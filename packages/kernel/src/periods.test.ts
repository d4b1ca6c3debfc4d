import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTimeZone, timeOfDay } from './periods.ts'

test('the names of time zones are known', () => {
  assert.deepEqual(['Asia/Seoul', 'UTC', 'Seoul/Asia', ''].map(isTimeZone), [true, true, false, false])
})

test('the clock on the wall has two digits, and is put on in spring', () => {
  assert.equal(timeOfDay(Date.parse('2026-03-01T07:05:59.999+09:00'), 'Asia/Seoul'), '07:05')
  assert.equal(timeOfDay(Date.parse('2026-03-01T00:00:00+09:00'), 'Asia/Seoul'), '00:00')
  const spring = Date.parse('2026-03-29T02:00:00+01:00')
  assert.deepEqual([timeOfDay(spring - 1, 'Europe/Berlin'), timeOfDay(spring, 'Europe/Berlin')], ['01:59', '03:00'])
})
