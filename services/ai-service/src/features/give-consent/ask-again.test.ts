import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CONSENTS, type ConsentKind } from '../../domain/consents.ts'
import { EMMA, JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import { consentUrl, link, type Link, type Service } from '../../guardians.fixture.ts'

type Consent = { kind: string; subject: string; given_at: string | null; needs_renewal: boolean }

const HOST = 'speech.example.com'
const [SENIOR, GUARDIAN] = [MINSU, JIWOO]

/** As it was agreed to before the words were changed for the last time. */
const agreedBefore = (service: Service, user_id: number, kind: ConsentKind, subject = '') =>
  service.consents.give({ user_id, kind, subject, version: CONSENTS[kind].version - 1, now: 1 })
const consentsOf = async (service: Service, who: number) =>
  (await service.call<{ items: Consent[] }>(who, 'GET', '/care/consents')).body.items
const outdatedOf = async (service: Service, who: number) =>
  (await consentsOf(service, who)).flatMap(({ kind, given_at, needs_renewal }) =>
    needs_renewal && given_at === null ? [kind] : [],
  )
/** What was told since the last time: of whom, and of how many consents. */
function createTold(service: Service) {
  let seen = 0
  return async () => {
    const all = (await service.published()).filter(({ value }) => value.event_type === 'CareConsentsOutdated')
    const fresh = all.slice(seen).map(({ value }) => [value['user_id'], value['count']])
    seen = all.length
    return fresh
  }
}
const agree = (service: Service, kind: ConsentKind, url: string) =>
  service.call(SENIOR, 'PUT', url, { version: CONSENTS[kind].version })

describe('consents to older words', () => {
  it('are told of once, and are asked for again until they are given or taken back', async (t) => {
    const service = await startService(t, { speechAt: HOST })
    const told = createTold(service)
    await link(service, SENIOR, GUARDIAN)
    await agreedBefore(service, SENIOR, 'analysis')
    await agreedBefore(service, SENIOR, 'cloud', HOST)
    await agreedBefore(service, SENIOR, 'guardian', String(GUARDIAN))
    await agreedBefore(service, SENIOR, 'crisis_notice', String(GUARDIAN))
    await service.agree(EMMA)
    for (let turn = 0; turn < 2; turn++) await service.turns.renewals()
    assert.deepEqual(await told(), [[SENIOR, 4]])
    assert.deepEqual(await outdatedOf(service, SENIOR), ['analysis', 'cloud', 'guardian', 'crisis_notice'])
    assert.deepEqual(await outdatedOf(service, EMMA), [])

    await agree(service, 'guardian', consentUrl('guardian', GUARDIAN))
    await service.call(SENIOR, 'DELETE', consentUrl('crisis_notice', GUARDIAN))
    await service.call(SENIOR, 'DELETE', `/care/consents/cloud?subject=${HOST}`)
    assert.deepEqual(await outdatedOf(service, SENIOR), ['analysis'])
    assert.deepEqual(await told(), [])
    await service.agree(SENIOR)
    await service.turns.renewals()
    assert.deepEqual(await told(), [[SENIOR, 0]])
    assert.deepEqual(await outdatedOf(service, SENIOR), [])
  })

  it('end with the link, and are told of no more', async (t) => {
    const service = await startService(t)
    const told = createTold(service)
    const id = await link(service, SENIOR, GUARDIAN)
    await agreedBefore(service, SENIOR, 'guardian', String(GUARDIAN))
    await service.turns.renewals()
    await service.call(GUARDIAN, 'DELETE', `/care/links/${id}`)
    assert.deepEqual(await told(), [[SENIOR, 1], [SENIOR, 0]]) // prettier-ignore
  })

  it('share nothing, which both see the reason of', async (t) => {
    const service = await startService(t)
    await link(service, SENIOR, GUARDIAN)
    await agreedBefore(service, SENIOR, 'guardian', String(GUARDIAN))
    for (const who of [SENIOR, GUARDIAN]) {
      const [one] = (await service.call<{ items: Link[] }>(who, 'GET', '/care/links')).body.items
      assert.deepEqual(one!.shares, { trends: false, crisis: false, needs_renewal: true })
    }
    assert.equal((await service.call(GUARDIAN, 'GET', `/care/${SENIOR}/trend`)).status, 404)
  })

  it('to a cloud that nothing is sent to any more are no question', async (t) => {
    const service = await startService(t)
    await agreedBefore(service, SENIOR, 'cloud', HOST)
    await service.turns.renewals()
    assert.deepEqual(await createTold(service)(), [])
  })
})
