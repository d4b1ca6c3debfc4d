import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { EMMA, JIWOO, MINSU, startService, type TestService } from '../../chat-service.fixture.ts'
import { openStream } from '../../stream.fixture.ts'

const whoLooks = async ({ module }: TestService, roomId: number) =>
  (await module.audience(roomId, 0))!.members.flatMap(({ user_id, focused }) => (focused ? [user_id] : []))

describe('the room that a stream shows', () => {
  it('is what its WebSocket said last, until that closes', async (t) => {
    const service = await startService(t)
    const [first, second] = [await service.group(MINSU, JIWOO), await service.direct(MINSU, JIWOO)]
    const [phone, laptop] = [await openStream(t, service, MINSU), await openStream(t, service, MINSU)]
    const other = await openStream(t, service, JIWOO)
    await phone.command('focus', { room_id: first.id })
    await other.command('focus', { room_id: first.id })
    assert.deepEqual(await whoLooks(service, first.id), [MINSU, JIWOO])
    await other.command('focus', { room_id: null })
    await laptop.command('focus', { room_id: second.id })
    assert.deepEqual([await whoLooks(service, first.id), await whoLooks(service, second.id)], [[MINSU], [MINSU]])
    await phone.close()
    await eventually(async () => assert.deepEqual(await whoLooks(service, first.id), []))
    assert.deepEqual(await whoLooks(service, second.id), [MINSU])
    service.clock.advance(60_000)
    assert.deepEqual(await whoLooks(service, second.id), [], 'nothing was said for a minute')
  })

  it('is said for event streams by a call, with the id of the stream', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const address = await service.listen()
    const abort = new AbortController()
    t.after(() => abort.abort())
    const { body } = await fetch(`${address}/stream`, {
      headers: { authorization: `Bearer ${MINSU}` },
      signal: abort.signal,
    })
    const reader = body!.getReader()
    let text = ''
    while (!text.includes('connection_id')) text += Buffer.from((await reader.read()).value ?? []).toString()
    const connection_id = /"connection_id":"([^"]+)"/.exec(text)![1]
    const say = (room_id: number | null) =>
      service.call(MINSU, 'POST', '/stream/focus', { room_id, ...(connection_id && { connection_id }) })
    assert.equal((await say(id)).status, 204)
    assert.deepEqual(await whoLooks(service, id), [MINSU])
    assert.equal((await say(null)).status, 204)
    assert.deepEqual(await whoLooks(service, id), [])
    await say(id)
    abort.abort()
    await eventually(async () => assert.deepEqual(await whoLooks(service, id), []))
  })

  it('is one of one’s own', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const stream = await openStream(t, service, EMMA)
    const answer = await stream.command('focus', { room_id: id })
    assert.deepEqual([answer.type, answer['code']], ['error', 'NOT_A_MEMBER'])
    const say = (body: object) => service.call(EMMA, 'POST', '/stream/focus', body)
    assert.equal((await say({ room_id: id, connection_id: 'x' })).body.code, 'NOT_A_MEMBER')
    assert.equal((await say({ room_id: 999, connection_id: 'x' })).body.code, 'ROOM_NOT_FOUND')
    assert.equal((await say({ room_id: id })).status, 422)
    // Another one's stream is not moved by it.
    const mine = await openStream(t, service, MINSU)
    await mine.command('focus', { room_id: id })
    const { connection_id } = mine.frames[0]!
    await service.call(JIWOO, 'POST', '/stream/focus', { room_id: null, connection_id })
    assert.deepEqual(await whoLooks(service, id), [MINSU])
  })
})
