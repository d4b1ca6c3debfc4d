import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { createHttpClient, createPolicy } from '@bigtech/resilience'
import { eventually } from '@bigtech/testkit'
import { createTestTokens, openHost } from '../host.fixture.ts'
import { createTokenVerifier } from '../tokens.ts'
import { createRemoteJwks } from './remote-jwks.ts'

/** A user-service that answers with `keys`, or with what `answer` says; it can be away. */
async function open(t: TestContext) {
  const world = { now: Date.now(), asked: 0, status: 200, body: undefined as unknown, keys: [] as object[] }
  const server = createServer((request, response) => {
    world.asked++
    assert.equal(request.url, '/.well-known/jwks.json')
    response.writeHead(world.status, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify(world.body ?? { keys: world.keys }))
  })
  const listen = (port: number) => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as { port: number }
  const leave = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  t.after(() => server.listening && leave())
  const policy = createPolicy({ retries: 0, breaker: { consecutive: 1_000, halfOpenAfterMs: 1 } })
  const jwks = createRemoteJwks(createHttpClient({ baseUrl: `http://127.0.0.1:${port}`, policy }))
  const verifier = createTokenVerifier({ jwks, now: () => world.now })
  return { world, jwks, verifier, leave, comeBack: () => listen(port) }
}

/** Keys with a name of their own. */
function keysNamed(kid: string) {
  const { jwk, sign } = createTestTokens({ kid })
  return { jwk, token: sign({ expiresInMs: 3_600_000 }), another: sign({ sid: 's2', expiresInMs: 3_600_000 }) }
}

describe('keys of user-service over HTTP', () => {
  it('are asked for at the first token; before user-service is there, each call is one to be made again', async (t) => {
    const { world, verifier, leave, comeBack } = await open(t)
    const { jwk, token } = keysNamed('k1')
    world.keys = [jwk]
    await leave()
    await assert.rejects(verifier.verify(token), { code: 'DEPENDENCY_UNAVAILABLE', kind: 'unavailable' })
    await comeBack()
    assert.equal((await verifier.verify(token)).user_id, 7)
  })

  it('answer 503 with Retry-After, not 401, which would sign people out', async (t) => {
    const { verifier, leave } = await open(t)
    await leave()
    const { app } = await openHost(t, (app) => void app.get('/mine', async () => 'ok'), { tokens: verifier })
    const call = (token: string) => app.inject({ url: '/mine', headers: { authorization: `Bearer ${token}` } })
    const answer = await call(keysNamed('k1').token)
    assert.equal(answer.statusCode, 503)
    assert.ok(Number(answer.headers['retry-after']) >= 1)
    assert.equal((await call('no token at all')).statusCode, 401)
  })

  it('stay good while user-service is away, and one call asks for all', async (t) => {
    const { world, verifier, leave } = await open(t)
    const { jwk, token, another } = keysNamed('k1')
    world.keys = [jwk]
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)))
    assert.equal(world.asked, 1)
    await leave()
    world.now += 20 * 60_000
    assert.equal((await verifier.verify(another)).session_id, 's2')
  })

  it('that are not known are asked for once in 30 s; while nobody answers, nobody is told that a token is wrong', async (t) => {
    const { world, verifier, leave, comeBack } = await open(t)
    const [old, next] = [keysNamed('old'), keysNamed('next')]
    world.keys = [old.jwk]
    await verifier.verify(old.token)
    for (let i = 0; i < 5; i++) await assert.rejects(verifier.verify(next.token), { code: 'TOKEN_INVALID' })
    assert.equal(world.asked, 1)
    world.keys = [old.jwk, next.jwk]
    world.now += 31_000
    await leave()
    for (let i = 0; i < 2; i++) await assert.rejects(verifier.verify(next.token), { code: 'DEPENDENCY_UNAVAILABLE' })
    await verifier.verify(old.another)
    await comeBack()
    await verifier.verify(next.token)
  })

  it('that were withdrawn are not accepted for ever, also for tokens that were seen before', async (t) => {
    const { world, verifier } = await open(t)
    const [old, next] = [keysNamed('old'), keysNamed('next')]
    world.keys = [old.jwk, next.jwk]
    await verifier.verify(old.token)
    world.keys = [next.jwk]
    world.now += 6 * 60_000
    // Nobody waits for the keys to be looked at again.
    await verifier.verify(old.another)
    await eventually(() => assert.rejects(verifier.verify(old.token), { code: 'TOKEN_INVALID' }))
    assert.equal(world.asked, 2)
  })

  it('are no keys when the answer is something else', async (t) => {
    const { world, jwks } = await open(t)
    for (const [status, body] of [
      [200, {}],
      [200, { keys: [] }],
      [200, 'ok'],
      [404, {}],
      [500, {}],
    ] as const) {
      Object.assign(world, { status, body })
      await assert.rejects(jwks(), { code: 'DEPENDENCY_UNAVAILABLE' }, JSON.stringify(body))
    }
  })
})
