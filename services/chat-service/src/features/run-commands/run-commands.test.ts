import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'
import { openStream } from '../../stream.fixture.ts'

describe('commands of a WebSocket', () => {
  it('do what their calls do, and are answered once each, if they have a ref', async (t) => {
    const service = await startService(t)
    const { id: room_id } = await service.group(MINSU, JIWOO)
    const stream = await openStream(t, service, MINSU)
    const body = { room_id, content: '안녕', client_message_id: 'one' }
    const sent = await stream.command('send', body)
    const message_id = sent['message_id'] as string
    assert.deepEqual(
      [sent.type, sent['command'], sent['seq'], sent['client_message_id'], sent['duplicate']],
      ['ack', 'send', 2, 'one', false],
    )
    const again = await stream.command('send', body)
    assert.deepEqual([again['message_id'], again['duplicate']], [message_id, true])

    const on = { room_id, message_id }
    const shown = async (type: string, more = {}) =>
      (await stream.command(type, { ...on, ...more }))['message'] as MessageView
    assert.equal((await shown('edit', { content: '안녕!' })).content, '안녕!')
    assert.deepEqual((await shown('react', { emoji: '👍' })).reactions, [{ emoji: '👍', count: 1, user_ids: [MINSU] }])
    assert.deepEqual((await shown('unreact', { emoji: '👍' })).reactions, [])
    assert.equal((await shown('pin')).pinned_by, MINSU)
    assert.equal((await shown('unpin')).pinned_by, null)
    const other = await service.say(JIWOO, room_id, '응')
    assert.deepEqual(await stream.command('read', { room_id, seq: other.seq }), {
      type: 'ack',
      command: 'read',
      room_id,
      read_seq: other.seq,
      unread_count: 0,
    })
    assert.deepEqual(await stream.command('typing', { room_id }), { type: 'ack', command: 'typing' })
    assert.deepEqual(await stream.command('focus', { room_id }), { type: 'ack', command: 'focus' })
    const changes = await stream.command('changes', { room_id, since_rev: 0 })
    assert.deepEqual(
      (changes['messages'] as MessageView[]).map(({ content }) => content),
      ['민수님이 채팅방을 만들었습니다', '안녕!', '응'],
    )
    assert.equal((await shown('delete')).is_deleted, true)
    const { at } = await stream.command('ping')
    assert.equal(at, new Date(service.clock.now()).toISOString())

    const answers = () => stream.frames.filter(({ type }) => type === 'ack' || type === 'error').length
    const before = answers()
    stream.send(JSON.stringify({ type: 'send', room_id, content: '대답은 필요 없어' }))
    await stream.frame((frame) => frame.type === 'message' && (frame['message'] as MessageView).seq === 4)
    await stream.command('ping')
    assert.equal(answers(), before + 1, 'that of the ping')
  })

  it('store messages in the order they came, though some take longer to check', async (t) => {
    const service = await startService(t)
    const { id: room_id } = await service.direct(MINSU, JIWOO)
    const { id: first } = await service.say(MINSU, room_id, '처음')
    const stream = await openStream(t, service, MINSU)
    // What answers something is looked up first.
    const acks = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        stream.command('send', { room_id, content: `${i}`, ...(i % 3 === 0 ? { reply_to: first } : {}) }),
      ),
    )
    assert.deepEqual(
      acks.map((ack) => ack['seq']),
      acks.map((_, i) => i + 2),
    )
    // One that is refused holds nobody up.
    const [refused, taken] = await Promise.all([
      stream.command('send', { room_id, content: '?', reply_to: `msg_${room_id}_999` }),
      stream.command('send', { room_id, content: '다음' }),
    ])
    assert.deepEqual([refused['code'], taken['seq']], ['REPLY_NOT_FOUND', 42])
  })

  it('that cannot be run are told why with their ref, change nothing, and leave the stream open', async (t) => {
    const service = await startService(t)
    const { id: room_id } = await service.direct(MINSU, JIWOO)
    const stream = await openStream(t, service, EMMA)
    const refusals = [
      [{ type: 'send', room_id, content: '?' }, 403, 'NOT_A_MEMBER'],
      [{ type: 'read', room_id, seq: 1 }, 403, 'NOT_A_MEMBER'],
      [{ type: 'changes', room_id, since_rev: 0 }, 403, 'NOT_A_MEMBER'],
      [{ type: 'send', room_id: '1', content: '?' }, 400, 'BAD_FRAME'],
      [{ type: 'send', room_id, content: 7 }, 400, 'BAD_FRAME'],
      [{ type: 'shout', room_id }, 400, 'BAD_FRAME'],
      [{ type: 'constructor' }, 400, 'BAD_FRAME'],
    ] as const
    for (const [{ type, ...fields }, status, code] of refusals) {
      const answer = await stream.command(type, fields)
      assert.deepEqual([answer.type, answer['status'], answer['code']], ['error', status, code], type)
      assert.match(String(answer['trace_id']), /^[0-9a-f]{32}$/)
    }
    for (const text of ['{', '[]', 'null', '7', '"x"']) stream.send(text)
    const pong = await stream.command('ping')
    assert.equal(pong.type, 'ack')
    const errors = stream.frames.filter(({ type, ref }) => type === 'error' && ref === null)
    assert.deepEqual(
      errors.map(({ code }) => code),
      Array.from({ length: 5 }, () => 'BAD_FRAME'),
    )
    assert.equal((await service.room(MINSU, room_id)).last_seq, 0)
  })
})
