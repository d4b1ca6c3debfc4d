import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { bearer, openInternal, startService } from '../../user-service.fixture.ts'

async function open(t: TestContext) {
  const service = await startService(t)
  const { internal, tokens } = await openInternal(t, service)
  const beat = (body: object, authorization: string | undefined = tokens.authorization('user-service')) =>
    internal.inject({
      method: 'POST',
      url: '/internal/presence/beats',
      payload: body,
      headers: authorization === undefined ? {} : { authorization },
    })
  return { service, internal, tokens, beat }
}

describe('POST /internal/presence/beats', () => {
  it('everybody in it is online', async (t) => {
    const { service, beat } = await open(t)
    const alice = await service.account('alice')
    const others = Array.from({ length: 120 }, (_, n) => 1_000 + n)
    assert.equal((await beat({ user_ids: [alice.id, ...others] })).statusCode, 204)
    const answer = await service.app.inject({ url: `/presence?user_ids=${alice.id}`, headers: bearer(alice) })
    assert.equal(answer.json<{ online: boolean }[]>()[0]!.online, true)
    assert.equal((await beat({ user_ids: [] })).statusCode, 204)
  })

  it('is for services only: no token, a user’s, one for another service', async (t) => {
    const { service, internal, tokens, beat } = await open(t)
    const alice = await service.account('alice')
    const nobody = await internal.inject({ method: 'POST', url: '/internal/presence/beats', payload: { user_ids: [] } })
    assert.equal(nobody.statusCode, 401)
    for (const header of [`Bearer ${alice.token}`, tokens.authorization('friend-service')])
      assert.equal((await beat({ user_ids: [1] }, header)).statusCode, 401)
    // And a service's token opens nothing that is a user's.
    const me = await service.app.inject({
      url: '/profile/me',
      headers: { authorization: tokens.authorization('user-service') },
    })
    assert.equal(me.statusCode, 401)
    assert.equal((await service.app.inject({ method: 'POST', url: '/internal/presence/beats' })).statusCode, 404)
  })

  it('refuses what are no ids, and more than it takes', async (t) => {
    const { beat } = await open(t)
    for (const user_ids of [[0], ['1'], [1.5], Array.from({ length: 5_001 }, (_, n) => n + 1)])
      assert.equal((await beat({ user_ids })).statusCode, 422)
  })
})
