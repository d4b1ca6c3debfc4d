import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { cutAtSilences } from './cut.ts'
import { noise, sine, sound } from './recordings.fixture.ts'

const seconds = (pieces: readonly Float32Array[]) => pieces.map((piece) => piece.length / 16_000)

test('the cut is in the middle of the longest silence near the end', () => {
  const tone = sine(200, 0.5)
  // Pauses at 1.0–1.9 s (long, but early), 6.5–6.7 s and 8–8.6 s.
  const quiet = (t: number) => (t > 1 && t < 1.9) || (t > 6.5 && t < 6.7) || (t > 8 && t < 8.6)
  const samples = sound(14, (i) => (quiet(i / 16_000) ? 0 : tone(i)))
  const [first, second] = seconds(cutAtSilences(samples, 10))
  assert.ok(Math.abs(first! - 8.3) < 0.05, `${first}`)
  assert.ok(Math.abs(first! + second! - 14) < 1e-9)
})

test('a pause is found in noise, too', () => {
  const hiss = noise(0.01)
  const samples = sound(8, (i) => hiss() + (i > 4 * 16_000 && i < 4.5 * 16_000 ? 0 : sine(200, 0.5)(i)))
  assert.ok(Math.abs(seconds(cutAtSilences(samples, 5))[0]! - 4.25) < 0.05)
})

test('without a silence near the end the cut is at the limit', () => {
  const samples = sound(14, (i) => (i < 2 * 16_000 ? 0 : sine(200, 0.5)(i)))
  assert.equal(seconds(cutAtSilences(samples, 10))[0], 10)
})

test('what fits is one piece, and nothing is none', () => {
  assert.deepEqual(seconds(cutAtSilences(sound(5, sine(200, 0.5)), 5)), [5])
  assert.deepEqual(cutAtSilences(new Float32Array(0), 5), [])
  assert.throws(() => cutAtSilences(new Float32Array(5), 0), RangeError)
  assert.throws(() => cutAtSilences(new Float32Array(5), Number.NaN), RangeError)
})

test('pieces joined are the whole; none is empty or too long', () => {
  const part = fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom(0, 0.001, 0.5))
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (parts, most) => {
      const samples = Float32Array.from(
        parts.flatMap(([length, level]) => Array.from({ length }, (_, i) => level * Math.sin(i))),
      )
      const pieces = cutAtSilences(samples, most)
      for (const piece of pieces) assert.ok(piece.length > 0 && piece.length <= most * 16_000)
      assert.deepEqual(Float32Array.from(pieces.flatMap((piece) => [...piece])), samples)
    }),
    { numRuns: 60 },
  )
})
