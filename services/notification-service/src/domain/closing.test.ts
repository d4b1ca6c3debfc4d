import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideClose } from './closing.ts'

const HOUR_MS = 3_600_000
const NOW = 1_000 * HOUR_MS
const PER_DAY = 3
const decide = (of: Parameters<typeof decideClose>[0], toldAt: number, now: number, perDay = PER_DAY) =>
  decideClose(of, { toldAt, now, perDay })
const device = { endpoint: 'https://fcm.googleapis.com/fcm/send/1', closes: 0, closes_from: 0 }

test('a device is sent few pushes that show nothing a day', () => {
  let closes: { closes: number; closes_from: number } | undefined = device
  for (let i = 1; i <= PER_DAY; i++) {
    closes = decide({ ...device, ...closes }, NOW + i, NOW + i)
    assert.deepEqual(closes, { closes: i, closes_from: NOW + 1 })
  }
  const full = { ...device, ...closes }
  assert.equal(decide(full, NOW + 9, NOW + 9), undefined)
  const later = NOW + 1 + 24 * HOUR_MS
  assert.equal(decide(full, later - 1, later - 1), undefined)
  assert.deepEqual(decide(full, later, later), { closes: 1, closes_from: later })
  assert.deepEqual(decide(full, NOW, NOW), { closes: 1, closes_from: NOW }, 'the clock was set back')
})

test('none of what was told long ago, and none where it ends the subscription', () => {
  assert.ok(decide(device, NOW - HOUR_MS, NOW))
  assert.equal(decide(device, NOW - HOUR_MS - 1, NOW), undefined)
  assert.equal(decide({ ...device, endpoint: 'https://web.push.apple.com/1' }, NOW, NOW), undefined)
  assert.equal(decide(device, NOW, NOW, 0), undefined, 'nor where the operator wants none')
})
