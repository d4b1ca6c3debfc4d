import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'

describe('POST /messages/{room_id}', () => {
  it('numbers, tells the room and publishes; the same client_message_id gives the first again', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const frames = service.frames(id)
    const body = { content: '안녕', client_message_id: 'one' }
    const first = await service.call<MessageView>(MINSU, 'POST', `/messages/${id}`, body)
    const again = await service.call<MessageView>(MINSU, 'POST', `/messages/${id}`, body)
    assert.deepEqual([first.status, first.body.seq, first.body.unread_count], [201, 1, 1])
    assert.equal(again.body.id, first.body.id)
    const other = await service.call(MINSU, 'POST', `/messages/${id}`, { ...body, content: '다른 말' })
    assert.deepEqual([other.status, other.body.code], [409, 'CLIENT_MESSAGE_ID_REUSED'])
    assert.deepEqual(
      frames.map((frame) => frame['type']),
      ['message'],
    )
    const sent = (await service.published('message.events')).filter((event) => event.event_type === 'MessageSent')
    assert.deepEqual(
      sent.map((event) => event['content']),
      ['안녕'],
    )
  })

  it('takes keys of requests that differ in their last letter for two', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const send = async (key: string) => {
      const headers = { authorization: `Bearer ${MINSU}`, 'idempotency-key': key }
      const { statusCode } = await service.app.inject({
        method: 'POST',
        url: `/messages/${id}`,
        headers,
        payload: { content: '안녕' },
      })
      assert.equal(statusCode, 201)
    }
    for (const last of ['1', '2', '2']) await send('L'.repeat(150) + last)
    assert.equal((await service.room(JIWOO, id)).last_seq, 2)
  })

  it('tells whose message is answered; what the system says is of nobody', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const first = await service.say(JIWOO, id, '점심?')
    for (const reply_to of [first.id, `msg_${id}_1`]) await service.say(MINSU, id, '좋아', { reply_to })
    const sent = (await service.published('message.events')).filter((event) => event.event_type === 'MessageSent')
    assert.deepEqual(
      sent.map((event) => event['reply_to_user_id']),
      [null, JIWOO, null],
    )
  })

  it('refuses strangers, nothing to say, and answers to what is not there; nothing is stored', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const code = async (by: number, body: object) => (await service.call(by, 'POST', `/messages/${id}`, body)).body.code
    assert.equal(await code(EMMA, { content: '?' }), 'NOT_A_MEMBER')
    assert.equal(await code(MINSU, { content: '\u200b\u200b' }), 'CONTENT_REQUIRED')
    assert.equal(await code(MINSU, { content: '답', reply_to: `msg_${id}_9` }), 'REPLY_NOT_FOUND')
    assert.equal((await service.room(MINSU, id)).last_seq, 0)
  })
})
