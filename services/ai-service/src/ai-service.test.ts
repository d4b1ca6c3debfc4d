import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { UserClosed } from '@bigtech/user-service/contract'
import { JIWOO, MINSU, silent, spoken, startService } from './ai-service.fixture.ts'
import { CareFailure, type TextModel } from './ports.ts'

type Analysis = {
  depression_score: number
  cognitive_score: number
  emotional_state: string
  evidence: { phrase: string; start: number; end: number }[]
  safety: { level: string; message: string | null; contacts: { number: string }[] }
  method: { name: string; fallback: string | null }
  transcript?: string
}
type Problem = { code: string; detail: string }
type Service = Awaited<ReturnType<typeof startService>>

const letLeave = (service: Service, who: number, host: string) =>
  service.call(who, 'PUT', `/care/consents/cloud?subject=${host}`, { version: 1 })
const agree = (service: Service, who: number) => service.call(who, 'PUT', '/care/consents/analysis', { version: 2 })

/** Its own port, on which a program of this machine needs no sign-in. */
async function ownPort(service: Service) {
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  return (path: string, init?: RequestInit) => fetch(`${address}${path}`, init)
}

describe('ai-service', () => {
  it('says what it is, what it can and whom to call, to anybody', async (t) => {
    const service = await startService(t)
    service.played.state = 'no_model'
    const get = async (url: string) => (await service.app.inject(url)).json<Record<string, unknown>>()
    assert.deepEqual(await get('/'), { status: 'healthy', service: 'ai-service', version: '0.1.0' })
    const { status, components, environment } = await get('/health')
    assert.equal(status, 'healthy')
    assert.deepEqual(components, {
      text_rules: 'ready',
      stt: 'no_model',
      vertex_ai_analyzer: 'not_initialized',
      gcp_project: 'missing',
    })
    assert.deepEqual(environment, { stt: 'whisper', text: 'rules', project_id: 'not_set', region: 'not_set' })
    const formats = await get('/audio-formats')
    assert.deepEqual((formats['formats'] as string[]).slice(0, 5), ['.wav', '.mp3', '.m4a', '.flac', '.ogg'])
    const { items } = await get('/care/contacts')
    assert.deepEqual(
      (items as { number: string }[]).map(({ number }) => number),
      ['109', '1577-0199', '119', '112'],
    )
  })

  it('answers the two examples of the source on its own port, without a sign-in', async (t) => {
    const service = await startService(t)
    const own = await ownPort(service)
    const text = await own('/analyze', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: '요즘 기분이 우울하고 힘들어요', user_id: 'test_user' }),
    })
    const analysis = (await text.json()) as Analysis
    assert.equal(text.status, 200, JSON.stringify(analysis))
    assert.ok(analysis.depression_score > 0 && analysis.cognitive_score === 100)
    for (const { phrase, start, end } of analysis.evidence)
      assert.equal('요즘 기분이 우울하고 힘들어요'.slice(start, end), phrase)
    const form = new FormData()
    form.set('file', new Blob([Uint8Array.from(spoken(2))]), '통화녹음어머니_250505_122325.m4a')
    form.set('user_id', 'test_user')
    form.set('language_code', 'ko-KR')
    const heard = await own('/analyze-audio', { method: 'POST', body: form })
    const { transcript, emotional_state, safety } = (await heard.json()) as Analysis
    assert.deepEqual([heard.status, transcript, emotional_state], [200, '안녕하세요', '단서 없음'])
    assert.equal(safety.contacts[0]!.number, '109', 'whatever was found')
  })

  it('says how it is without waiting for a model that is loaded to see whether it is whole', async (t) => {
    const service = await startService(t)
    const loaded = Promise.withResolvers<void>()
    service.played.loading = loaded.promise
    const stt = async () =>
      (await service.call<{ components: { stt: string } }>(MINSU, 'GET', '/health')).body.components.stt
    assert.equal(await stt(), 'checking')
    loaded.resolve()
    assert.equal(await stt(), 'ready')
  })

  it('analyses nothing of somebody who has not agreed, or no longer', async (t) => {
    const service = await startService(t)
    const ask = (who: number, extra: object = {}) =>
      service.call<Problem>(who, 'POST', '/analyze', { text: '잠이 안 와요', ...extra })
    assert.deepEqual([(await ask(MINSU)).status, (await ask(MINSU)).body.code], [403, 'CONSENT_REQUIRED'])
    assert.equal((await service.send(MINSU, '/analyze-audio', spoken(1))).body.code, 'CONSENT_REQUIRED')
    const wrong = await service.call<Problem>(MINSU, 'PUT', '/care/consents/analysis', { version: 3 })
    assert.deepEqual([wrong.status, wrong.body.code], [409, 'CONSENT_WORDS_CHANGED'])
    const given = await agree(service, MINSU)
    assert.equal(given.status, 200)
    assert.equal((await ask(MINSU)).status, 200)
    assert.equal((await ask(MINSU, { user_id: String(MINSU) })).status, 200)
    assert.deepEqual((await ask(MINSU, { user_id: String(JIWOO) })).body.code, 'USER_ID_OF_ANOTHER')
    assert.equal((await ask(JIWOO)).status, 403, 'it is each person’s own')
    assert.equal((await service.call(MINSU, 'DELETE', '/care/consents/analysis')).status, 204)
    assert.equal((await ask(MINSU)).status, 403)
    const { body } = await service.call<{ items: { given_at: null; history: { withdrawn_at: string }[] }[] }>(
      MINSU,
      'GET',
      '/care/consents',
    )
    assert.deepEqual([body.items[0]!.given_at, body.items[0]!.history.length], [null, 1])
    assert.ok(body.items[0]!.history[0]!.withdrawn_at)
    assert.equal((await service.send(MINSU, '/transcribe', spoken(1))).status, 200, 'a keyboard needs no consent')
    assert.equal(
      (await service.app.inject({ method: 'POST', url: '/analyze', payload: { text: 'a' } })).statusCode,
      401,
    )
  })

  it('forgets what somebody agreed to with their account', async (t) => {
    const service = await startService(t)
    await agree(service, MINSU)
    await agree(service, JIWOO)
    await service.bus.publish([UserClosed.make({ user_id: MINSU, saga_id: 's' })])
    await eventually(async () => assert.deepEqual(await service.consents.of(MINSU), []))
    assert.equal((await service.consents.of(JIWOO)).length, 1)
  })

  it('shows at once whom to call when somebody wishes not to live', async (t) => {
    const service = await startService(t)
    await agree(service, MINSU)
    const ask = async (text: string) => (await service.call<Analysis>(MINSU, 'POST', '/analyze', { text })).body.safety
    const crisis = await ask('이제 그만 죽고 싶어요')
    assert.ok(['concern', 'immediate'].includes(crisis.level), crisis.level)
    assert.match(crisis.message!, /고마워요/)
    assert.deepEqual([(await ask('배고파 죽겠네')).level, (await ask('배고파 죽겠네')).message], ['none', null])
    service.played.says = '이재 그만 죽고 시퍼'
    service.played.alternatives = ['이제 그만 죽고 싶어']
    const { body } = await service.send(MINSU, '/analyze-audio', spoken(1))
    assert.ok(['concern', 'immediate'].includes(body.safety.level), 'in another reading of the recording')
  })

  it('refuses texts and recordings that are none, in the source’s words', async (t) => {
    const service = await startService(t, { maxBytes: 100_000, maxSeconds: 2 })
    await agree(service, MINSU)
    const empty = await service.call<Problem>(MINSU, 'POST', '/analyze', { text: ' \n ' })
    assert.deepEqual([empty.status, empty.body.detail], [400, '텍스트가 비어있습니다'])
    assert.equal((await service.call(MINSU, 'POST', '/analyze', { text: 'a'.repeat(20_001) })).status, 422)
    assert.equal((await service.call(MINSU, 'POST', '/analyze', {})).status, 422)
    for (const [file, status, detail] of [
      [new Uint8Array(100_001), 400, /^검증 실패: \['파일이 너무 큽니다'\]$/],
      [new Uint8Array(0), 400, /^검증 실패: \['파일이 비어 있습니다'\]$/],
      [Buffer.from('이것은 소리가 아닙니다. '.repeat(20)), 400, /^검증 실패: \['지원하지 않는 형식입니다'\]$/],
      [spoken(3), 413, /너무 깁니다/],
      [undefined, 400, /file 필드/],
    ] as const) {
      const { status: got, body } = await service.send(MINSU, '/transcribe', file)
      assert.equal(got, status, body.detail)
      assert.match(body.detail, detail)
    }
    const language = await service.send(MINSU, '/transcribe', spoken(1), { language_code: '한국어' })
    assert.deepEqual([language.status, language.body.code], [422, 'VALIDATION_FAILED'])
    const other = await service.send(MINSU, '/transcribe', spoken(1), { user_id: String(JIWOO) })
    assert.equal(other.body.code, 'USER_ID_OF_ANOTHER')
    assert.deepEqual(service.played.heard, [], 'nothing of it was listened to')
  })

  it('has an empty transcript for silence, and finds nothing in it', async (t) => {
    const service = await startService(t)
    await agree(service, MINSU)
    const { body } = await service.send(MINSU, '/transcribe', silent(2))
    assert.deepEqual([body.transcript, body.confidence, body.audio_duration], ['', 0, 2])
    const analysis = await service.send(MINSU, '/analyze-audio', silent(1))
    assert.deepEqual([analysis.status, analysis.body.transcript, analysis.body.emotional_state], [200, '', '단서 없음'])
  })

  it('says which command is missing without a model, and that speech is off', async (t) => {
    const service = await startService(t)
    for (const [state, code, text] of [
      ['no_model', 'NO_SPEECH_MODEL', /npm run care:model/],
      ['off', 'SPEECH_OFF', /쓸 수 없습니다/],
    ] as const) {
      service.played.state = state
      const { status, body } = await service.send(MINSU, '/transcribe', spoken(1))
      assert.deepEqual([status, body.code], [503, code])
      assert.match(body.detail, text)
    }
  })

  it('listens to one recording after the other, in the order they came', async (t) => {
    const service = await startService(t)
    const gate = Promise.withResolvers<void>()
    service.played.hold = gate.promise
    const ended: number[] = []
    const sent = [1, 2, 3].map(async (seconds) => {
      const { status } = await service.send(MINSU, '/transcribe', spoken(seconds))
      ended.push(seconds)
      return status
    })
    await eventually(() => assert.equal(service.played.heard.length, 1))
    assert.equal(service.played.atOnce, 1)
    gate.resolve()
    assert.deepEqual(await Promise.all(sent), [200, 200, 200])
    assert.deepEqual(
      ended,
      service.played.heard.map((samples) => samples / 16_000),
    )
  })

  it('lets nobody fill the queue for the others', async (t) => {
    const service = await startService(t)
    const gate = Promise.withResolvers<void>()
    service.played.hold = gate.promise
    const mine = Array.from({ length: 5 }, () => service.send(MINSU, '/transcribe', spoken(1)))
    await eventually(async () => assert.match(await service.metrics.text(), /care_recordings_pending\S* 5\n/))
    const { status, body, headers } = await service.send(MINSU, '/transcribe', spoken(1))
    assert.deepEqual([status, body.code, headers['retry-after']], [503, 'SPEECH_BUSY', '10'])
    const other = service.send(JIWOO, '/transcribe', spoken(1))
    gate.resolve()
    assert.deepEqual(
      (await Promise.all([...mine, other])).map((answer) => answer.status),
      Array(6).fill(200),
    )
    assert.equal((await service.send(MINSU, '/transcribe', spoken(1))).status, 200, 'there is room again')
  })

  it('takes the answer of a model, and its own when the model has none; a model lowers no alarm', async (t) => {
    let assess: TextModel['assess'] = async () => ({
      scores: { depression: 10, anxiety: 20, cognitive: 90 },
      emotional_state: '편안',
      key_concerns: [],
      recommendations: [],
      confidence: 0.7,
      safety: 'none',
    })
    const textModel: TextModel = {
      name: 'openai',
      model: 'm-1',
      leavesTo: 'models.example.com',
      assess: (...asked) => assess(...asked),
    }
    const service = await startService(t, { textModel })
    await agree(service, MINSU)
    await letLeave(service, MINSU, 'models.example.com')
    const ask = async (text: string) => (await service.call<Analysis>(MINSU, 'POST', '/analyze', { text })).body
    const told = await ask('이제 그만 죽고 싶어요')
    assert.deepEqual([told.method.name, told.method.fallback, told.depression_score], ['openai', null, 10])
    assert.ok(['concern', 'immediate'].includes(told.safety.level))
    assess = async () => {
      throw new CareFailure('refused', 'a safety filter')
    }
    const own = await ask('우울해요')
    assert.deepEqual([own.method.name, own.method.fallback], ['rules', 'refused'])
    assert.ok(own.depression_score > 0)
  })
})
