import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { EMMA, JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import { consentUrl, link, share, type Service } from '../../guardians.fixture.ts'

type Alert = { id: number; senior_id: number; kind: string; read_at: string | null }

const DAY_MS = 86_400_000
const [SENIOR, GUARDIAN, OTHER] = [MINSU, JIWOO, EMMA]
const CRISIS = '이제 그만 죽고 싶어요'

const alertsOf = async (service: Service, who: number) =>
  (await service.call<{ items: Alert[] }>(who, 'GET', '/care/alerts')).body.items
const kindsOf = async (service: Service, who: number) => (await alertsOf(service, who)).map(({ kind }) => kind)
const say = (service: Service, text: string) => service.call(SENIOR, 'POST', '/care/entries', { text })

/** Two guardians: one may see everything, one is told of a crisis. */
async function startFamily(t: Parameters<typeof startService>[0]) {
  const service = await startService(t)
  await service.agree(SENIOR)
  for (const guardian of [GUARDIAN, OTHER]) await link(service, SENIOR, guardian)
  await share(service, SENIOR, GUARDIAN, ['guardian'])
  await share(service, SENIOR, OTHER, ['crisis_notice'])
  return service
}

describe('alerts to guardians', () => {
  it('tell of a crisis whom the senior agreed to have told, and of nothing else', async (t) => {
    const service = await startFamily(t)
    await say(service, CRISIS)
    await eventually(async () => assert.deepEqual(await kindsOf(service, OTHER), ['crisis']))
    assert.deepEqual(await kindsOf(service, GUARDIAN), [])
    assert.deepEqual(await kindsOf(service, SENIOR), [])
    const told = JSON.stringify([await service.published(), service.log, await alertsOf(service, OTHER)])
    assert.ok(!told.includes('죽고'))
  })

  it('are not raised once the consent is gone, though the event is on its way', async (t) => {
    const service = await startFamily(t)
    await service.call(SENIOR, 'DELETE', consentUrl('crisis_notice', OTHER))
    await say(service, CRISIS)
    await service.call(SENIOR, 'POST', '/care/questionnaires/GAD-7/answers', { answers: [3, 3, 3, 3, 3, 3, 3] })
    await eventually(async () => assert.deepEqual(await kindsOf(service, GUARDIAN), ['questionnaire']))
    assert.deepEqual(await kindsOf(service, OTHER), [])
  })

  it('tell of days without a sign of life once, until there is one', async (t) => {
    const service = await startFamily(t)
    const afterDays = async (days: number) => {
      service.clock.advance(days * DAY_MS)
      await service.turns.silence()
      return kindsOf(service, GUARDIAN)
    }
    assert.deepEqual(await afterDays(2), [])
    assert.deepEqual(await afterDays(1), ['quiet'])
    assert.deepEqual(await afterDays(5), ['quiet'])
    await say(service, CRISIS)
    await eventually(async () => assert.deepEqual(await kindsOf(service, OTHER), ['crisis']))
    assert.deepEqual(await afterDays(2), ['quiet'])
    assert.deepEqual(await afterDays(1), ['quiet', 'quiet'])
    assert.deepEqual(await kindsOf(service, OTHER), ['crisis'])
  })

  it('are read by whose they are', async (t) => {
    const service = await startFamily(t)
    service.clock.advance(3 * DAY_MS)
    await service.turns.silence()
    const [alert] = await alertsOf(service, GUARDIAN)
    const mark = (who: number, body: object) =>
      service.call<{ unread_count: number }>(who, 'POST', '/care/alerts/read', body)
    assert.equal((await mark(OTHER, { ids: [alert!.id] })).status, 200)
    assert.equal((await alertsOf(service, GUARDIAN))[0]!.read_at, null)
    assert.deepEqual((await mark(GUARDIAN, { all: true })).body, { unread_count: 0 })
    assert.ok((await alertsOf(service, GUARDIAN))[0]!.read_at)
    for (const body of [{}, { ids: [] }, { all: false }, { ids: ['x'] }])
      assert.equal((await mark(OTHER, body)).status, 422)
  })
})
