import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OpsMetrics } from '@bigtech/client'
import { areComparable, loopShare, pointOf, quantileOf } from '@bigtech/web/rates'

const metrics = (at: number, change: Partial<OpsMetrics> = {}): OpsMetrics => ({
  at,
  uptime_s: at / 1_000,
  messages_total: 0,
  deliveries_total: 0,
  connections: 3,
  requests: [{ service: 'chat-service', total: 0, errors: 0 }],
  latency: [{ le: null, count: 0 }],
  process: { rss_bytes: 2 * 1024 * 1024, heap_used_bytes: 0, cpu_s: 0, loop_active_ms: 0, loop_idle_ms: 0 },
  processes: [],
  away: [],
  ...change,
})

describe('the charts', () => {
  it('show rates per second between two moments', () => {
    const before = metrics(1_000)
    const now = metrics(3_000, {
      messages_total: 100,
      requests: [
        { service: 'chat-service', total: 10, errors: 4 },
        { service: 'user-service', total: 10, errors: 0 },
      ],
      process: { ...before.process, cpu_s: 1, loop_active_ms: 500, loop_idle_ms: 1_500 },
    })
    const point = pointOf(before, now)
    assert.deepEqual(
      [point.messages, point.requests, point.errors, point.cpu, point.loop, point.rss, point.connections],
      [50, 10, 2, 50, 25, 2, 3],
    )
    assert.equal(pointOf(now, metrics(4_000)).messages, 0, 'never below nothing')
  })

  it('compare moments of the same processes only', () => {
    const of = (...ids: string[]) =>
      metrics(1_000, {
        processes: ids.map((id) => ({ ...metrics(0).process, id, name: 'node', services: [], uptime_s: 1 })),
      })
    assert.ok(areComparable(of('a', 'b'), of('b', 'a')))
    assert.ok(!areComparable(of('a', 'b'), of('a')), 'one is away')
    assert.ok(!areComparable(of('a'), of('a', 'b')), 'one came')
    assert.ok(!areComparable(of('a', 'b'), of('a', 'c')), 'one was started anew')
  })

  it('show how much the event loop worked since the moment before, or since the start', () => {
    const use = (loop_active_ms: number, loop_idle_ms: number) => ({
      ...metrics(0).process,
      loop_active_ms,
      loop_idle_ms,
    })
    assert.equal(loopShare(use(100, 900), use(200, 1_000)), 50)
    assert.equal(loopShare(undefined, use(100, 900)), 10)
    assert.equal(loopShare(use(1, 1), use(1, 1)), 0)
  })

  it('show quantiles of the requests between two moments only', () => {
    const latency = (...counts: number[]) => [0.01, 0.1, null].map((le, i) => ({ le, count: counts[i]! }))
    assert.equal(quantileOf(latency(5, 5, 5), latency(5, 5, 5), 0.5), null)
    assert.equal(quantileOf(latency(5, 5, 5), latency(15, 15, 15), 0.5), 5)
    assert.equal(quantileOf(latency(0, 0, 0), latency(0, 10, 10), 0.5)?.toFixed(3), '55.000')
    assert.equal(
      quantileOf(latency(0, 0, 0), latency(0, 0, 10), 0.99),
      100,
      'of the last bucket only its beginning is known',
    )
  })
})
