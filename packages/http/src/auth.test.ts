import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get as httpGet, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createSigner } from 'fast-jwt'
import { Type } from 'typebox'
import { principalOf } from './auth.ts'
import { createTestTokens, openHost } from './host.fixture.ts'
import type { App } from './app.ts'
import { operation, type Access } from './operation.ts'
import type { Problem } from './problem.ts'
import { createTokenVerifier, TOKEN_AUDIENCE, TOKEN_ISSUER } from './tokens.ts'

const routes = (app: App) => {
  for (const access of ['public', 'user', 'admin'] satisfies Access[])
    app.get(
      `/${access}`,
      operation({ id: access, tag: 't', summary: 'x', access, response: { 200: Type.Any() } }),
      (request) => (access === 'public' ? { principal: request.principal } : { user_id: principalOf(request).user_id }),
    )
  app.get('/undeclared', () => ({ ok: true }))
}

const get = async (app: App, url: string, authorization?: string) => {
  const answer = await app.inject({ url, headers: authorization === undefined ? {} : { authorization } })
  return { status: answer.statusCode, code: answer.json<Problem>().code, answer }
}

test('access levels: public, user, admin; a route without one needs a user', async (t) => {
  const { app, bearer } = await openHost(t, routes)
  const [user, admin] = [bearer(), bearer({ role: 'admin', sub: 1 })]
  const statuses = async (authorization?: string) =>
    Promise.all(
      ['/public', '/user', '/admin', '/undeclared'].map(async (url) => (await get(app, url, authorization)).status),
    )
  assert.deepEqual(await statuses(), [200, 401, 401, 401])
  assert.deepEqual(await statuses(user), [200, 200, 403, 200])
  assert.deepEqual(await statuses(admin), [200, 200, 200, 200])
  assert.equal((await get(app, '/admin', user)).code, 'ADMIN_ONLY')
  const anonymous = await get(app, '/user')
  assert.equal(anonymous.code, 'NOT_AUTHENTICATED')
  assert.equal(anonymous.answer.headers['www-authenticate'], 'Bearer')
  assert.equal((await get(app, '/user', bearer({ sub: 42 }))).answer.json<{ user_id: number }>().user_id, 42)
})

test('a public route does not look at tokens: a broken one is no obstacle', async (t) => {
  const { app } = await openHost(t, routes)
  assert.equal((await get(app, '/public', 'Bearer nonsense')).status, 200)
})

test('a local route takes a program on this machine that asks the service itself, and signed-in users from anywhere', async (t) => {
  const { app, bearer } = await openHost(t, (own) => {
    const response = { 200: Type.Any() }
    own.get(
      '/local',
      operation({ id: 'local', tag: 't', summary: 'x', access: 'local', response }),
      ({ principal }) => ({
        by: principal?.user_id ?? null,
      }),
    )
  })
  const own = await app.listen({ host: '127.0.0.1', port: 0 })
  const gateway = createServer((request, response) => app.routing(request, response))
  t.after(() => gateway.close())
  await once(gateway.listen(0, '127.0.0.1'), 'listening')
  const through = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
  const status = async (at: string, headers: Record<string, string> = {}) =>
    (await fetch(`${at}/local`, { headers })).status
  assert.equal(await status(own), 200)
  for (const [at, headers] of [
    [through, {}],
    [own, { 'x-forwarded-for': '127.0.0.1' }],
    [own, { origin: 'https://elsewhere.example' }],
    [own, { via: '1.1 proxy' }],
    [own, { 'x-real-ip': '8.8.8.8' }],
    [own, { authorization: 'Bearer nonsense' }],
  ] as const)
    assert.equal(await status(at, headers), 401, JSON.stringify([at === own, headers]))
  const named = async (host: string) => {
    const [answer] = (await once(httpGet(`${own}/local`, { headers: { host } }), 'response')) as [IncomingMessage]
    answer.resume()
    return answer.statusCode
  }
  assert.deepEqual(
    [await named('localhost:8006'), await named('care.example.org')],
    [200, 401],
    'somebody looked it up',
  )
  assert.equal((await app.inject('/local')).statusCode, 401, 'nobody knows from where')
  assert.equal(await status(through, { authorization: bearer(), origin: 'https://elsewhere.example' }), 200)
})

test('a header that holds no bearer token', async (t) => {
  const { app, sign } = await openHost(t, routes)
  for (const header of ['', 'Bearer', 'Bearer ', 'Basic dXNlcjpwdw==', sign()])
    assert.equal((await get(app, '/user', header)).code, 'NOT_AUTHENTICATED', header.slice(0, 10))
  assert.equal((await get(app, '/user', `bearer ${sign()}`)).status, 200, 'the scheme has no case')
})

test('expired, forged, unsigned and revoked tokens are refused', async (t) => {
  const { app, sign, bearer, revoked, jwk } = await openHost(t, routes)
  const code = async (token: string) => (await get(app, '/user', `Bearer ${token}`)).code
  const b64 = (value: object | string) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const claims = {
    sub: '1',
    sid: 's',
    role: 'admin',
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    exp: Math.floor(Date.now() / 1000) + 60,
  }
  const [header, payload, signature] = sign().split('.') as [string, string, string]

  assert.equal(await code(sign({ expiresInMs: -1_000 })), 'TOKEN_EXPIRED')
  assert.equal(await code(sign({ iss: 'somebody else' })), 'TOKEN_INVALID')
  assert.equal(await code(sign({ aud: 'another service' })), 'TOKEN_INVALID')
  assert.equal(await code(`${b64({ alg: 'none', typ: 'JWT', kid: 'k1' })}.${b64(claims)}.`), 'TOKEN_INVALID')
  assert.equal(await code(`${b64({ alg: 'none' })}.${b64(claims)}.`), 'TOKEN_INVALID')
  assert.equal(await code(`${header}.${b64(claims)}.${signature}`), 'TOKEN_INVALID', 'changed claims')
  assert.equal(await code(`${header}.${payload}.${b64('x'.repeat(64))}`), 'TOKEN_INVALID', 'changed signature')
  // The public key as an HMAC secret: the classic confusion of algorithms.
  const hs = `${b64({ alg: 'HS256', kid: 'k1' })}.${b64(claims)}`
  const hmac = createHmac('sha256', Buffer.from(String(jwk.x), 'base64url'))
    .update(hs)
    .digest('base64url')
  assert.equal(await code(`${hs}.${hmac}`), 'TOKEN_INVALID')
  const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const forged = createSigner({
    key: other,
    algorithm: 'EdDSA',
    kid: 'k1',
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    expiresIn: 60_000,
  })
  assert.equal(await code(forged({ sub: '1', sid: 's', role: 'admin' })), 'TOKEN_INVALID')
  for (const junk of ['x', 'a.b.c', '..', 'x'.repeat(5_000), `${header}.${payload}`])
    assert.equal(await code(junk), 'TOKEN_INVALID', junk.slice(0, 10))

  assert.equal((await get(app, '/user', bearer({ sid: 'gone' }))).status, 200)
  revoked.add('gone')
  assert.equal(await code(sign({ sid: 'gone' })), 'TOKEN_INVALID')
})

test('a token without the claims we rely on is refused', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const verifier = createTokenVerifier({
    jwks: async () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] }),
  })
  const full = { sub: '7', sid: 's', role: 'user' }
  const sign = (claims: object, expiresIn?: number) =>
    createSigner({
      key,
      algorithm: 'EdDSA',
      kid: 'k',
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      ...(expiresIn ? { expiresIn } : {}),
    })(claims)
  assert.equal((await verifier.verify(sign(full, 60_000))).user_id, 7)
  for (const missing of ['sub', 'sid', 'role'] as const) {
    const { [missing]: _left, ...rest } = full
    await assert.rejects(verifier.verify(sign(rest, 60_000)), { code: 'TOKEN_INVALID' }, missing)
  }
  await assert.rejects(verifier.verify(sign(full)), { code: 'TOKEN_INVALID' }, 'a token for ever')
})

test('keys are fetched when an unknown one appears, at most every 30 s', async () => {
  let now = Date.now()
  let fetches = 0
  const old = createTestTokens()
  const next = createTestTokens()
  const keys = [{ ...old.jwk, kid: 'old' }]
  const verifier = createTokenVerifier({
    now: () => now,
    jwks: async () => {
      fetches++
      return { keys: [...keys] }
    },
  })
  const unknown = next.sign()
  await assert.rejects(verifier.verify(unknown), { code: 'TOKEN_INVALID' })
  await assert.rejects(verifier.verify(unknown), { code: 'TOKEN_INVALID' })
  assert.equal(fetches, 1)
  keys.push(next.jwk)
  now += 31_000
  assert.equal((await verifier.verify(unknown)).user_id, 7)
  assert.equal(fetches, 2)
})
