import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService, type TestService } from '../../chat-service.fixture.ts'

type Invitations = { items: { room_id?: number; room?: { id: number } }[] }
const countOf = async (service: TestService, who: number) =>
  (await service.call<Invitations>(who, 'GET', '/chat-rooms/invitations')).body.items.length

/** A group that Emma has left, and to which she is asked back. */
async function askedBack(service: TestService): Promise<number> {
  const { id } = await service.group(MINSU, JIWOO, EMMA)
  await service.call(EMMA, 'DELETE', `/chat-rooms/${id}/members/me`)
  await service.call(JIWOO, 'POST', `/chat-rooms/${id}/members`, { user_ids: [EMMA] })
  return id
}

describe('invitations of those who left', () => {
  it('come back by their own yes, and only by that', async (t) => {
    const service = await startService(t)
    const id = await askedBack(service)
    assert.equal((await service.call(EMMA, 'GET', `/chat-rooms/${id}`)).body.code, 'NOT_A_MEMBER')
    assert.equal(await countOf(service, EMMA), 1)
    assert.equal((await service.call(EMMA, 'POST', `/chat-rooms/invitations/${id}/accept`)).status, 200)
    assert.equal((await service.room(EMMA, id)).member_count, 3)
    assert.equal(await countOf(service, EMMA), 0)
  })

  it('a no is kept, and there is nothing to answer twice', async (t) => {
    const service = await startService(t)
    const id = await askedBack(service)
    assert.equal((await service.call(EMMA, 'POST', `/chat-rooms/invitations/${id}/decline`)).status, 204)
    const late = await service.call(EMMA, 'POST', `/chat-rooms/invitations/${id}/accept`)
    assert.deepEqual([late.status, late.body.code], [404, 'INVITATION_NOT_FOUND'])
    await service.call(JIWOO, 'POST', `/chat-rooms/${id}/members`, { user_ids: [EMMA] })
    assert.equal(await countOf(service, EMMA), 0, 'not asked again so soon')
    service.clock.advance(31 * 86_400_000)
    await service.call(JIWOO, 'POST', `/chat-rooms/${id}/members`, { user_ids: [EMMA] })
    assert.equal(await countOf(service, EMMA), 1)
  })
})
