import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isoTime } from '@bigtech/kernel'
import { EMMA, HARIN, JIWOO, MINSU, startService, type Refusal } from '../../chat-service.fixture.ts'
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

  it('tells its members what they chose to be told, on all their devices; nobody else sees it', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const frames = service.frames(id, JIWOO)
    const put = (body: object, by: number = JIWOO) =>
      service.call<RoomView & Refusal>(by, 'PUT', `/chat-rooms/${id}/settings`, body)
    const muted_until = isoTime(service.clock.now() + 3_600_000)
    const { status, body } = await put({ notify: 'mentions', muted_until })
    assert.deepEqual([status, body.notify, body.muted_until, body.muted], [200, 'mentions', muted_until, false])
    const { notify, muted_until: none } = await service.room(MINSU, id)
    assert.deepEqual([notify, none], ['all', null])
    const { token: _, ...frame } = frames.at(-1)!
    const at = { type: 'room_settings', room_id: id, hidden: false, join_seq: 0 }
    assert.deepEqual(frame, { ...at, muted: false, notify: 'mentions', muted_until })
    await service.call(JIWOO, 'PUT', `/chat-rooms/${id}/mute`)
    assert.equal((await service.room(JIWOO, id)).notify, 'none')
    // What is so already is not told again.
    await put({ notify: 'none', muted_until: null })
    assert.equal(frames.length, 2)
    const told = (await service.published('chat.events')).filter((one) => one.event_type === 'RoomSettingsChanged')
    assert.deepEqual(
      told.map((one) => [one['user_id'], one['notify'], one['muted_until']]),
      [
        [JIWOO, 'mentions', muted_until],
        [JIWOO, 'none', null],
      ],
    )
    assert.equal((await put({ notify: 'all', muted_until: null }, HARIN)).body.code, 'NOT_A_MEMBER')
  })

  it('takes settings back as they are told, also with a pause that is over', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const put = (body: object) => service.call<RoomView>(JIWOO, 'PUT', `/chat-rooms/${id}/settings`, body)
    const muted_until = isoTime(service.clock.now() + 1_000)
    await put({ notify: 'all', muted_until })
    service.clock.advance(2_000)
    const { status, body } = await put({ notify: 'mentions', muted_until })
    assert.deepEqual([status, body.notify, body.muted_until], [200, 'mentions', muted_until])
  })

  it('refuses settings that are none, and says what is expected', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const past = isoTime(service.clock.now())
    for (const [body, field, text] of [
      [{ notify: 'all', muted_until: past }, 'muted_until', 'null'],
      [{ notify: 'some', muted_until: null }, 'notify', 'mentions'],
      [{ notify: 'all', muted_until: 'tomorrow' }, 'muted_until', 'ISO 8601'],
      [{ notify: 'all' }, 'muted_until', ''],
    ] as const) {
      const answer = await service.call<Refusal & { detail: string; errors: { field: string; message: string }[] }>(
        MINSU,
        'PUT',
        `/chat-rooms/${id}/settings`,
        body,
      )
      const said = JSON.stringify(answer.body)
      assert.equal(answer.status, 422, said)
      assert.ok(said.includes(`"${field}"`) && said.includes(text), said)
    }
  })
})
