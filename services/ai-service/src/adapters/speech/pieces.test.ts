import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SAMPLE_RATE } from '@bigtech/audio'
import { spokenPieces } from './pieces.ts'

/** A tone with the named seconds silent. */
function recording(seconds: number, silent: readonly (readonly [from: number, to: number])[] = []): Float32Array {
  return Float32Array.from({ length: seconds * SAMPLE_RATE }, (_, i) => {
    const at = i / SAMPLE_RATE
    return silent.some(([from, to]) => at >= from && at < to) ? 0 : 0.3 * Math.sin(i * 0.2)
  })
}

test('what is short is one piece', () => {
  const samples = recording(4)
  assert.deepEqual(spokenPieces(samples, 28), [{ samples, endsAt: samples.length }])
})

test('what is long is cut in a pause, and nothing is lost', () => {
  const samples = recording(60, [
    [25, 25.5],
    [47, 47.4],
  ])
  const pieces = spokenPieces(samples, 28)
  assert.deepEqual(
    pieces.map(({ endsAt }) => Math.round((endsAt / SAMPLE_RATE) * 2) / 2),
    [25, 47, 60],
  )
  assert.equal(
    pieces.reduce((sum, piece) => sum + piece.samples.length, 0),
    samples.length,
  )
  for (const piece of pieces) assert.ok(piece.samples.length <= 28 * SAMPLE_RATE)
})

test('speech without a pause is cut all the same', () => {
  for (const piece of spokenPieces(recording(61), 28)) assert.ok(piece.samples.length <= 28 * SAMPLE_RATE)
})

test('silence and nothing have no pieces', () => {
  assert.deepEqual(spokenPieces(new Float32Array(0), 28), [])
  assert.deepEqual(spokenPieces(new Float32Array(40 * SAMPLE_RATE), 28), [])
  assert.deepEqual(spokenPieces(new Float32Array(SAMPLE_RATE).fill(0.0005), 28), [])
})
