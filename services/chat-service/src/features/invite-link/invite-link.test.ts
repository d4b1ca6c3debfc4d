import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserBlocked } from '@bigtech/friend-service/contract'
import { eventually } from '@bigtech/testkit'
import { EMMA, HARIN, JIWOO, MINSU, startService, type TestService } from '../../chat-service.fixture.ts'
import type { RoomView } from '../../contract/schemas.ts'

type Invite = { code: string }
async function linked(service: TestService) {
  const { id } = await service.group(MINSU, JIWOO)
  const { code } = (await service.call<Invite>(MINSU, 'POST', `/chat-rooms/${id}/invite`, {})).body
  return { id, code }
}

describe('invite links', () => {
  it('show what they lead to, and let in whoever takes them; a new one ends the old', async (t) => {
    const service = await startService(t)
    const { id, code } = await linked(service)
    const preview = await service.call<{ room_id: number; member_count: number }>(
      EMMA,
      'GET',
      `/chat-rooms/join/${code}`,
    )
    assert.deepEqual([preview.body.room_id, preview.body.member_count], [id, 2])
    assert.equal((await service.room(MINSU, id)).member_count, 2, 'looking is not joining')
    const joined = await service.call<RoomView>(EMMA, 'POST', `/chat-rooms/join/${code}`)
    assert.deepEqual([joined.status, joined.body.member_count], [200, 3])
    await service.call(MINSU, 'POST', `/chat-rooms/${id}/invite`, {})
    assert.equal((await service.call(HARIN, 'POST', `/chat-rooms/join/${code}`)).body.code, 'INVITE_NOT_FOUND')
  })

  it('members make none, and who was removed comes back by none', async (t) => {
    const service = await startService(t)
    const { id, code } = await linked(service)
    assert.equal((await service.call(JIWOO, 'POST', `/chat-rooms/${id}/invite`, {})).body.code, 'ROLE_REQUIRED')
    await service.call(MINSU, 'DELETE', `/chat-rooms/${id}/members/${JIWOO}`)
    assert.ok((await service.call(JIWOO, 'POST', `/chat-rooms/join/${code}`)).status >= 400)
    assert.equal((await service.room(MINSU, id)).member_count, 1)
  })

  it('lead nowhere for whom the owner has blocked', async (t) => {
    const service = await startService(t)
    const { id, code } = await linked(service)
    await service.bus.publish([UserBlocked.make({ user_id: MINSU, blocked_user_id: EMMA })])
    await eventually(async () => {
      assert.equal((await service.call(EMMA, 'GET', `/chat-rooms/join/${code}`)).body.code, 'INVITE_NOT_FOUND')
    })
    assert.equal((await service.call(EMMA, 'POST', `/chat-rooms/join/${code}`)).body.code, 'INVITE_NOT_FOUND')
    assert.equal((await service.room(MINSU, id)).member_count, 2)
    assert.equal((await service.call(HARIN, 'POST', `/chat-rooms/join/${code}`)).status, 200)
  })
})
