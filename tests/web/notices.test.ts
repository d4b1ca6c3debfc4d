import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bestWindow, isLookedAt, noticeOf, noticeToShow, placeOf, readPayload } from '@bigtech/web/notices'

const at = (path: string, focused = false, visibilityState = 'hidden') => ({
  url: `https://chat.example.org${path}`,
  focused,
  visibilityState,
})

describe('what is pushed', () => {
  it('is not shown of a room that a window in use shows, whatever the place in it', () => {
    assert.ok(isLookedAt('/rooms/7?at=42', [at('/friends'), at('/rooms/7', true, 'visible')]))
    assert.ok(!isLookedAt('/rooms/7?at=42', [at('/rooms/77', true, 'visible')]))
    assert.ok(!isLookedAt('/rooms/7?at=42', [at('/rooms/7', false, 'visible')]), 'another program is in front')
    assert.ok(!isLookedAt('/friends', [at('/friends', true, 'visible')]), 'a request is news wherever one is')
  })

  it('is shown once more without a sound when it comes again and nobody sees a window, as browsers want to see each push', () => {
    const payload = { ...readPayload({ tag: 'room:7', kind: 'message', link: '/rooms/7?at=42' })!, at: 1_000 }
    const shown = (windows: ReturnType<typeof at>[], how: { isRepeat: boolean; isPushed: boolean }) => {
      const notice = noticeToShow(payload, { windows, ...how })
      return notice && [notice.options.silent, notice.options.renotify]
    }
    const [again, new_] = [true, false].map((isRepeat) => ({ isRepeat, isPushed: true }))
    for (const windows of [[], [at('/rooms/7')]]) {
      assert.deepEqual(shown(windows, again!), [true, false])
      assert.deepEqual(shown(windows, new_!), [false, true])
    }
    const seen = at('/friends', false, 'visible')
    assert.equal(shown([at('/rooms'), seen], again!), undefined)
    assert.deepEqual(shown([seen], new_!), [false, true])
    // A page owes its browser nothing.
    assert.equal(shown([], { isRepeat: true, isPushed: false }), undefined)
    assert.equal(shown([at('/rooms/7', true, 'visible')], new_!), undefined)
  })

  it('opens the window in use, else one that is seen, else any; never one of the documents', () => {
    const [seen, used] = [at('/rooms', false, 'visible'), at('/rooms/7', true, 'visible')]
    assert.equal(bestWindow([at('/friends'), seen, used]), used)
    assert.equal(bestWindow([at('/friends'), seen]), seen)
    assert.equal(bestWindow([at('/docs/api', true, 'visible')]), undefined)
  })

  it('leads nowhere but to this site', () => {
    const origin = 'https://chat.example.org'
    assert.equal(placeOf('/rooms/7?at=42', origin), '/rooms/7?at=42')
    for (const link of ['https://evil.example/x', '//evil.example', 'javascript:alert(1)', undefined, 7])
      assert.equal(placeOf(link, origin), '/', String(link))
  })

  it('is heard again of the same tag, unless it is silent; what is none of ours is nothing', () => {
    const payload = readPayload({ tag: 'room:7', kind: 'message', title: '민지', silent: true })!
    assert.equal(noticeOf(payload).options.renotify, false)
    assert.equal(noticeOf({ ...payload, silent: false }).options.renotify, true)
    for (const json of [undefined, null, 'x', {}, { tag: 1, kind: 'message' }])
      assert.equal(readPayload(json), undefined, JSON.stringify(json))
  })
})
