import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { JIWOO, MINSU, spoken, startService } from '../../ai-service.fixture.ts'
import type { TextModel } from '../../ports.ts'

type Service = Awaited<ReturnType<typeof startService>>
type Analysis = { method: { name: string; fallback: string | null } }

const SPEECH = 'speech.example.com'
const MODEL = 'models.example.com'
const consent = (service: Service, who: number, method: 'PUT' | 'DELETE', host: string) =>
  service.call(who, method, `/care/consents/cloud?subject=${host}`, method === 'PUT' ? { version: 1 } : undefined)

/** A model elsewhere, and what it was asked. */
function modelElsewhere(): { textModel: TextModel; asked: string[] } {
  const asked: string[] = []
  const scores = { depression: 10, anxiety: 0, cognitive: 100 }
  const textModel: TextModel = {
    name: 'openai',
    model: 'm-1',
    leavesTo: MODEL,
    async assess(text) {
      asked.push(text)
      const words = { emotional_state: '편안', key_concerns: [], recommendations: [] }
      return { scores, ...words, confidence: 0.5, safety: 'none' }
    },
  }
  return { textModel, asked }
}

describe('what would leave this machine', () => {
  it('is named in a consent of its own, host by host, and nobody has given it before', async (t) => {
    const service = await startService(t, { speechAt: SPEECH, textModel: modelElsewhere().textModel })
    type Consents = { items: { kind: string; subject: string; text: string; given_at: string | null }[] }
    const { body } = await service.call<Consents>(MINSU, 'GET', '/care/consents')
    const clouds = body.items.filter(({ kind }) => kind === 'cloud')
    assert.deepEqual(
      clouds.map(({ subject, given_at }) => [subject, given_at]),
      [
        [SPEECH, null],
        [MODEL, null],
      ],
    )
    for (const { subject, text } of clouds) assert.ok(text.includes(subject), text)
  })

  it('is no speech of somebody who has not agreed to that host, or no longer does, even while it waits', async (t) => {
    const service = await startService(t, { speechAt: SPEECH, playedDecoder: true })
    await service.agree(MINSU)
    const routes = ['/transcribe', '/analyze-audio', '/care/recordings']
    for (const route of routes) {
      const { status, body } = await service.send(MINSU, route, spoken(1))
      assert.deepEqual([status, body.code], [403, 'CONSENT_REQUIRED'], route)
    }
    const before = service.played.heard.length
    assert.equal((await consent(service, MINSU, 'PUT', SPEECH)).status, 200)
    assert.equal((await service.send(MINSU, '/transcribe', spoken(1))).status, 200)

    const held = Promise.withResolvers<void>()
    service.played.hold = held.promise
    await service.agree(JIWOO)
    await consent(service, JIWOO, 'PUT', SPEECH)
    const first = service.send(JIWOO, '/transcribe', spoken(1))
    await eventually(() => assert.equal(service.played.atOnce, 1))
    const waiting = service.send(MINSU, '/transcribe', spoken(1))
    const job = await service.send(MINSU, '/care/recordings', spoken(1))
    await consent(service, MINSU, 'DELETE', SPEECH)
    held.resolve()
    assert.equal((await first).status, 200)
    assert.deepEqual([(await waiting).status, (await waiting).body.code], [403, 'CONSENT_REQUIRED'])
    const { id } = job.body as unknown as { id: number }
    await eventually(async () => {
      const { body } = await service.call<{ state: string; error: { code: string } }>(
        MINSU,
        'GET',
        `/care/recordings/${id}`,
      )
      assert.deepEqual([body.state, body.error.code], ['failed', 'CONSENT_REQUIRED'])
    })
    assert.equal(service.played.heard.length, before + 2, 'nothing of it was sent')
  })

  it('is no text of somebody who has not agreed: the rules answer, and say so', async (t) => {
    const { textModel, asked } = modelElsewhere()
    const service = await startService(t, { textModel })
    await service.agree(MINSU)
    const ask = async () => (await service.call<Analysis>(MINSU, 'POST', '/analyze', { text: '우울해요' })).body.method
    const { name, fallback } = await ask()
    assert.deepEqual([name, fallback, asked], ['rules', 'no_consent', []])
    const kept = await service.call<{ analysis: Analysis }>(MINSU, 'POST', '/care/entries', { text: '잠이 안 와요' })
    assert.deepEqual([kept.status, kept.body.analysis.method.fallback, asked], [201, 'no_consent', []])
    await consent(service, MINSU, 'PUT', MODEL)
    assert.equal((await ask()).name, 'openai')
    await consent(service, MINSU, 'DELETE', MODEL)
    assert.equal((await ask()).fallback, 'no_consent')
    assert.deepEqual(asked, ['우울해요'])
  })
})
