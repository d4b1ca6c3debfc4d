import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defineEvents } from '@bigtech/messaging'
import { eventually } from '@bigtech/testkit'
import { UserClosed } from '@bigtech/user-service/contract'
import type { Static } from 'typebox'
import { JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import type { HandedInSchema } from '../../contract/entry-schemas.ts'
import { careEvents } from '../../contract/events.ts'

type HandedIn = Static<typeof HandedInSchema>
type Entry = HandedIn['entry']
type Service = Awaited<ReturnType<typeof startService>>

const SAID = '요즘 잠이 안 오고 너무 우울해요'

const list = async (service: Service, who: number, query = '') =>
  (await service.call<{ items: Entry[]; next_cursor: string | null }>(who, 'GET', `/care/entries${query}`)).body

describe('what somebody hands in', () => {
  it('is analysed, and kept without the words', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    const { status, body } = await service.call<HandedIn>(MINSU, 'POST', '/care/entries', { text: SAID })
    assert.equal(status, 201, JSON.stringify(body))
    assert.ok(body.analysis!.evidence.length > 0, 'the whole analysis, once')
    assert.equal(body.safety.contacts[0]!.number, '109')
    const { entry } = body
    assert.deepEqual([entry.kind, entry.text, entry.analysis!.evidence], ['text', null, null])
    assert.ok(entry.analysis!.cues.some(({ cue }) => cue === 'sleep'))
    assert.equal(entry.analysis!.emotional_state, body.analysis!.emotional_state)
    assert.equal(Date.parse(entry.expires_at) - Date.parse(entry.created_at), 90 * 86_400_000)
    assert.deepEqual((await list(service, MINSU)).items, [entry])
    assert.deepEqual((await service.call(MINSU, 'GET', `/care/entries/${entry.id}`)).body, entry)
  })

  it('is told to the other services and to the log without a word of it', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    await service.call(MINSU, 'POST', '/care/entries', { text: SAID, keep_text: true })
    await service.call(MINSU, 'POST', '/care/moods', { mood: 2, note: '죽고 싶다고 적었어요', keep_text: true })
    await service.call(MINSU, 'POST', '/care/moods', { mood: 5 })
    await service.call(MINSU, 'POST', '/care/questionnaires/GAD-7/answers', { answers: [2, 2, 2, 2, 1, 1, 0] })
    const events = await service.published()
    const { validate } = defineEvents(careEvents)
    for (const event of events) assert.deepEqual(validate(event), [])
    const values = events.map(({ value }) => value).filter(({ event_type }) => event_type !== 'CareConsentChanged')
    assert.deepEqual(
      values.map((one) => [one.event_type, one['user_id'], one['kind'] ?? one['name'], one['method'] ?? one['band']]),
      [
        ['AnalysisCompleted', MINSU, 'text', 'rules'],
        ['AnalysisCompleted', MINSU, 'mood', 'rules'],
        ['AnalysisCompleted', MINSU, 'mood', undefined],
        ['QuestionnaireAnswered', MINSU, 'GAD-7', 'moderate'],
      ],
    )
    const told = JSON.stringify([events, service.log])
    for (const word of ['우울', '잠이', '죽고', '적었', '[2,2,2']) assert.ok(!told.includes(word), word)
  })

  it('is kept with its words and their places for who asks for that', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    const kept = { text: SAID, keep_text: true }
    const { entry } = (await service.call<HandedIn>(MINSU, 'POST', '/care/entries', kept)).body
    assert.equal(entry.text, SAID)
    for (const { phrase, start, end } of entry.analysis!.evidence!) assert.equal(SAID.slice(start, end), phrase)
  })

  it('needs the consent, then and when it is kept; what was kept can be read and deleted without', async (t) => {
    const service = await startService(t)
    for (const [path, body] of [
      ['/care/entries', { text: SAID }],
      ['/care/moods', { mood: 3 }],
      ['/care/questionnaires/PHQ-9/answers', { answers: Array(9).fill(0) }],
    ] as const) {
      const { status, body: problem } = await service.call<{ code: string }>(MINSU, 'POST', path, body)
      assert.deepEqual([status, problem.code], [403, 'CONSENT_REQUIRED'], path)
    }
    await service.agree(MINSU)
    await service.call(MINSU, 'POST', '/care/moods', { mood: 3 })
    await service.call(MINSU, 'DELETE', '/care/consents/analysis')
    assert.equal((await service.call(MINSU, 'POST', '/care/moods', { mood: 3 })).status, 403)
    const { items } = await list(service, MINSU)
    assert.equal(items.length, 1)
    assert.equal((await service.call(MINSU, 'DELETE', `/care/entries/${items[0]!.id}`)).status, 204)
    assert.equal((await service.call(MINSU, 'DELETE', `/care/entries/${items[0]!.id}`)).status, 404)
  })

  it('shows whom to call when a mood’s note speaks of a crisis', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    const note = '이제 그만 죽고 싶어요'
    const { body } = await service.call<HandedIn>(MINSU, 'POST', '/care/moods', { mood: 4, note })
    assert.ok(['concern', 'immediate'].includes(body.safety.level))
    assert.match(body.safety.message!, /고마워요/)
    assert.deepEqual([body.entry.mood, body.entry.text], [4, null])
    assert.equal(body.entry.safety_level, body.safety.level)
  })

  it('is each person’s own: for others it is not there', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    const { entry } = (await service.call<HandedIn>(MINSU, 'POST', '/care/moods', { mood: 1 })).body
    for (const method of ['GET', 'DELETE'] as const) {
      const { status, body } = await service.call<{ code: string }>(JIWOO, method, `/care/entries/${entry.id}`)
      assert.deepEqual([status, body.code], [404, 'ENTRY_NOT_FOUND'])
    }
    assert.equal((await service.call(JIWOO, 'DELETE', '/care/entries')).status, 204)
    assert.deepEqual((await list(service, JIWOO)).items, [])
    assert.equal((await list(service, MINSU)).items.length, 1)
  })

  it('is listed in pages, the newest first, of one kind or all', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    for (const mood of [1, 2, 3]) await service.call(MINSU, 'POST', '/care/moods', { mood })
    await service.call(MINSU, 'POST', '/care/entries', { text: SAID })
    const first = await list(service, MINSU, '?limit=2&kind=mood')
    const second = await list(service, MINSU, `?limit=2&kind=mood&cursor=${first.next_cursor}`)
    assert.deepEqual(
      [...first.items, ...second.items].map(({ mood }) => mood),
      [3, 2, 1],
    )
    assert.equal(second.next_cursor, null)
  })

  it('is refused when it is none', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    const post = async (path: string, body: object) => (await service.call(MINSU, 'POST', path, body)).status
    assert.equal(await post('/care/entries', { text: ' \n' }), 400)
    assert.equal(await post('/care/entries', { text: 'a'.repeat(20_001) }), 422)
    for (const mood of [0, 6, 2.5, '3 ', null]) assert.equal(await post('/care/moods', { mood }), 422, String(mood))
  })

  it('goes when somebody deletes all, and with the account; others are told once', async (t) => {
    const service = await startService(t)
    for (const who of [MINSU, JIWOO]) {
      await service.agree(who)
      await service.call(who, 'POST', '/care/moods', { mood: 3 })
    }
    const erased = async () =>
      (await service.published())
        .filter(({ value }) => value.event_type === 'CareDataErased')
        .map(({ value }) => value['user_id'])
    assert.equal((await service.call(MINSU, 'DELETE', '/care/entries')).status, 204)
    assert.equal((await service.call(MINSU, 'DELETE', '/care/entries')).status, 204)
    assert.deepEqual(await erased(), [MINSU])
    await service.bus.publish([UserClosed.make({ user_id: JIWOO, saga_id: 's' })])
    await eventually(async () => assert.deepEqual(new Set(await erased()), new Set([MINSU, JIWOO])))
    assert.deepEqual((await list(service, JIWOO)).items, [])
  })
})
