import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { SAMPLE_RATE } from '@bigtech/audio'
import { CareFailure, type FailureKind, type SpeechToText } from '../../ports.ts'
import { voice } from './voice.fixture.ts'

export type Opened = Readonly<{
  speech: SpeechToText
  /** What it hears in any sound. */
  said: string
  /** The next piece that it is given is never answered; resolves when it has been given. */
  stall(): Promise<unknown>
  /** The next piece fails, for good. */
  fail(): void
}>

export const endless = (): AbortSignal => new AbortController().signal

export const fails = (kind: FailureKind) => (error: unknown) => error instanceof CareFailure && error.kind === kind

/** The promises of `SpeechToText`. @param open a recogniser whose failures can be ordered */
export function speechToTextContract(name: string, open: (t: TestContext) => Promise<Opened>) {
  describe(`speech to text by ${name}`, () => {
    const korean = (signal = endless()) => ({ language: 'ko-KR', signal })

    it('says what was said, in the language that was asked for', async (t) => {
      const { speech, said } = await open(t)
      assert.equal(await speech.state(), 'ready')
      const transcript = await speech.transcribe(voice(2), korean())
      assert.deepEqual([transcript.text, transcript.language], [said, 'ko-KR'])
      assert.ok(transcript.confidence === null || (transcript.confidence > 0 && transcript.confidence <= 1))
      assert.notEqual(transcript.confidence_basis, '')
      assert.ok(!transcript.alternatives.includes(said))
    })

    it('hears nothing in silence and in no recording, and says nothing of its confidence', async (t) => {
      const { speech } = await open(t)
      for (const samples of [new Float32Array(0), new Float32Array(3 * SAMPLE_RATE)]) {
        const { text, confidence, alternatives } = await speech.transcribe(samples, korean())
        assert.deepEqual([text, confidence, alternatives], ['', null, []])
      }
    })

    it('tells how far it is, never less than before, and comes to the end', async (t) => {
      const { speech, said } = await open(t)
      const shares: number[] = []
      const { text } = await speech.transcribe(voice(130), { ...korean(), onProgress: (share) => shares.push(share) })
      assert.ok(text.startsWith(said))
      assert.ok(shares.length >= 3)
      assert.deepEqual(shares, shares.toSorted((a, b) => a - b)) // prettier-ignore
      assert.equal(shares.at(-1), 1)
    })

    it('recordings at once are all answered', async (t) => {
      const { speech, said } = await open(t)
      const transcripts = await Promise.all([1, 2, 3].map((seconds) => speech.transcribe(voice(seconds), korean())))
      for (const { text } of transcripts) assert.equal(text, said)
    })

    it('is ended by its caller, before it began and in the middle, and works on', async (t) => {
      const { speech, said, stall } = await open(t)
      await assert.rejects(speech.transcribe(voice(1), korean(AbortSignal.abort())), fails('cancelled'))
      const controller = new AbortController()
      const stalled = stall()
      const under = speech.transcribe(voice(1), korean(controller.signal))
      await stalled
      controller.abort()
      await assert.rejects(under, fails('cancelled'))
      assert.equal((await speech.transcribe(voice(1), korean())).text, said)
    })

    it('who waits behind another can leave, and does not wait for it', async (t) => {
      const { speech, stall } = await open(t)
      const [first, second] = [new AbortController(), new AbortController()]
      const stalled = stall()
      const ahead = speech.transcribe(voice(1), korean(first.signal))
      await stalled
      const behind = speech.transcribe(voice(0.5), korean(second.signal))
      second.abort()
      // Of a recogniser that takes several at once it may be done already.
      await behind.catch((error: unknown) => assert.ok(fails('cancelled')(error)))
      first.abort()
      await assert.rejects(ahead, fails('cancelled'))
    })

    it('one that fails costs no other', async (t) => {
      const { speech, said, fail } = await open(t)
      fail()
      await assert.rejects(speech.transcribe(voice(1), korean()), CareFailure)
      assert.equal((await speech.transcribe(voice(1), korean())).text, said)
    })

    it('when closed, ends what is under way', async (t) => {
      const { speech, stall } = await open(t)
      const stalled = stall()
      const under = speech.transcribe(voice(1), korean())
      const ended = assert.rejects(under, CareFailure)
      await stalled
      await speech.close()
      await ended
    })
  })
}
