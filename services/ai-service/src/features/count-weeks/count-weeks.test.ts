import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startService } from '../../ai-service.fixture.ts'

const DAY_MS = 86_400_000
type Value = { event_type: string; week_start: string; measure: string; entries: number; people: number }

describe('a week that is over', () => {
  it('is told of once, in groups of five people and more, and nobody is named', async (t) => {
    const service = await startService(t)
    const told = async () =>
      (await service.published())
        .map(({ value }) => value as unknown as Value)
        .filter(({ event_type }) => event_type === 'CareWeekCounted')
    for (const who of [1, 2, 3, 4, 5, 6]) {
      await service.agree(who)
      await service.call(who, 'POST', '/care/moods', { mood: 2 })
      if (who < 6) await service.call(who, 'POST', '/care/entries', { text: '요즘 잠이 안 와요' })
      if (who < 5) await service.call(who, 'POST', '/care/entries', { text: '입맛이 없어요' })
    }
    await service.module.turns.weeks()
    assert.deepEqual(await told(), [], 'the week is not over')
    service.clock.advance(7 * DAY_MS)
    await service.module.turns.weeks()
    await service.module.turns.weeks()
    const events = await told()
    const [{ week_start }] = events as [Value]
    assert.equal(
      new Date(week_start).toLocaleString('en-GB', { timeZone: 'Asia/Seoul', weekday: 'short', hour: '2-digit' }),
      'Mon, 00',
    )
    const groups = Object.fromEntries(events.map(({ measure, entries, people }) => [measure, [entries, people]]))
    assert.deepEqual(groups, { all: [15, 6], 'cue:sleep': [5, 5], mood: [6, 6], text: [9, 5] })
    assert.ok(events.every((event) => !('user_id' in event)))
  })

  it('of fewer than five people is told of in no way', async (t) => {
    const service = await startService(t)
    for (const who of [1, 2, 3, 4]) {
      await service.agree(who)
      for (let n = 0; n < 3; n++) await service.call(who, 'POST', '/care/moods', { mood: 4 })
    }
    service.clock.advance(8 * DAY_MS)
    await service.module.turns.weeks()
    const types = (await service.published()).map(({ value }) => value.event_type)
    assert.ok(types.includes('AnalysisCompleted') && !types.includes('CareWeekCounted'))
  })
})
