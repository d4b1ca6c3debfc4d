import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  activeTraceId,
  childTraceparent,
  currentTraceId,
  currentTraceparent,
  formatTraceparent,
  newTraceparent,
  parseTraceparent,
  runWithTrace,
} from './trace.ts'

const SAMPLE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('parses what the W3C specification allows', () => {
  assert.deepEqual(parseTraceparent(SAMPLE), {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    sampled: true,
  })
  assert.equal(parseTraceparent(SAMPLE.replace(/01$/, '00'))!.sampled, false)
  assert.equal(parseTraceparent(`cc${SAMPLE.slice(2)}-what-the-future-brings`)!.spanId, 'b7ad6b7169203331')
})

test('refuses what it does not', () => {
  const bad = [
    undefined,
    '',
    'nonsense',
    SAMPLE.toUpperCase(),
    SAMPLE.replace('00-', 'ff-'),
    SAMPLE.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    SAMPLE.replace('b7ad6b7169203331', '0'.repeat(16)),
    `${SAMPLE}-extra`,
    SAMPLE.slice(0, -1),
  ]
  for (const value of bad) assert.equal(parseTraceparent(value), undefined, String(value))
})

test('any text either fails to parse or survives a round trip', () => {
  const hex = (n: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${n}}$`))
  const wellFormed = fc.tuple(hex(32), hex(16), hex(2)).map(([t, s, f]) => `00-${t}-${s}-${f}`)
  fc.assert(
    fc.property(fc.oneof(fc.string(), wellFormed), (text) => {
      const parsed = parseTraceparent(text)
      return parsed === undefined || parseTraceparent(formatTraceparent(parsed))!.traceId === parsed.traceId
    }),
  )
})

test('the trace follows awaits and timers, and does not leak to its neighbours', async () => {
  const other = newTraceparent()
  await Promise.all([
    runWithTrace(SAMPLE, async () => {
      await sleep(1)
      assert.equal(currentTraceparent(), SAMPLE)
      assert.equal(currentTraceId(), '0af7651916cd43dd8448eb211c80319c')
    }),
    runWithTrace(other, async () => {
      await sleep(1)
      assert.equal(currentTraceparent(), other)
    }),
  ])
  assert.equal(activeTraceId(), undefined)
})

test('without a valid traceparent a new trace begins', () => {
  for (const given of [undefined, 'garbage']) {
    runWithTrace(given, () => {
      assert.match(currentTraceparent(), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      assert.equal(currentTraceparent(), currentTraceparent())
    })
  }
  assert.notEqual(currentTraceId(), currentTraceId())
})

test('a child keeps the trace id and has a span id of its own', () => {
  runWithTrace(SAMPLE, () => {
    const child = parseTraceparent(childTraceparent())!
    assert.equal(child.traceId, '0af7651916cd43dd8448eb211c80319c')
    assert.notEqual(child.spanId, 'b7ad6b7169203331')
  })
})
