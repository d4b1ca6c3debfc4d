import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, HARIN, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { RoomView } from '../../contract/schemas.ts'

describe('/chat-rooms', () => {
  it('a pair has one direct room, whoever opens it', async (t) => {
    const service = await startService(t)
    const rooms = await Promise.all([service.direct(MINSU, JIWOO), service.direct(JIWOO, MINSU)])
    assert.equal(rooms[0].id, rooms[1].id)
    const self = await service.call(MINSU, 'POST', '/chat-rooms', { type: 'direct', user_id: MINSU })
    assert.ok(self.status >= 400)
    assert.equal(
      (await service.call(MINSU, 'POST', '/chat-rooms', { type: 'direct', user_id: 99 })).body.code,
      'USER_NOT_FOUND',
    )
  })

  it('a group without a name is named by the others, for each viewer; who may renames it for all', async (t) => {
    const service = await startService(t)
    const { body } = await service.call<RoomView>(MINSU, 'POST', '/chat-rooms', {
      type: 'group',
      member_ids: [JIWOO, EMMA],
    })
    assert.deepEqual([body.name, (await service.room(JIWOO, body.id)).name], ['지우, Emma', '민수, Emma'])
    const refused = await service.call(JIWOO, 'PATCH', `/chat-rooms/${body.id}`, { name: '내 방' })
    assert.deepEqual([refused.status, refused.body.code], [403, 'ROLE_REQUIRED'])
    await service.call(MINSU, 'PATCH', `/chat-rooms/${body.id}`, { name: '점심' })
    assert.equal((await service.room(JIWOO, body.id)).name, '점심')
    assert.equal((await service.call(HARIN, 'GET', `/chat-rooms/${body.id}`)).body.code, 'NOT_A_MEMBER')
  })
})
