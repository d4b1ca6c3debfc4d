import assert from 'node:assert/strict'
import test, { describe, it } from 'node:test'
import fc from 'fast-check'
import { bomb, wavThatSays } from './bombs.fixture.ts'
import { decodeAudio, probeAudio } from './decode.ts'
import { AudioError } from './errors.ts'
import { SAMPLE_RATE } from './limits.ts'
import { RECORDINGS, recording } from './recordings.fixture.ts'

/** 620 s of sound that say they last 0.3 s. */
const aacBomb = () => bomb('tone.m4a', 27_000, 0.00001)
const opusBomb = () => bomb('tone.webm', 31_000, 0.00001)

test('AAC that is longer than its container says is found before it is decoded', async () => {
  const bytes = await aacBomb()
  assert.ok((await probeAudio(bytes)).seconds < 1, 'the lie')
  await assert.rejects(decodeAudio(bytes), { kind: 'too_long', message: /at most 600 s/ })
})

test('Opus that is longer than its container says ends while it is decoded', async () => {
  const bytes = await opusBomb()
  assert.ok((await probeAudio(bytes)).seconds < 1, 'the lie')
  await assert.rejects(decodeAudio(bytes), { kind: 'too_long' })
})

const noProc = process.platform !== 'linux' && 'needs /proc to see the memory of another process'
test('the memory limit ends the child while it decodes', { skip: noProc }, async () => {
  const bytes = await aacBomb()
  const limits = { maxSeconds: 10_000, maxMemoryMb: 130 }
  await assert.rejects(decodeAudio(bytes, limits), { kind: 'too_much_memory', message: /130 MiB/ })
  assert.ok((await decodeAudio(recording('tone.m4a'), limits)).length > 0, 'the limit lets others in')
})

test('a WAV whose header lies about its length: what is there counts', async () => {
  const second = 16_000
  for (const says of [0xff_ff_ff_ff, second * 7_200]) {
    const samples = await decodeAudio(wavThatSays(says, second))
    assert.ok(Math.abs(samples.length - SAMPLE_RATE) < SAMPLE_RATE / 20, `${samples.length} samples for ${says}`)
  }
  await assert.rejects(decodeAudio(wavThatSays(second * 601, second * 601)), { kind: 'too_long' })
})

/** Samples within limits, or an AudioError that is about the file: never a hang, another error, or a child that has to be ended. */
async function survives(bytes: Uint8Array): Promise<void> {
  try {
    const samples = await decodeAudio(bytes, { maxSeconds: 5, timeoutMs: 10_000, maxMemoryMb: 400 })
    assert.ok(samples.length <= 6 * SAMPLE_RATE)
    assert.ok(samples.every((sample) => sample >= -1 && sample <= 1))
  } catch (error) {
    assert.ok(error instanceof AudioError, String(error))
    const about = ['empty', 'unknown_format', 'corrupt', 'too_long', 'unsupported']
    assert.ok(about.includes(error.kind), `${error.kind}: ${error.message}`)
  }
}

describe('every format cut off in the middle', { concurrency: 2 }, () => {
  for (const { name } of RECORDINGS)
    it(name, async () => {
      const whole = recording(name)
      await survives(whole.subarray(0, whole.length / 2))
    })
})

test('recordings with random damage, and random bytes behind a good beginning', async () => {
  // Not fc.double: most doubles between 0 and 1 are next to 0.
  const share = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000)
  const damage = fc.record({
    name: fc.constantFrom(...RECORDINGS.map(({ name }) => name)),
    keep: share,
    changes: fc.array(fc.tuple(share, fc.integer({ min: 0, max: 255 })), {
      maxLength: 20,
    }),
    tail: fc.uint8Array({ maxLength: 500 }),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ name, keep, changes, tail }) => {
      const whole = recording(name)
      const bytes = Buffer.concat([whole.subarray(0, Math.ceil(whole.length * keep)), tail])
      // Half of the changes in the header, where they matter most, but not where the format is known by.
      for (const [i, [at, value]] of changes.entries())
        bytes[16 + Math.floor(at * (i % 2 === 0 ? 200 : bytes.length))] = value
      await survives(bytes)
    }),
    { numRuns: 15, endOnFailure: true },
  )
})
