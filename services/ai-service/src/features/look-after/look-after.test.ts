import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Static } from 'typebox'
import type { SeniorSchema, SharedTrendSchema } from '../../contract/guardian-schemas.ts'
import { EMMA, HARIN, JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import { consentUrl, link, share, type Problem, type Service } from '../../guardians.fixture.ts'

type Items<T> = { items: T[] }
type Note = { id: number; author_id: number; text: string }
type Trend = Static<typeof SharedTrendSchema>
type Senior = Static<typeof SeniorSchema>
type Read = { reader_id: number; what: string }

const [SENIOR, GUARDIAN, OTHER, STRANGER] = [MINSU, JIWOO, EMMA, HARIN]
const SAID = '할머니께서 무릎이 아프다고 하십니다'

async function startFamily(t: Parameters<typeof startService>[0]) {
  const service = await startService(t)
  for (const guardian of [GUARDIAN, OTHER]) await link(service, SENIOR, guardian)
  await share(service, SENIOR, GUARDIAN)
  await share(service, SENIOR, OTHER, ['crisis_notice'])
  return service
}

const write = (service: Service, by: number, text = SAID) =>
  service.call<Note & Problem>(by, 'POST', `/care/${SENIOR}/notes`, { text })
const read = (service: Service, by: number) => service.call<Items<Note> & Problem>(by, 'GET', `/care/${SENIOR}/notes`)
const readsOf = async (service: Service, who: number) =>
  (await service.call<Items<Read>>(who, 'GET', '/care/reads')).body.items

const seniorsOf = async (service: Service, who: number) =>
  (await service.call<Items<Senior>>(who, 'GET', '/care/seniors')).body.items

describe('what guardians see and write', () => {
  it('is only for the senior and for guardians to whom they agree: to others there is nobody', async (t) => {
    const service = await startFamily(t)
    const { id } = (await write(service, GUARDIAN)).body
    const rules = { quiet_days: 2, questionnaire: true, cues: false }
    for (const who of [OTHER, STRANGER])
      for (const [method, path, body] of [
        ['GET', 'notes'],
        ['POST', 'notes', { text: '?' }],
        ['DELETE', `notes/${id}`],
        ['GET', 'alert-rules'],
        ['PUT', 'alert-rules', rules],
      ] as const) {
        const refused = await service.call<Problem>(who, method, `/care/${SENIOR}/${path}`, body)
        assert.deepEqual([refused.status, refused.body.code], [404, 'SENIOR_NOT_FOUND'], `${who} ${method} ${path}`)
      }
    assert.equal((await write(service, SENIOR)).status, 404, 'a senior is no guardian of their own')
    assert.deepEqual((await read(service, SENIOR)).body.items.map(({ text }) => text), [SAID]) // prettier-ignore
    assert.deepEqual(await readsOf(service, STRANGER), [])
  })

  it('ends at once when the consent is taken back or the link ends; the senior keeps what was noted', async (t) => {
    for (const path of [consentUrl('guardian', GUARDIAN), 'link']) {
      const service = await startFamily(t)
      await write(service, GUARDIAN)
      assert.equal((await read(service, GUARDIAN)).status, 200)
      const [{ id }] = (await service.call<Items<{ id: number }>>(GUARDIAN, 'GET', '/care/links')).body.items as [
        { id: number },
      ]
      await service.call(SENIOR, 'DELETE', path === 'link' ? `/care/links/${id}` : path)
      assert.equal((await read(service, GUARDIAN)).status, 404)
      assert.equal((await write(service, GUARDIAN)).status, 404)
      const own = await read(service, SENIOR)
      assert.equal(
        (await service.call(GUARDIAN, 'DELETE', `/care/${SENIOR}/notes/${own.body.items[0]!.id}`)).status,
        404,
      )
      assert.equal((await service.call(SENIOR, 'DELETE', `/care/${SENIOR}/notes/${own.body.items[0]!.id}`)).status, 204)
    }
  })

  it('is audited for the senior, without what it was', async (t) => {
    const service = await startFamily(t)
    await write(service, GUARDIAN)
    for (let i = 0; i < 2; i++) await read(service, GUARDIAN)
    await read(service, SENIOR)
    assert.deepEqual(
      (await readsOf(service, SENIOR)).map(({ reader_id, what }) => [reader_id, what]),
      [[GUARDIAN, 'notes']],
    )
    const told = JSON.stringify([await service.published(), service.log])
    assert.ok(!told.includes('무릎'), 'neither events nor the log have words of a note')
  })

  it('refuses notes that are empty or too long, and rules that are none', async (t) => {
    const service = await startFamily(t)
    for (const text of ['', ' \n', 'a'.repeat(2_001)]) assert.equal((await write(service, GUARDIAN, text)).status, 422)
    assert.equal((await write(service, GUARDIAN, '가'.repeat(2_000))).status, 201)
    const put = (body: object) => service.call(GUARDIAN, 'PUT', `/care/${SENIOR}/alert-rules`, body)
    const rules = { quiet_days: 1, questionnaire: false, cues: false }
    for (const quiet_days of [0, 31, 1.5, '1']) assert.equal((await put({ ...rules, quiet_days })).status, 422)
    for (const quiet_days of [1, 30, null]) assert.equal((await put({ ...rules, quiet_days })).status, 200)
    assert.deepEqual((await service.call(GUARDIAN, 'GET', `/care/${SENIOR}/alert-rules`)).body, {
      ...rules,
      quiet_days: null,
    })
  })

  it('shows how the senior was in kinds and numbers, a crisis only to whom it may be told, and says who looked', async (t) => {
    const service = await startFamily(t)
    await service.agree(SENIOR)
    await share(service, SENIOR, OTHER, ['guardian'])
    await service.call(SENIOR, 'DELETE', consentUrl('crisis_notice', OTHER))
    await service.call(SENIOR, 'POST', '/care/entries', {
      text: '이제 그만 죽고 싶어요. 잠이 안 와요',
      keep_text: true,
    })
    await service.call(SENIOR, 'POST', '/care/questionnaires/GAD-7/answers', { answers: [2, 2, 2, 2, 1, 1, 0] })
    const trend = (who: number, query = '') =>
      service.call<Trend & Problem>(who, 'GET', `/care/${SENIOR}/trend${query}`)
    const last = async (who: number) => (await trend(who)).body.periods.at(-1)!
    assert.ok((await last(SENIOR)).safety !== null && (await last(GUARDIAN)).safety !== null)
    assert.equal((await last(OTHER)).safety, null)
    const { cues, questionnaires } = await last(GUARDIAN)
    assert.ok(cues.some(({ cue }) => cue === 'sleep'))
    assert.deepEqual([questionnaires[0]!.band, questionnaires[0]!.score], ['moderate', 10])
    const shown = JSON.stringify([(await trend(GUARDIAN)).body, (await seniorsOf(service, GUARDIAN))[0]])
    for (const word of ['죽고', '잠이', 'answers', 'evidence', 'text":"이']) assert.ok(!shown.includes(word), word)
    for (const who of [STRANGER])
      assert.deepEqual([(await trend(who)).status, (await trend(who)).body.code], [404, 'SENIOR_NOT_FOUND'])
    assert.equal((await trend(GUARDIAN, '?to=2026-02-30')).status, 400)
    const looked = (await readsOf(service, SENIOR)).filter(({ what }) => what === 'trend' || what === 'overview')
    assert.deepEqual(
      looked.map(({ reader_id, what }) => [reader_id, what]),
      [
        [GUARDIAN, 'overview'],
        [OTHER, 'trend'],
        [GUARDIAN, 'trend'],
      ],
    )
  })

  it('lists those who let somebody see how they are, and no others', async (t) => {
    const service = await startFamily(t)
    await service.agree(SENIOR)
    const [before] = await seniorsOf(service, GUARDIAN)
    assert.deepEqual([before!.senior_id, before!.last_sign_of_life, before!.days_since], [SENIOR, null, null])
    await service.call(SENIOR, 'POST', '/care/moods', { mood: 4 })
    service.clock.advance(2.5 * 86_400_000)
    const [after] = await seniorsOf(service, GUARDIAN)
    assert.deepEqual(
      [after!.days_since, after!.shares, after!.unread_alerts],
      [2, { trends: true, crisis: true, needs_renewal: false }, 0],
    )
    assert.ok(after!.last_sign_of_life)
    for (const who of [OTHER, SENIOR, STRANGER]) assert.deepEqual(await seniorsOf(service, who), [])
  })

  it('is not shown when the consent is taken back while it is looked up', async (t) => {
    const service = await startFamily(t)
    const { entries } = service.database
    const during = entries.during.bind(entries)
    entries.during = async (asked) => {
      await service.call(SENIOR, 'DELETE', consentUrl('guardian', GUARDIAN))
      return during(asked)
    }
    assert.equal((await service.call(GUARDIAN, 'GET', `/care/${SENIOR}/trend`)).status, 404)
    assert.deepEqual(await readsOf(service, SENIOR), [])
  })

  it('is handed out to the senior and to who wrote it', async (t) => {
    const service = await startFamily(t)
    await write(service, GUARDIAN)
    await read(service, GUARDIAN)
    const exported = async (who: number) =>
      (await service.call<Record<string, unknown[]>>(who, 'GET', '/care/export')).body
    const own = await exported(SENIOR)
    assert.deepEqual([own['links']!.length, own['reads']!.length, own['notes']!.length], [2, 1, 1])
    assert.equal(own['consents']!.length, 4)
    const guardians = await exported(GUARDIAN)
    assert.deepEqual([guardians['links']!.length, guardians['reads']!.length, guardians['notes']!.length], [1, 0, 1])
    assert.deepEqual((await exported(STRANGER))['notes'], [])
  })
})
