import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService, type List, type Person } from '../../friend-service.fixture.ts'

describe('/friends/blocks', () => {
  it('a block ends the friendship and open requests, and is told to nobody else', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    await service.call(EMMA, 'POST', '/friends/request', { target_user_id: MINSU })
    service.frames.length = 0
    for (const other of [JIWOO, EMMA])
      assert.equal((await service.call(MINSU, 'PUT', `/friends/blocks/${other}`)).status, 204)
    assert.deepEqual((await service.call<List<Person>>(JIWOO, 'GET', '/friends')).body.items, [])
    assert.deepEqual((await service.call<List<object>>(MINSU, 'GET', '/friends/requests')).body.items, [])
    const told = service.frames.filter(([, frame]) => String(frame['event']).includes('block'))
    assert.ok(told.length > 0 && told.every(([user]) => user === MINSU))
  })

  it('are listed newest first, and taken back; the friendship does not come back', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    for (const other of [JIWOO, EMMA]) {
      await service.call(MINSU, 'PUT', `/friends/blocks/${other}`)
      service.clock.advance(1_000)
    }
    const blocked = async () =>
      (await service.call<List<Person>>(MINSU, 'GET', '/friends/blocks')).body.items.map((one) => one.user_id)
    assert.deepEqual(await blocked(), [EMMA, JIWOO])
    for (let time = 0; time < 2; time++)
      assert.equal((await service.call(MINSU, 'DELETE', `/friends/blocks/${JIWOO}`)).status, 204)
    assert.deepEqual(await blocked(), [EMMA])
    assert.deepEqual((await service.call<List<Person>>(MINSU, 'GET', '/friends')).body.items, [])
  })

  it('not oneself, and not nobody', async (t) => {
    const service = await startService(t)
    const code = async (other: number) =>
      (await service.call<{ code: string }>(MINSU, 'PUT', `/friends/blocks/${other}`)).body.code
    assert.deepEqual([await code(MINSU), await code(99)], ['SELF_BLOCK', 'USER_NOT_FOUND'])
  })
})
