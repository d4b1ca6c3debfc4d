import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, HARIN, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'
import type { Memberships } from '../../ports.ts'
import { openStream } from '../../stream.fixture.ts'
import { mentionsOf } from './mention-members.ts'

describe('mentions', () => {
  it('are found in the text: members by their usernames, all by who may; others stay text', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO, EMMA)
    const said = async (by: number, content: string) => (await service.say(by, id, content)).mentions
    assert.deepEqual(await said(JIWOO, '@user1님, @user4 @all'), [{ user_id: MINSU, offset: 0, length: 6 }])
    assert.deepEqual(await said(MINSU, '@모두 @USER3!'), [
      { everyone: true, offset: 0, length: 3 },
      { user_id: EMMA, offset: 4, length: 6 },
    ])
    const { id: room } = await service.direct(MINSU, JIWOO)
    assert.deepEqual((await service.say(MINSU, room, '@all @user2')).mentions, [
      { user_id: JIWOO, offset: 5, length: 6 },
    ])
  })

  it('are the ranges of the client, if it gives them; who is no member stays text', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const mentions = [
      { user_id: JIWOO, offset: 5, length: 3 },
      { user_id: HARIN, offset: 0, length: 3 },
    ]
    assert.deepEqual((await service.say(MINSU, id, '@하린, @지우', { mentions })).mentions, [mentions[0]])
    assert.deepEqual((await service.say(MINSU, id, '@user2', { mentions: [] })).mentions, [])
    const stream = await openStream(t, service, JIWOO)
    const body = { room_id: id, content: '@민수', mentions: [{ user_id: MINSU, offset: 0, length: 3 }] }
    const { message_id } = await stream.command('send', body)
    const { message } = await stream.frame((frame) => (frame['message'] as MessageView | undefined)?.id === message_id)
    assert.deepEqual((message as MessageView).mentions, body.mentions)
  })

  it('that are none are refused, with what is wrong', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const { id: mine } = await service.say(JIWOO, id, '점심?')
    const at = (offset: number, length: number) => ({ user_id: MINSU, offset, length })
    const all = { everyone: true, offset: 0, length: 1 }
    for (const [mentions, status, code] of [
      [[at(0, 4)], 422, 'MENTION_OUT_OF_TEXT'],
      [[at(0, 2), at(1, 1)], 422, 'MENTIONS_OVERLAP'],
      [Array.from({ length: 51 }, () => at(0, 1)), 422, 'TOO_MANY_MENTIONS'],
      [[all], 403, 'MENTION_ALL_NOT_ALLOWED'],
      [[{ ...all, user_id: MINSU }], 422, 'VALIDATION_FAILED'],
      [[at(-1, 1)], 422, 'VALIDATION_FAILED'],
    ] as const)
      for (const [method, url] of [
        ['POST', `/messages/${id}`],
        ['PATCH', `/messages/${id}/${mine}`],
      ] as const) {
        const answer = await service.call(JIWOO, method, url, { content: '점심', mentions })
        assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(mentions.slice(0, 3)))
      }
  })

  it('are counted while they are unread, and found anew by an edit', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const counted = async () => {
      const { unread_count, mention_count, mentioned } = await service.room(JIWOO, id)
      return [unread_count, mention_count, mentioned]
    }
    const first = await service.say(MINSU, id, '@user2 점심?')
    // An answer is none.
    await service.say(MINSU, id, '저녁?', { reply_to: first.id })
    assert.deepEqual(await counted(), [2, 1, [first.seq]])
    const edit = (body: object) => service.call<MessageView>(MINSU, 'PATCH', `/messages/${id}/${first.id}`, body)
    assert.deepEqual((await edit({ content: '점심?' })).body.mentions, [])
    assert.deepEqual(await counted(), [2, 0, []])
    assert.equal((await edit({ content: '점심? @user2' })).body.mentions.length, 1)
    assert.deepEqual(await counted(), [2, 1, [first.seq]])
    await service.call(JIWOO, 'POST', `/chat-rooms/${id}/read`, { seq: first.seq })
    assert.deepEqual(await counted(), [1, 0, []])
  })

  it('cost a text without @ no question', async () => {
    const asked = new Proxy({}, { get: () => assert.fail('the store was asked') }) as Memberships
    const text = { room_id: 1, user_id: 1, content: '점심?', mentions: undefined }
    assert.deepEqual(await mentionsOf(asked, text), [])
    assert.deepEqual(await mentionsOf(asked, { ...text, content: 'a@example.com', mentions: undefined }), [])
  })
})
