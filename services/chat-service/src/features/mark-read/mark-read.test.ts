import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'

type Receipt = { read_seq: number; unread_count: number }

describe('POST /chat-rooms/{id}/read', () => {
  it('moves forward only, tells the room, and counts what is left without what does not count', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const messages = [
      await service.say(MINSU, id, '하나'),
      await service.say(MINSU, id, '둘'),
      await service.say(MINSU, id, '셋'),
    ]
    await service.call(MINSU, 'DELETE', `/messages/${id}/${messages[2]!.id}`)
    await service.call(MINSU, 'PATCH', `/chat-rooms/${id}`, { name: '새 이름' })
    const frames = service.frames(id)
    const read = async (seq: number) =>
      (await service.call<Receipt>(JIWOO, 'POST', `/chat-rooms/${id}/read`, { seq })).body
    assert.equal((await service.room(JIWOO, id)).unread_count, 2, 'neither the deleted one nor the new name')
    assert.deepEqual(await read(messages[0]!.seq), { room_id: id, read_seq: 2, unread_count: 1 })
    assert.deepEqual(await read(1), { room_id: id, read_seq: 2, unread_count: 1 })
    assert.deepEqual(await read(99), { room_id: id, read_seq: 5, unread_count: 0 })
    assert.deepEqual(
      frames.map((frame) => [frame['type'], frame['old_read_seq'], frame['read_seq']]),
      [
        ['read', 0, 2],
        ['read', 2, 5],
      ],
    )
    assert.equal((await service.call(EMMA, 'POST', `/chat-rooms/${id}/read`, { seq: 1 })).body.code, 'NOT_A_MEMBER')
  })
})
