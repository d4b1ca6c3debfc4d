import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, HARIN, JIWOO, MINSU, startService, type List } from '../../chat-service.fixture.ts'
import type { MemberView, RoomView } from '../../contract/schemas.ts'

describe('members of a group', () => {
  it('anybody adds, admins remove, and the log tells of both', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const added = await service.call<RoomView>(JIWOO, 'POST', `/chat-rooms/${id}/members`, { user_ids: [EMMA] })
    assert.deepEqual([added.status, added.body.member_count], [200, 3])
    assert.equal((await service.call(JIWOO, 'DELETE', `/chat-rooms/${id}/members/${EMMA}`)).body.code, 'ROLE_REQUIRED')
    assert.equal((await service.call(MINSU, 'DELETE', `/chat-rooms/${id}/members/${EMMA}`)).status, 204)
    const { items } = (await service.call<List<MemberView>>(MINSU, 'GET', `/chat-rooms/${id}/members`)).body
    assert.deepEqual(
      items.map(({ user_id, role }) => [user_id, role]),
      [
        [MINSU, 'owner'],
        [JIWOO, 'member'],
      ],
    )
    const kinds = (await service.published('chat.events')).map((event) => event.event_type)
    assert.deepEqual(kinds, ['ChatRoomCreated', 'RoomMembersJoined', 'RoomMemberLeft'])
  })

  it('the owner who leaves is followed by the longest-serving admin', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO, EMMA, HARIN)
    await service.call(MINSU, 'PUT', `/chat-rooms/${id}/members/${EMMA}/role`, { role: 'admin' })
    assert.equal((await service.call(MINSU, 'DELETE', `/chat-rooms/${id}/members/me`)).status, 204)
    assert.equal((await service.room(EMMA, id)).role, 'owner')
    assert.equal((await service.call(MINSU, 'GET', `/chat-rooms/${id}`)).body.code, 'NOT_A_MEMBER')
  })
})
