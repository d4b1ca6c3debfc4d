import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService, type Request } from '../../friend-service.fixture.ts'

const ask = (_by: number, target_user_id: number) => ['POST', '/friends/request', { target_user_id }] as const
describe('POST /friends/request', () => {
  it('asks once, tells both, and befriends whoever asked already', async (t) => {
    const service = await startService(t)
    const first = await service.call<Request>(MINSU, ...ask(MINSU, JIWOO))
    assert.deepEqual([first.status, first.body.status, first.body.from_user_id], [201, 'pending', MINSU])
    assert.deepEqual(
      service.frames.map(([user, frame]) => [user, frame['event'], frame['user_id']]),
      [
        [MINSU, 'request_sent', JIWOO],
        [JIWOO, 'request_sent', MINSU],
      ],
    )
    const again = await service.call<{ code: string }>(MINSU, ...ask(MINSU, JIWOO))
    assert.deepEqual([again.status, again.body.code], [400, 'ALREADY_REQUESTED'])
    const crossing = await service.call<Request>(JIWOO, ...ask(JIWOO, MINSU))
    assert.deepEqual([crossing.status, crossing.body.status], [201, 'accepted'])
    const types = (await service.published()).map((event) => event.event_type)
    assert.deepEqual(types, ['FriendRequestSent', 'FriendRequestAccepted'])
  })

  it('refuses oneself, nobody, and whom one has blocked; none of it leaves a trace', async (t) => {
    const service = await startService(t)
    await service.call(MINSU, 'PUT', `/friends/blocks/${EMMA}`)
    const codes = []
    for (const target of [MINSU, 99, EMMA])
      codes.push((await service.call<{ code: string }>(MINSU, ...ask(MINSU, target))).body.code)
    assert.deepEqual(codes, ['SELF_REQUEST', 'USER_NOT_FOUND', 'YOU_BLOCKED'])
    const { body } = await service.call<{ items: unknown[] }>(MINSU, 'GET', '/friends/requests?direction=sent')
    assert.deepEqual(body.items, [])
  })

  it('says when user-service cannot be asked about somebody new', async (t) => {
    const service = await startService(t)
    service.directory.down = true
    assert.equal((await service.call(MINSU, ...ask(MINSU, 99))).status, 500)
    assert.equal((await service.call(MINSU, ...ask(MINSU, JIWOO))).status, 201, 'whom the read model knows')
  })
})
