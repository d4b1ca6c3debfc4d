import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  EMMA,
  JIWOO,
  MINSU,
  startService,
  type List,
  type Person,
  type Request,
  type TestService,
} from '../../friend-service.fixture.ts'

async function requested(service: TestService): Promise<number> {
  return (await service.call<Request>(MINSU, 'POST', '/friends/request', { target_user_id: JIWOO })).body.id
}
const friendsOf = async (service: TestService, who: number) =>
  (await service.call<List<Person>>(who, 'GET', '/friends')).body.items.map((friend) => friend.user_id)

describe('POST /friends/requests/{id}/…', () => {
  it('accept makes friends of both, and repeating it changes nothing', async (t) => {
    const service = await startService(t)
    const id = await requested(service)
    for (let time = 0; time < 2; time++)
      assert.deepEqual(
        (await service.call<Request>(JIWOO, 'POST', `/friends/requests/${id}/accept`)).body.status,
        'accepted',
      )
    assert.deepEqual([await friendsOf(service, MINSU), await friendsOf(service, JIWOO)], [[JIWOO], [MINSU]])
    const accepted = (await service.published()).filter((event) => event.event_type === 'FriendRequestAccepted')
    assert.equal(accepted.length, 1)
  })

  it('reject and cancel close it; another answer comes too late', async (t) => {
    const service = await startService(t)
    for (const [answer, by] of [
      ['cancel', MINSU],
      ['reject', JIWOO],
    ] as const) {
      const id = await requested(service)
      const { status, body } = await service.call<Request>(by, 'POST', `/friends/requests/${id}/${answer}`)
      assert.deepEqual([status, body.status], [200, answer === 'cancel' ? 'cancelled' : 'rejected'])
      const late = await service.call<{ code: string }>(JIWOO, 'POST', `/friends/requests/${id}/accept`)
      assert.deepEqual([late.status, late.body.code], [409, 'REQUEST_CLOSED'])
    }
    assert.deepEqual(await friendsOf(service, MINSU), [])
  })

  it('who may not answer is not told that there is a request', async (t) => {
    const service = await startService(t)
    const id = await requested(service)
    for (const [by, answer] of [
      [MINSU, 'accept'],
      [JIWOO, 'cancel'],
      [EMMA, 'reject'],
    ] as const) {
      const { status, body } = await service.call<{ code: string }>(by, 'POST', `/friends/requests/${id}/${answer}`)
      assert.deepEqual([status, body.code], [404, 'REQUEST_NOT_FOUND'])
    }
  })
})
