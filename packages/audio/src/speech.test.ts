import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { decodeAudio } from './decode.ts'
import { noise, sine, sound } from './recordings.fixture.ts'
import { findSpeech } from './speech.ts'

const SAMPLE = join(import.meta.dirname, '../../../../shared/care/test_ko.wav')
const skip = !existsSync(SAMPLE) && 'needs ../shared/care/test_ko.wav beside the project (a Korean sentence)'
const from = (s: number, what: (i: number) => number) => (i: number) => (i < s * 16_000 ? 0 : what(i))

test('silence, hum, noise, tones and clicks are no speech, from the start or from the middle', () => {
  const none: Record<string, Float32Array> = {
    nothing: new Float32Array(0),
    'less than a frame': sound(0.01, sine(200, 0.5)),
    silence: sound(3, () => 0),
    'an offset of the microphone': sound(3, () => 0.3),
    'hum of 50 Hz': sound(3, sine(50, 0.3)),
    'hum with overtones': sound(3, (i) => sine(50, 0.2)(i) + sine(100, 0.2)(i) + sine(150, 0.1)(i)),
    'hum from the middle': sound(3, from(1, sine(50, 0.3))),
    'white noise': sound(3, noise(0.3)),
    'white noise from the middle': sound(3, from(1.005, noise(0.3))),
    'a tone from the middle': sound(3, from(1.005, sine(440, 0.3))),
    'a beep': sound(3, (i) => (i > 16_005 && i < 20_007 ? sine(1_000, 0.5)(i) : 0)),
    clicks: sound(3, (i) => (i % 12_000 === 0 ? 0.9 : 0)),
    'noise too faint to be a voice': sound(3, noise(0.0005)),
  }
  for (const [what, samples] of Object.entries(none)) assert.deepEqual(findSpeech(samples), [], what)
})

/** What a voice is to the rules: a low buzz with overtones, in syllables of a quarter of a second. */
const syllables = (i: number) => {
  const loud = Math.max(0, Math.sin((2 * Math.PI * 4 * i) / 16_000))
  return loud * (sine(150, 0.2)(i) + sine(300, 0.15)(i) + sine(900, 0.05)(i))
}

test('syllables between silences are one span with a margin', () => {
  const samples = sound(4, (i) => (i >= 16_000 && i < 48_000 ? syllables(i) : 0))
  const [span, ...others] = findSpeech(samples)
  assert.deepEqual(others, [])
  assert.ok(span!.start > 0.85 * 16_000 && span!.start <= 16_000 && span!.end > 46_000 && span!.end < 50_400)
})

test('two utterances are two spans; faint noise around them changes nothing', () => {
  const hiss = noise(0.005)
  const samples = sound(6, (i) => hiss() + ((i > 16_000 && i < 32_000) || i > 64_000 ? syllables(i) : 0))
  const spans = findSpeech(samples)
  assert.equal(spans.length, 2)
  assert.ok(spans.every(({ start, end }) => start < end && end <= samples.length))
})

test('a real Korean sentence is heard, and nothing around it', { skip }, async () => {
  const samples = await decodeAudio(readFileSync(SAMPLE))
  const spans = findSpeech(samples)
  const spoken = spans.reduce((sum, { start, end }) => sum + end - start, 0) / 16_000
  assert.ok(spoken > 2 && spoken < 3.6, `${spoken} s of ${samples.length / 16_000}`)

  // The same in noise that is 20 dB below it, and ten times as quiet.
  const hiss = noise(0.01)
  assert.ok(findSpeech(samples.map((sample) => sample + hiss())).length > 0)
  assert.ok(findSpeech(samples.map((sample) => sample / 10)).length > 0)
})
