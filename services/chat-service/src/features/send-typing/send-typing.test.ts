import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'

describe('POST /chat-rooms/{id}/typing', () => {
  it('is told to the room, moves no token, and only by members', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const frames = service.frames(id)
    assert.equal((await service.call(MINSU, 'POST', `/chat-rooms/${id}/typing`, {})).status, 204)
    assert.equal((await service.call(MINSU, 'POST', `/chat-rooms/${id}/typing`, { typing: false })).status, 204)
    assert.equal((await service.call(EMMA, 'POST', `/chat-rooms/${id}/typing`, {})).body.code, 'NOT_A_MEMBER')
    assert.deepEqual(
      frames.map((frame) => [frame['type'], frame['user_id'], frame['typing'], 'token' in frame]),
      [
        ['typing', MINSU, true, false],
        ['typing', MINSU, false, false],
      ],
    )
  })
})
