import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createRemoteRevocations } from '@bigtech/http'
import { createMemoryBroker, createRevocationList } from '@bigtech/realtime'
import { createHttpClient } from '@bigtech/resilience'
import { bearer, openInternal, startService, type Account, type TestService } from '../../user-service.fixture.ts'

const MINUTE_MS = 60_000

async function open(t: TestContext) {
  const service = await startService(t)
  const { internal, tokens } = await openInternal(t, service)
  const get = (url: string, authorization?: string) =>
    internal.inject({ url, headers: authorization === undefined ? {} : { authorization } })
  const baseUrl = await internal.listen({ port: 0, host: '127.0.0.1' })
  const client = createHttpClient({ baseUrl, headers: () => ({ authorization: tokens.authorization('user-service') }) })
  return { service, tokens, get, source: createRemoteRevocations(client) }
}

async function logOut({ app }: TestService, account: Account): Promise<void> {
  const answer = await app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(account) })
  assert.equal(answer.statusCode, 204)
}

describe('GET /internal/sessions/revoked', () => {
  it('tells a process that has just started, and hears nothing, which sessions ended', async (t) => {
    const { service, source } = await open(t)
    const [gone, stays] = [await service.account('gone'), await service.account('stays')]
    await logOut(service, gone)
    const list = createRevocationList(createMemoryBroker(), { source, clock: service.clock })
    t.after(() => list.close())
    await list.complete()
    assert.deepEqual([list.isRevoked(gone.session), list.isRevoked(stays.session)], [true, false])
  })

  it('has those since a time, and none whose tokens are long dead', async (t) => {
    const { service, source } = await open(t)
    const [first, second] = [await service.account('first'), await service.account('second')]
    await logOut(service, first)
    service.clock.advance(MINUTE_MS)
    const between = await source()
    assert.deepEqual(between.sessions, [{ session_id: first.session, user_id: first.id }])
    await logOut(service, second)
    const later = await source(between.as_of)
    assert.deepEqual(later.sessions, [{ session_id: second.session, user_id: second.id }])
    service.clock.advance(21 * MINUTE_MS)
    assert.deepEqual((await source(0)).sessions, [])
  })

  it('is for services only', async (t) => {
    const { service, tokens, get } = await open(t)
    const alice = await service.account('alice')
    const path = '/internal/sessions/revoked'
    assert.equal((await get(path)).statusCode, 401)
    assert.equal((await get(path, `Bearer ${alice.token}`)).statusCode, 401)
    assert.equal((await get(path, tokens.authorization('chat-service'))).statusCode, 401)
    assert.equal((await get(`${path}?since=x`, tokens.authorization('user-service'))).statusCode, 422)
    assert.equal((await service.app.inject({ url: path, headers: bearer(alice) })).statusCode, 404)
  })
})
