import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { changed, DEFAULT_SETTINGS, isQuiet, mayList, mayPush } from './settings.ts'

describe('quiet hours', () => {
  const seoul = (time: string) => Date.parse(`2026-03-01T${time}:00+09:00`)
  const at = (from: string, to: string, time: string) => isQuiet({ from, to, time_zone: 'Asia/Seoul' }, seoul(time))

  it('go from their beginning up to their end, over midnight too, in the time zone of their person', () => {
    assert.deepEqual(
      ['12:59', '13:00', '14:59', '15:00'].map((time) => at('13:00', '15:00', time)),
      [false, true, true, false],
    )
    assert.deepEqual(
      ['21:59', '22:00', '00:00', '06:59', '07:00'].map((time) => at('22:00', '07:00', time)),
      [false, true, true, true, false],
    )
    assert.equal(at('08:00', '08:00', '20:00'), true)
    assert.equal(isQuiet(null, 0), false)
    assert.equal(isQuiet({ from: '22:00', to: '23:00', time_zone: 'America/New_York' }, seoul('12:30')), true)
  })
})

describe('settings', () => {
  it('are all on at first, and keep what is not changed', () => {
    const once = changed({}, { kinds: { reaction: { push: false } }, show_text: false })
    assert.deepEqual(
      [mayPush(once, 'reaction'), mayList(once, 'reaction'), mayPush(once, 'message')],
      [false, true, true],
    )
    const twice = changed(once, { kinds: { reaction: { in_app: false } }, show_text: true })
    assert.deepEqual(twice.kinds.reaction, { push: false, in_app: false })
    assert.deepEqual({ ...twice, kinds: DEFAULT_SETTINGS.kinds }, DEFAULT_SETTINGS)
  })

  it('of an older version have what is new as it is by default', () => {
    const old = { kinds: { message: { push: false } }, sound: false }
    assert.deepEqual(changed(old, {}), {
      ...DEFAULT_SETTINGS,
      sound: false,
      kinds: { ...DEFAULT_SETTINGS.kinds, message: { push: false } },
    })
  })

  it('are the same whether they are changed at once or one after the other', () => {
    const change = fc.record(
      {
        show_text: fc.boolean(),
        sound: fc.boolean(),
        kinds: fc.record({ mention: fc.record({ push: fc.boolean() }) }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(change, change, (a, b) => {
        assert.deepEqual(changed(changed({}, a), b), changed({}, { ...a, ...b }))
      }),
    )
  })
})
