import assert from 'node:assert/strict'
import test, { describe, it } from 'node:test'
import { decodeAudio, probeAudio } from './decode.ts'
import { DEFAULT_LIMITS, SAMPLE_RATE } from './limits.ts'
import { amplitude, RECORDINGS, recording } from './recordings.fixture.ts'

/** Encoders add up to this much before and behind (AAC: 1,024 samples twice at 16 kHz). */
const PADDING_S = 0.1

describe('every format', { concurrency: 2 }, () => {
  for (const { name, container, codec, seconds, peak } of RECORDINGS)
    it(`${name}: what it is and how long before it is decoded, then its tone`, async () => {
      const probe = await probeAudio(recording(name))
      assert.equal(probe.container, container)
      assert.equal(probe.codec, codec)
      assert.ok(Math.abs(probe.seconds - seconds) < 0.04, `${probe.seconds} s`)

      const samples = await decodeAudio(recording(name))
      const heard = samples.length / SAMPLE_RATE
      assert.ok(heard > seconds - 0.02 && heard < seconds + PADDING_S, `${heard} s`)
      const middle = samples.subarray(SAMPLE_RATE / 10, SAMPLE_RATE / 10 + SAMPLE_RATE / 4)
      assert.ok(Math.abs(amplitude(middle, 440) - peak) < 0.05, `${amplitude(middle, 440)} of 440 Hz`)
      for (const hz of [220, 880, 4_000])
        assert.ok(amplitude(middle, hz) < 0.02, `${amplitude(middle, hz)} of ${hz} Hz`)
      assert.ok(samples.every((sample) => sample >= -1 && sample <= 1))
    })
})

for (const name of ['high-opus.ogg', 'high.flac'])
  test(`${name}: what 16 kHz cannot hold is left out, not heard as a lower tone`, async () => {
    const samples = await decodeAudio(recording(name))
    const middle = samples.subarray(SAMPLE_RATE / 10, SAMPLE_RATE / 10 + SAMPLE_RATE / 5)
    assert.ok(amplitude(middle, 4_000) < 0.003, `${amplitude(middle, 4_000)} of 4 kHz`)
    assert.ok(middle.every((sample) => Math.abs(sample) < 0.01))
  })

test('what the bytes are counts: no name is asked for, and none is given', async () => {
  const [first, second] = await Promise.all([decodeAudio(recording('tone.mp3')), decodeAudio(recording('tone.webm'))])
  assert.ok(Math.abs(amplitude(first, 440) - 0.25) < 0.05)
  assert.ok(Math.abs(amplitude(second, 440) - 0.5) < 0.05)
})

test('files that need no decoder to be refused are refused without one', async () => {
  const limits = { timeoutMs: 0 }
  await assert.rejects(decodeAudio(Buffer.alloc(0), limits), { name: 'AudioError', kind: 'empty' })
  const big = Buffer.concat([recording('tone-16.wav'), Buffer.alloc(DEFAULT_LIMITS.maxBytes)])
  await assert.rejects(decodeAudio(big, limits), { kind: 'too_big', message: /at most 10485760 bytes/ })
  await assert.rejects(probeAudio(Buffer.from('안녕하세요'), limits), { kind: 'unknown_format', message: /WAV, MP3/ })
})
