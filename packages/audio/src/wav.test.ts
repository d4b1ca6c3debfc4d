import assert from 'node:assert/strict'
import test from 'node:test'
import { decodeAudio, probeAudio } from './decode.ts'
import { sine, sound } from './recordings.fixture.ts'
import { writeWav } from './wav.ts'

test('what was written is read again, to the 16th bit', async () => {
  const samples = sound(0.5, sine(300, 0.8))
  const file = writeWav(samples)
  assert.deepEqual(await probeAudio(file), {
    container: 'wav',
    codec: 'pcm-s16',
    seconds: 0.5,
    sampleRate: 16_000,
    channels: 1,
  })
  const again = await decodeAudio(file)
  assert.equal(again.length, samples.length)
  samples.forEach((sample, i) => assert.ok(Math.abs(again[i]! - sample) < 1 / 16_384, `sample ${i}`))
})

test('what is beyond full scale is cut off, what is no number is silence', () => {
  const file = Buffer.from(writeWav(Float32Array.of(2, -2, Number.NaN, Infinity, 0.5)))
  const values = [0, 1, 2, 3, 4].map((i) => file.readInt16LE(44 + i * 2))
  assert.deepEqual(values, [32_767, -32_767, 0, 32_767, 16_384])
  assert.equal(file.readUInt32LE(4), file.length - 8)
  assert.equal(writeWav(new Float32Array(0)).length, 44)
})
