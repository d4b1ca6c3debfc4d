import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService, type List, type Person } from '../../friend-service.fixture.ts'

type Friend = Person & { online: boolean | null; friends_since: string }

describe('GET /friends', () => {
  it('shows profile and presence, newest friendship first', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    service.clock.advance(1_000)
    await service.befriend(MINSU, EMMA)
    service.directory.online.add(JIWOO)
    const { items } = (await service.call<List<Friend>>(MINSU, 'GET', '/friends')).body
    assert.deepEqual(
      items.map(({ display_name, online }) => [display_name, online]),
      [
        ['Emma', false],
        ['지우', true],
      ],
    )
    assert.ok(items[0]!.friends_since > items[1]!.friends_since)
  })

  it('never fails because presence cannot be asked', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    service.directory.down = true
    const { status, body } = await service.call<List<Friend>>(MINSU, 'GET', '/friends')
    assert.deepEqual([status, body.items.map(({ online }) => online)], [200, [null]])
  })
})

describe('GET /friends/{user_id}', () => {
  it('tells friends since when they are, and nobody else', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    const ask = (by: number, other: number) =>
      service.call<{ friends_since: string; code: string }>(by, 'GET', `/friends/${other}`)
    assert.ok((await ask(MINSU, JIWOO)).body.friends_since)
    assert.equal((await ask(JIWOO, MINSU)).status, 200)
    assert.deepEqual([(await ask(EMMA, MINSU)).status, (await ask(EMMA, MINSU)).body.code], [404, 'NOT_FRIENDS'])
    await service.call(JIWOO, 'PUT', `/friends/blocks/${MINSU}`)
    assert.equal((await ask(MINSU, JIWOO)).status, 404, 'a block is told to nobody')
  })
})
