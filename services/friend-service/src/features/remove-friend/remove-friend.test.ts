import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService, type List, type Person } from '../../friend-service.fixture.ts'

describe('DELETE /friends/{user_id}', () => {
  it('ends it for both, once; without a friendship nothing happens', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    for (const [by, other] of [
      [JIWOO, MINSU],
      [JIWOO, MINSU],
      [EMMA, MINSU],
    ] as const)
      assert.equal((await service.call(by, 'DELETE', `/friends/${other}`)).status, 204)
    for (const who of [MINSU, JIWOO])
      assert.deepEqual((await service.call<List<Person>>(who, 'GET', '/friends')).body.items, [])
    const removed = (await service.published()).filter((event) => event.event_type === 'FriendRemoved')
    assert.deepEqual(
      removed.map((event) => [event['user_id'], event['friend_user_id']]),
      [[JIWOO, MINSU]],
    )
  })
})
