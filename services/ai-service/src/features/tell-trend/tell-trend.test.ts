import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Static } from 'typebox'
import { JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import type { TrendSchema } from '../../contract/trend-schemas.ts'

type Trend = Static<typeof TrendSchema>
type Service = Awaited<ReturnType<typeof startService>>
type Problem = { code: string; detail: string }

const DAY_MS = 86_400_000
const trend = async (service: Service, query: string, who: number = MINSU) =>
  (await service.call<Trend>(who, 'GET', `/care/trend${query}`)).body

/** From the evening of the last of December in Seoul, on four days. */
async function start(t: Parameters<typeof startService>[0]): Promise<Service> {
  const service = await startService(t)
  await service.agree(MINSU)
  service.clock.set('2026-12-31T14:59:59.999Z')
  await service.call(MINSU, 'POST', '/care/moods', { mood: 2, note: '잠이 안 와요' })
  service.clock.advance(1)
  await service.call(MINSU, 'POST', '/care/moods', { mood: 5 })
  await service.call(MINSU, 'POST', '/care/questionnaires/PHQ-9/answers', { answers: [0, 0, 0, 0, 0, 0, 0, 0, 1] })
  service.clock.advance(3 * DAY_MS)
  await service.call(MINSU, 'POST', '/care/entries', { text: '요즘 기분이 우울하고 불안해요' })
  return service
}

describe('a trend', () => {
  it('is by the days of the time zone, with those in which nothing was handed in', async (t) => {
    const service = await start(t)
    const { periods, tz, by, last_sign_of_life } = await trend(service, '?from=2026-12-31&to=2027-01-04')
    assert.deepEqual([by, tz, last_sign_of_life], ['day', 'Asia/Seoul', '2027-01-03T15:00:00.000Z'])
    assert.deepEqual(
      periods.map(({ start: at, entries, mood, safety }) => [at, entries, mood?.mean ?? null, safety]),
      [
        ['2026-12-30T15:00:00.000Z', 1, 2, 'none'],
        ['2026-12-31T15:00:00.000Z', 2, 5, 'concern'],
        ['2027-01-01T15:00:00.000Z', 0, null, 'none'],
        ['2027-01-02T15:00:00.000Z', 0, null, 'none'],
        ['2027-01-03T15:00:00.000Z', 1, null, 'none'],
      ],
    )
    assert.deepEqual(periods[0]!.cues, [{ cue: 'sleep', entries: 1, strongest: periods[0]!.cues[0]!.strongest }])
    const [screening] = periods[1]!.questionnaires
    assert.deepEqual([screening!.band, screening!.band_text, screening!.score], ['minimal', '최소', 1])
    assert.ok(!('answers' in screening!))
    assert.deepEqual(periods[2]!.scores, { depression: null, anxiety: null, cognitive: null })
  })

  it('is by weeks from Monday, by months, and by another zone', async (t) => {
    const service = await start(t)
    const starts = async (query: string) => (await trend(service, query)).periods.map((one) => [one.start, one.entries])
    assert.deepEqual(await starts('?by=month&from=2026-12-01&to=2027-01-31'), [
      ['2026-11-30T15:00:00.000Z', 1],
      ['2026-12-31T15:00:00.000Z', 3],
    ])
    assert.deepEqual(await starts('?by=week&from=2026-12-28&to=2027-01-04'), [
      ['2026-12-27T15:00:00.000Z', 3],
      ['2027-01-03T15:00:00.000Z', 1],
    ])
    assert.deepEqual(await starts('?from=2026-12-31&to=2026-12-31&tz=UTC'), [['2026-12-31T00:00:00.000Z', 3]])
    assert.equal((await trend(service, '')).periods.length, 30)
  })

  it('is each person’s own, and of what they have not deleted', async (t) => {
    const service = await start(t)
    const others = await trend(service, '', JIWOO)
    assert.ok(others.periods.every(({ entries }) => entries === 0))
    assert.equal(others.last_sign_of_life, null)
    await service.call(MINSU, 'DELETE', '/care/entries')
    const { periods, last_sign_of_life } = await trend(service, '?by=month')
    assert.deepEqual([periods.every(({ entries }) => entries === 0), last_sign_of_life], [true, null])
  })

  it('is refused for what is no range', async (t) => {
    const service = await start(t)
    for (const [query, field] of [
      ['?from=2027-01-05&to=2027-01-04', 'from'],
      ['?from=2020-01-01', 'from'],
      ['?from=1000-01-01&to=1000-01-02', 'from'],
      ['?to=2026-02-30', 'to'],
      ['?tz=Nowhere/City', 'tz'],
    ] as const) {
      const { status, body } = await service.call<Problem>(MINSU, 'GET', `/care/trend${query}`)
      assert.deepEqual(
        [status, body.code, body.detail.includes(`${field}:`)],
        [400, 'TREND_RANGE_INVALID', true],
        query,
      )
    }
    assert.equal((await trend(service, '?from=2027-01-04&to=9999-12-31')).periods.length, 1, 'up to today')
  })
})
