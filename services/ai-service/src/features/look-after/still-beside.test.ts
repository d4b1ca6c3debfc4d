import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import { link, share, type Problem, type Service } from '../../guardians.fixture.ts'

type Items = { items: { senior_id: number }[] }

const [SENIOR, GUARDIAN, ANOTHER] = [MINSU, JIWOO, EMMA]
const RULES = { quiet_days: 2, questionnaire: true, cues: true }

/** Somebody looks after two, of both of whom they were told. */
async function startFamilies(t: Parameters<typeof startService>[0]) {
  const service = await startService(t)
  for (const senior of [SENIOR, ANOTHER]) {
    await link(service, senior, GUARDIAN)
    await share(service, senior, GUARDIAN)
    const at = service.clock.now()
    const handed = { at, safety_level: 'concern', cues: [], band: null } as const
    await service.database.alerts.handedIn({ event_id: `of ${senior}`, now: at, senior_id: senior, handed })
  }
  await service.call(GUARDIAN, 'POST', `/care/${SENIOR}/notes`, { text: '점심을 같이 먹었습니다' })
  return service
}

const seniorsIn = async (service: Service, path: string) =>
  (await service.call<Items>(GUARDIAN, 'GET', path)).body.items
    .map(({ senior_id }) => senior_id)
    .toSorted((a, b) => a - b)

/** What the guardian gets of each that is about one senior. */
async function asked(service: Service): Promise<Record<string, number>> {
  const answers: Record<string, number> = {}
  for (const [method, path, body] of [
    ['GET', 'trend'],
    ['GET', 'notes'],
    ['POST', 'notes', { text: '?' }],
    ['DELETE', 'notes/1'],
    ['GET', 'alert-rules'],
    ['PUT', 'alert-rules', RULES],
  ] as const) {
    const answer = await service.call<Problem>(GUARDIAN, method, `/care/${SENIOR}/${path}`, body)
    answers[`${method} ${path} ${answer.body.code ?? ''}`.trim()] = answer.status
  }
  return answers
}

const REFUSED = {
  'GET trend SENIOR_NOT_FOUND': 404,
  'GET notes SENIOR_NOT_FOUND': 404,
  'POST notes SENIOR_NOT_FOUND': 404,
  'DELETE notes/1 SENIOR_NOT_FOUND': 404,
  'GET alert-rules SENIOR_NOT_FOUND': 404,
  'PUT alert-rules SENIOR_NOT_FOUND': 404,
}

describe('what a guardian sees before events have told that it is over', () => {
  for (const [what, end] of [
    ['the account is closed', (service: Service) => void (service.people.gone = async () => new Set([SENIOR]))],
    [
      'the friendship has ended',
      (service: Service) => void (service.friends.answer = async (_, other) => other !== SENIOR),
    ],
  ] as const)
    it(`is nothing of whom: ${what}; and all of others`, async (t) => {
      const service = await startFamilies(t)
      end(service)
      assert.deepEqual(await asked(service), REFUSED)
      assert.deepEqual(await seniorsIn(service, '/care/seniors'), [ANOTHER])
      assert.deepEqual(await seniorsIn(service, '/care/alerts'), [ANOTHER])
      const reads = await service.call<{ items: { what: string }[] }>(SENIOR, 'GET', '/care/reads')
      assert.deepEqual(
        reads.body.items.map((one) => one.what),
        ['alert'],
      )
    })

  it('is what events have told where nobody can be asked', async (t) => {
    const service = await startFamilies(t)
    service.people.gone = () => Promise.reject(new Error('away'))
    service.friends.answer = () => Promise.reject(new Error('away'))
    assert.deepEqual(new Set(Object.values(await asked(service))), new Set([200, 201, 204]))
    assert.deepEqual(await seniorsIn(service, '/care/seniors'), [SENIOR, ANOTHER])
    assert.ok(service.log.some((line) => line.includes('cannot be asked')))
  })
})
