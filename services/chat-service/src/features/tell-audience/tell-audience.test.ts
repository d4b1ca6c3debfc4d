import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createInternalHost, createServiceTokens, createServiceTokenVerifier } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { Audience } from '../../contract/audience.ts'

const secret = 'a secret of at least 32 characters'

const nobody = { mentions: [], mentions_everyone: false }

describe('the audience of a room', () => {
  it('is all who are in it, with what each wants to be told', async (t) => {
    const { module, ...service } = await startService(t)
    const { id } = await service.group(MINSU, EMMA, JIWOO)
    await service.say(MINSU, id, '점심?')
    await service.call(EMMA, 'PUT', `/chat-rooms/${id}/mute`)
    const muted_until = isoTime(service.clock.now() + 1_000)
    await service.call(JIWOO, 'PUT', `/chat-rooms/${id}/settings`, { notify: 'mentions', muted_until })
    const audience = await module.audience(id, 1)
    assert.deepEqual(audience?.room, { id, type: 'group', name: '모임', last_seq: 2 })
    const of = { join_seq: 0, focused: false }
    assert.deepEqual(audience.members, [
      { user_id: MINSU, notify: 'all', muted_until: null, read_seq: 2, ...of },
      { user_id: JIWOO, notify: 'mentions', muted_until, read_seq: 0, ...of },
      { user_id: EMMA, notify: 'none', muted_until: null, read_seq: 0, ...of },
    ])
    const said = { seq: 2, user_id: MINSU, message_type: 'text', content: '점심?', reply_to_user_id: null, ...nobody }
    assert.deepEqual(audience.messages, [said])
    assert.equal(await module.audience(999, 0), undefined)
  })

  it('comes with what is new: whom it answers, and nothing that was deleted', async (t) => {
    const { module, ...service } = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const first = await service.say(MINSU, id, '점심?')
    const gone = await service.say(JIWOO, id, '아니')
    const body = { content: '좋아', message_type: 'text', reply_to: first.id }
    await service.call(JIWOO, 'POST', `/messages/${id}`, body)
    await service.call(JIWOO, 'DELETE', `/messages/${id}/${gone.id}`)
    const { messages } = (await module.audience(id, 1))!
    assert.deepEqual(messages, [
      { seq: 3, user_id: JIWOO, message_type: 'text', content: '좋아', reply_to_user_id: MINSU, ...nobody },
    ])
  })

  it('tells what calls somebody however much is said after it, and what is said beside who floods the room', async (t) => {
    const { module, ...service } = await startService(t)
    const { id } = await service.group(MINSU, EMMA, JIWOO)
    await service.say(MINSU, id, '점심?')
    await service.say(EMMA, id, '나도 갈래')
    await service.say(MINSU, id, `@user${JIWOO} 올래?`)
    for (let n = 0; n < 25; n++) await service.say(MINSU, id, `${n}`)
    const { messages, room } = (await module.audience(id, 1))!
    assert.deepEqual(
      messages.map(({ content }) => content),
      ['나도 갈래', `@user${JIWOO} 올래?`, ...Array.from({ length: 20 }, (_, n) => `${n + 5}`)],
    )
    assert.deepEqual(messages[1]?.mentions, [JIWOO])
    assert.equal(messages.at(-1)?.seq, room.last_seq)
  })

  it('is told to services alone, on the internal port', async (t) => {
    const { module, app, ...service } = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const internal = await createInternalHost({
      service: 'chat-service',
      tokens: createServiceTokenVerifier({ service: 'chat-service', secrets: [secret] }),
      logger: nullLogger,
      metrics: createMetrics('chat-service'),
      readiness: {},
    })
    t.after(() => internal.close())
    module.internalRoutes!(internal)
    const tokens = createServiceTokens({ service: 'notification-service', secrets: [secret] })
    const authorization = tokens.authorization('chat-service')
    const ask = (room: number, headers = {}) =>
      internal.inject({ url: `/internal/rooms/${room}/audience?after_seq=0`, headers })
    const answer = await ask(id, { authorization })
    assert.deepEqual([answer.statusCode, answer.json<Audience>()], [200, await module.audience(id, 0)])
    assert.equal((await ask(id)).statusCode, 401)
    assert.equal((await ask(id, { authorization: `Bearer ${MINSU}` })).statusCode, 401)
    const none = await ask(999, { authorization })
    assert.deepEqual([none.statusCode, none.json<{ code: string }>().code], [404, 'ROOM_NOT_FOUND'])
    const outside = await app.inject({ url: `/internal/rooms/${id}/audience`, headers: { authorization: 'Bearer 1' } })
    assert.equal(outside.statusCode, 404)
  })
})
