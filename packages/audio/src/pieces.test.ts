import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeAudio, decodeSpeech } from './decode.ts'
import { SAMPLE_RATE } from './limits.ts'
import { spokenPieces } from './pieces.ts'
import { sine, sound } from './recordings.fixture.ts'
import { writeWav } from './wav.ts'

const silence = (seconds: number) => new Float32Array(seconds * SAMPLE_RATE)
/** Like a voice to what only looks whether there is any: a low tone that comes and goes three times a second, with a pause every two. */
const voice = (seconds: number) =>
  sound(seconds, (i) => {
    const at = i / SAMPLE_RATE
    return at % 2 > 1.6 ? 0 : Math.max(0, Math.sin(2 * Math.PI * 3 * at)) * sine(180, 0.3)(i)
  })

test('what is short is one piece', () => {
  assert.deepEqual(spokenPieces(voice(4), 28), [{ start: 0, end: 4 * SAMPLE_RATE }])
})

test('of what is long nothing is lost: each piece begins where the one before ends', () => {
  const pieces = spokenPieces(voice(60), 28)
  assert.ok(pieces.length >= 3)
  assert.deepEqual(
    pieces.map(({ start }) => start),
    [0, ...pieces.slice(0, -1).map(({ end }) => end)],
  )
  assert.equal(pieces.at(-1)!.end, 60 * SAMPLE_RATE)
})

test('a piece in which nobody speaks is left out', () => {
  const pieces = spokenPieces(new Float32Array([...voice(10), ...silence(70), ...voice(10)]), 28)
  assert.equal(pieces.at(-1)!.end, 90 * SAMPLE_RATE)
  assert.ok(pieces.reduce((sum, { start, end }) => sum + end - start, 0) <= 60 * SAMPLE_RATE)
})

test('silence and nothing have no pieces', () => {
  for (const samples of [silence(0), silence(40)]) assert.deepEqual(spokenPieces(samples, 28), [])
})

test('the process that decodes finds them too', async () => {
  const wav = writeWav(new Float32Array([...voice(6), ...silence(8), ...voice(6)]))
  const { samples, pieces } = await decodeSpeech(wav, {}, { pieceSeconds: 5 })
  assert.deepEqual(samples, await decodeAudio(wav))
  assert.deepEqual(pieces, spokenPieces(samples, 5))
  assert.ok(pieces.length >= 3)
})
