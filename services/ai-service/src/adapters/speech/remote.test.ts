import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { startFakeGoogle, startFakeOpenAi } from '@bigtech/testkit'
import { createGoogleSpeech, type GoogleSpeechOptions } from './google.ts'
import { createNoSpeech } from './none.ts'
import { createOpenAiSpeech } from './openai.ts'
import { endless, fails, speechToTextContract } from './speech-to-text.contract.ts'
import { voice } from './voice.fixture.ts'

const SAID = '오늘은 날씨가 좋네요.'
const korean = () => ({ language: 'ko-KR', signal: endless() })

async function openOpenAi(t: TestContext, timeoutMs = 5_000) {
  const upstream = await startFakeOpenAi(t, { transcript: SAID })
  const baseUrl = `${upstream.url}/v1`
  return { upstream, speech: createOpenAiSpeech({ baseUrl, apiKey: upstream.apiKey, model: 'whisper-1', timeoutMs }) }
}

async function openGoogle(t: TestContext, timeoutMs = 5_000, others: readonly string[] = []) {
  const upstream = await startFakeGoogle(t, { transcript: SAID, others })
  const options: GoogleSpeechOptions = {
    credentials: { type: 'service_account', account: upstream.account },
    project: 'p',
    location: 'asia-northeast1',
    model: 'chirp_2',
    baseUrl: upstream.url,
    timeoutMs,
  }
  return { upstream, options, speech: createGoogleSpeech(options) }
}

const adapters = [
  { name: 'an OpenAI-compatible server', open: openOpenAi, path: '/v1/audio/transcriptions' },
  { name: 'Google', open: openGoogle, path: '/v2/projects/p/locations/asia-northeast1/recognizers/_:recognize' },
] as const

for (const { name, open, path } of adapters) {
  speechToTextContract(name, async (t) => {
    const { upstream, speech } = await open(t)
    return {
      speech,
      said: SAID,
      stall() {
        upstream.next({ kind: 'silent' })
        return upstream.arrival()
      },
      fail: () => upstream.next({ kind: 'status', status: 500 }),
    }
  })

  describe(`failures of ${name}`, () => {
    const asked = (received: readonly { path: string }[]) => received.filter((each) => each.path === path).length

    test('429 and 503 are tried once more, when it says', async (t) => {
      const { upstream, speech } = await open(t)
      upstream.next({ kind: 'busy', retryAfter: '1' })
      const began = performance.now()
      assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
      assert.ok(performance.now() - began >= 990)
      upstream.next({ kind: 'overloaded' }, { kind: 'overloaded' })
      await assert.rejects(speech.transcribe(voice(1), korean()), fails('busy'))
      assert.equal(asked(upstream.received), 4)
    })

    test('one that wants an hour of patience is busy at once', async (t) => {
      const { upstream, speech } = await open(t)
      upstream.next({ kind: 'busy', retryAfter: '3600' })
      await assert.rejects(speech.transcribe(voice(1), korean()), fails('busy'))
      assert.equal(asked(upstream.received), 1)
    })

    test('nonsense is tried once more', async (t) => {
      const { upstream, speech } = await open(t)
      upstream.next({ kind: 'malformed' })
      assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
      upstream.next({ kind: 'answer', body: { text: 1, results: 'x' } }, { kind: 'huge', bytes: 3e6 })
      await assert.rejects(speech.transcribe(voice(1), korean()), fails('nonsense'))
      assert.equal(asked(upstream.received), 4)
    })

    test('silence, a lost connection, an error and a redirect have their names, and no other try', async (t) => {
      const { upstream, speech } = await open(t, 300)
      for (const [how, kind] of [
        [{ kind: 'silent' }, 'timeout'],
        [{ kind: 'cut' }, 'unavailable'],
        [{ kind: 'status', status: 500 }, 'unavailable'],
        [{ kind: 'redirect', location: `${upstream.url}/elsewhere` }, 'unavailable'],
      ] as const) {
        upstream.next(how)
        await assert.rejects(speech.transcribe(voice(1), korean()), fails(kind), how.kind)
      }
      assert.equal(asked(upstream.received), 4)
      assert.ok(upstream.received.every((request) => request.path !== '/elsewhere'))
    })

    test('what is said stays out of errors', async (t) => {
      const { upstream, speech } = await open(t)
      const body = { text: { of: SAID }, results: SAID }
      upstream.next({ kind: 'answer', body: SAID }, { kind: 'answer', body })
      await assert.rejects(speech.transcribe(voice(1), korean()), (error: Error) => {
        assert.doesNotMatch(JSON.stringify([error.message, error.stack, error.cause]), /날씨/)
        return true
      })
    })

    test('its host is told as where speech leaves to, this machine is not', async (t) => {
      const { speech } = await open(t)
      assert.equal(speech.leavesTo, null)
    })
  })
}

test('another machine is where speech leaves to', () => {
  const speech = createOpenAiSpeech({ baseUrl: 'https://stt.example.com/v1/', model: 'm' })
  assert.equal(speech.leavesTo, 'stt.example.com')
  const credentials = { type: 'metadata' } as const
  const google = createGoogleSpeech({ credentials, project: 'p', location: 'asia-northeast3', model: 'long' })
  assert.equal(google.leavesTo, 'asia-northeast3-speech.googleapis.com')
})

test('a wrong key is unavailable', async (t) => {
  const { url } = await startFakeOpenAi(t)
  const speech = createOpenAiSpeech({ baseUrl: `${url}/v1`, apiKey: 'wrong', model: 'm' })
  await assert.rejects(speech.transcribe(voice(1), korean()), fails('unavailable'))
})

test('confidence is what the recogniser says of it', async (t) => {
  const { speech, upstream } = await openOpenAi(t)
  assert.ok(Math.abs((await speech.transcribe(voice(1), korean())).confidence! - Math.exp(-0.2)) < 1e-9)
  upstream.next({ kind: 'answer', body: { text: SAID } })
  const unknown = await speech.transcribe(voice(1), korean())
  assert.deepEqual([unknown.text, unknown.confidence], [SAID, null])
  const google = await openGoogle(t)
  assert.equal((await google.speech.transcribe(voice(1), korean())).confidence, 0.92)
  // Zero, or nothing, is how some models say that they do not know.
  google.upstream.next({ kind: 'answer', body: { results: [{ alternatives: [{ transcript: SAID, confidence: 0 }] }] } })
  assert.equal((await google.speech.transcribe(voice(1), korean())).confidence, null)
  google.upstream.next({ kind: 'answer', body: {} })
  assert.equal((await google.speech.transcribe(voice(1), korean())).text, '')
})

test('other readings are of the whole', async (t) => {
  const { speech } = await openGoogle(t, 5_000, ['오늘은 날개가 좋네요.'])
  const { alternatives } = await speech.transcribe(voice(60), korean())
  assert.deepEqual(alternatives, ['오늘은 날개가 좋네요. 오늘은 날개가 좋네요.'])
})

test('no speech is off', async () => {
  const speech = createNoSpeech()
  assert.equal(await speech.state(), 'off')
  await assert.rejects(speech.transcribe(voice(1), korean()), fails('unavailable'))
})
