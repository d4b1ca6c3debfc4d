import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPushServices } from './push-services.ts'

const enterAll = (services: ReturnType<typeof createPushServices>, host: string, count: number): number =>
  Array.from({ length: count }, () => services.enter(host, 0)).filter(Boolean).length

describe('push services', () => {
  it('are given so many at a time: each, and all together', () => {
    const services = createPushServices()
    assert.equal(enterAll(services, 'a', 100), 32)
    assert.deepEqual([services.closed(0), services.isFull()], [['a'], false])
    const others = ['fcm.googleapis.com', 'web.push.apple.com', 'db3.notify.windows.com']
    for (const host of others) assert.equal(enterAll(services, host, 100), 32)
    assert.equal(services.isFull(), true)
    const openings = Array.from({ length: 32 }, () => services.leave('a'))
    assert.equal(openings.filter(Boolean).length, 1)
    assert.deepEqual([services.isFull(), services.closed(0)], [false, others])
  })

  it('of one owner share what one has, and all that are not of browsers leave half to those', () => {
    const services = createPushServices()
    const names = Array.from({ length: 40 }, (_, i) => `a${i}.evil.example:8443`)
    const entered = () => names.filter((host) => services.enter(host, 0))
    assert.equal(entered().length, 32)
    assert.deepEqual(
      [services.waitsUntil('b.evil.example', 0), services.waitsUntil('well.example.org', 0)],
      [10_000, undefined],
    )
    assert.equal(services.closed(0).length, 32, 'they are passed over')
    const domains = Array.from({ length: 40 }, (_, i) => `push.evil${i}.example`)
    assert.equal(domains.filter((host) => services.enter(host, 0)).length, 32)
    assert.deepEqual(
      [services.enter('well.example.org', 0), services.waitsUntil('well.example.org', 0)],
      [false, 10_000],
    )
    for (const host of ['fcm.googleapis.com', 'updates.push.services.mozilla.com'])
      assert.equal(enterAll(services, host, 40), 32, host)
    assert.equal(services.isFull(), true)
    for (const host of [...names.slice(0, 32), ...domains.slice(0, 32)]) services.leave(host)
    assert.equal(services.isFull(), false)
    assert.equal(enterAll(services, 'well.example.org', 40), 32)
  })

  it('that fail are left alone for a time that doubles, then tried with one message', () => {
    const services = createPushServices()
    enterAll(services, 'a', 16)
    const outcomes = Array.from({ length: 16 }, () => services.failed('a', 1_000, undefined))
    for (let i = 0; i < 16; i++) services.leave('a')
    // What failed with them counts no more.
    assert.deepEqual(
      outcomes.map(({ until }) => until),
      [...Array<undefined>(4), ...Array<number>(12).fill(3_000)],
    )
    assert.equal(outcomes.filter(({ isPausedNow }) => isPausedNow).length, 1)
    assert.equal(services.enter('a', 2_999), false)
    const pauses: number[] = []
    for (let now = 3_000; pauses.length < 8;) {
      assert.deepEqual([services.enter('a', now), services.enter('a', now)], [true, false])
      const { until } = services.failed('a', now, undefined)
      assert.equal(services.leave('a'), true)
      pauses.push(until! - now)
      now = until!
    }
    assert.deepEqual(pauses, [4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000, 120_000])
    // Set back, the clock needs hours to where it is left alone until.
    services.putRight(50)
    assert.deepEqual([services.waitsUntil('a', 50), services.enter('a', 120_049)], [120_050, false])
    services.enter('a', 1e9)
    services.isWell('a')
    services.leave('a')
    assert.equal(enterAll(services, 'a', 100), 32)
  })
})
