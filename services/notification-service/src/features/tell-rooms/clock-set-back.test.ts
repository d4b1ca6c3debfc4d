import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { FriendRequestSent } from '@bigtech/friend-service/contract'
import { JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

const AHEAD_MS = 20 * 60_000

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
})
