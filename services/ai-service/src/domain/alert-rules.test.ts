import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { alertsOf, DEFAULT_RULES, quietAlert, type HandedIn } from './alert-rules.ts'

const at = Date.parse('2026-11-28T16:00:00Z')
const calm: HandedIn = { at, safety_level: 'none', cues: [], band: null }
const both = { rules: DEFAULT_RULES, crisis: true }
const even = { last: 0, before: 0 }
const kinds = (handed: Partial<HandedIn>, to: Parameters<typeof alertsOf>[1] = both, weeks = even) =>
  alertsOf({ ...calm, ...handed }, to, weeks).map(({ kind }) => kind)

describe('what a guardian is told', () => {
  it('of the same kind once in ten minutes, whatever repeats itself', () => {
    const keys = (after: number) =>
      alertsOf({ ...calm, at: at + after, safety_level: 'concern', band: 'severe' }, both, even).map(({ key }) => key)
    assert.deepEqual(keys(599_999), keys(0))
    for (const key of keys(600_000)) assert.ok(!keys(0).includes(key))
  })

  it('of a crisis, by the senior’s consent alone', () => {
    for (const [safety_level, expected] of [
      ['none', []],
      ['mention', []],
      ['past', []],
      ['concern', ['crisis']],
      ['immediate', ['crisis']],
    ] as const) {
      assert.deepEqual(kinds({ safety_level }), expected)
      assert.deepEqual(kinds({ safety_level }, { rules: DEFAULT_RULES, crisis: false }), [])
      assert.deepEqual(kinds({ safety_level }, { rules: undefined, crisis: true }), expected)
    }
  })

  it('of a questionnaire from its cut-off on, if they want it', () => {
    for (const band of ['minimal', 'mild', 'below', null]) assert.deepEqual(kinds({ band }), [])
    for (const band of ['moderate', 'moderately_severe', 'severe', 'suggestive', 'strong']) {
      assert.deepEqual(kinds({ band }), ['questionnaire'])
      assert.deepEqual(kinds({ band }, { rules: { ...DEFAULT_RULES, questionnaire: false }, crisis: true }), [])
    }
  })

  it('of a strong cue, and of clearly more of them than the week before, once a day in Korea', () => {
    const cue = (strength: number) => ({ cues: [{ cue: 'sleep', strength }] as const })
    assert.deepEqual(kinds(cue(2)), [])
    assert.deepEqual(kinds(cue(3)), ['cues'])
    assert.deepEqual(kinds(cue(3), { rules: { ...DEFAULT_RULES, cues: false }, crisis: true }), [])
    assert.deepEqual(kinds(cue(1), both, { last: 4, before: 2 }), [])
    assert.deepEqual(kinds(cue(1), both, { last: 5, before: 2 }), ['cues'])
    assert.deepEqual(kinds({}, both, { last: 5, before: 2 }), [], 'not with an entry that has none')
    assert.deepEqual(alertsOf({ ...calm, ...cue(3) }, both, even), [{ kind: 'cues', key: 'cues:2026-11-29' }])
  })

  it('of silence after so many whole days, once a silence', () => {
    const days = (n: number) => ({ sign_at: at, now: at + n * 86_400_000 })
    assert.equal(quietAlert({ quiet_days: 3 }, { ...days(3), now: days(3).now - 1 }), undefined)
    assert.deepEqual(quietAlert({ quiet_days: 3 }, days(3)), { kind: 'quiet', key: `quiet:${at}` })
    assert.deepEqual(quietAlert({ quiet_days: 3 }, days(9)), quietAlert({ quiet_days: 3 }, days(3)))
    assert.equal(quietAlert({ quiet_days: null }, days(99)), undefined)
  })
})
