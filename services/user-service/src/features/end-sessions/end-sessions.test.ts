import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, PASSWORD, startService, type Account, type TestService } from '../../user-service.fixture.ts'

const status = async ({ app }: TestService, account: Account) =>
  (await app.inject({ url: '/profile/me', headers: bearer(account) })).statusCode

describe('sessions', () => {
  it('logout ends the session at once, tokens and all', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const answer = await service.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(alice) })
    assert.equal(answer.statusCode, 204)
    assert.equal(await status(service, alice), 401)
    const payload = { refresh_token: alice.refresh }
    assert.equal((await service.app.inject({ method: 'POST', url: '/auth/refresh', payload })).statusCode, 401)
  })

  it('lists device, address and which is the current one', async (t) => {
    const service = await startService(t)
    await service.account('alice')
    await service.app.inject({
      method: 'POST',
      url: '/auth/login/json',
      payload: { email: 'alice@example.com', password: PASSWORD },
      headers: { 'user-agent': 'KakaoPhone/7', 'x-forwarded-for': '203.0.113.7' },
    })
    const here = await service.signIn('alice@example.com')
    const answer = await service.app.inject({ url: '/auth/sessions', headers: bearer(here) })
    const { items } = answer.json<{ items: Record<string, unknown>[] }>()
    assert.equal(items.length, 3)
    assert.deepEqual(
      items.map((item) => item['current']),
      [true, false, false],
    )
    assert.deepEqual([items[1]!['device'], items[1]!['ip']], ['KakaoPhone/7', '203.0.113.7'])
    assert.deepEqual(Object.keys(items[0]!).sort(), ['created_at', 'current', 'device', 'id', 'ip', 'last_used_at'])
  })

  it('ends one, or all the others; a session of somebody else does not exist', async (t) => {
    const service = await startService(t)
    const [a, bob] = [await service.account('alice'), await service.account('bob')]
    const [b, c] = [await service.signIn(a.email), await service.signIn(a.email)]
    const remove = (id: string) =>
      service.app.inject({ method: 'DELETE', url: `/auth/sessions/${id}`, headers: bearer(a) })
    const foreign = await remove(bob.session)
    assert.equal(foreign.statusCode, 404)
    assert.equal(foreign.json<{ code: string }>().code, 'SESSION_NOT_FOUND')
    assert.equal((await remove(b.session)).statusCode, 204)
    assert.equal((await remove(b.session)).statusCode, 404)
    assert.deepEqual([await status(service, a), await status(service, b), await status(service, bob)], [200, 401, 200])
    const others = await service.app.inject({ method: 'DELETE', url: '/auth/sessions', headers: bearer(a) })
    assert.deepEqual(others.json(), { ended: 1 })
    assert.deepEqual([await status(service, a), await status(service, c)], [200, 401])
  })

  it('a restarted process still knows what ended within the life of an access token', async (t) => {
    const first = await startService(t)
    const alice = await first.account('alice')
    await first.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(alice) })
    await first.close()
    const second = await startService(t, { dir: first.dir, clock: first.clock })
    assert.equal(await status(second, alice), 401)
  })

  it('housekeeping forgets sessions that ended long ago, and only those', async (t) => {
    const service = await startService(t)
    const old = await service.account('alice')
    await service.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(old) })
    service.clock.advance(31 * 24 * 3_600_000)
    await service.signIn(old.email)
    await service.module.turns.housekeeping()
    assert.equal((await service.db.store.sessions.revokedSince(0)).length, 0)
    assert.equal((await service.db.store.sessions.active(old.id, service.clock.now())).length, 1)
  })
})
