import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { FriendRequestSent } from '@bigtech/friend-service/contract'
import { JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

const AHEAD_MS = 20 * 60_000
/** After so many a push service is left alone. */
const FAILURES = 5

describe('a clock that is set back', () => {
  it('holds up nothing that waited for a time which is far off now', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'phone')
    const room = service.room(1, [MINSU, JIWOO])
    const { clock, pushService } = service
    const began = clock.now()
    clock.set(began + AHEAD_MS)
    await room.say(MINSU, '하나')
    await service.tell(FriendRequestSent.make({ request_id: 1, from_user_id: MINSU, to_user_id: JIWOO }))
    await service.handled()
    clock.set(began)
    await eventually(() => {
      clock.advance(500)
      assert.deepEqual(pushService.pushed.map(({ payload }) => payload.kind).sort(), ['friend_request', 'message'])
    })
    // Of the time that it was ahead nothing of it has passed.
    assert.ok(clock.now() < began + AHEAD_MS)
  })

  it('keeps no push service left alone until a time which is far off now', async (t) => {
    let isAway = true
    let tried = 0
    const answer = () => (tried++, isAway ? { status: 503 } : undefined)
    const service = await startService(t, { push: { answer } })
    const { clock, pushService } = service
    const people = Array.from({ length: FAILURES + 3 }, (_, i) => 10 + i)
    for (const user of people) await service.device(user, `phone-${user}`)
    const room = service.room(1, [MINSU, ...people])
    const began = clock.now()
    clock.set(began + AHEAD_MS)
    await room.say(MINSU, '하나')
    await service.handled()
    clock.advance(2_000)
    await eventually(async () => {
      assert.ok(tried >= FAILURES, `tried ${tried} times`)
      // With them all that waits for this push service is put off.
      assert.equal((await service.database.pushes.waiting(clock.now())).deliveries, 0)
    })
    isAway = false
    clock.set(began)
    await eventually(
      () => {
        clock.advance(1_000)
        assert.equal(pushService.pushed.length, people.length)
      },
      { everyMs: 20 },
    )
    // The longest pause, and the turns in which what waited is taken.
    assert.ok(clock.now() - began < AHEAD_MS / 2, `told after ${clock.now() - began} ms`)
  })
})
