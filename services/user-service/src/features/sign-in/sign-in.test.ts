import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { createMemoryPresenceStore } from '../../adapters/index.ts'
import { createUserMetrics } from '../../telemetry/metrics.ts'
import { bearer, PASSWORD, startService, type TestService } from '../../user-service.fixture.ts'
import { signIn } from './sign-in.ts'

const login = (service: TestService, email: string, password: string, headers: Record<string, string> = {}) =>
  service.app.inject({ method: 'POST', url: '/auth/login/json', payload: { email, password }, headers })

describe('signing in', () => {
  it('answers with a token pair that works', async (t) => {
    const service = await startService(t)
    const { email } = await service.account('alice')
    const answer = await login(service, ` ${email.toUpperCase()}`, PASSWORD)
    assert.equal(answer.statusCode, 200)
    const pair = answer.json<Record<string, unknown>>()
    assert.deepEqual(Object.keys(pair).sort(), ['access_token', 'expires_in', 'refresh_token', 'token_type'])
    assert.deepEqual([pair['token_type'], pair['expires_in']], ['bearer', 900])
    assert.equal(answer.headers['cache-control'], 'no-store')
    const [header, claims] = String(pair['access_token'])
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>)
    assert.equal(header!['alg'], 'EdDSA')
    const jwks = (await service.app.inject('/.well-known/jwks.json')).json<{ keys: Record<string, string>[] }>()
    assert.deepEqual(
      jwks.keys.map((key) => [key['kid'], key['kty'], key['crv'], key['d']]),
      [[header!['kid'], 'OKP', 'Ed25519', undefined]],
    )
    assert.deepEqual([claims!['sub'], claims!['role'], claims!['iss']], ['1', 'user', 'bigtech-chat'])
    assert.equal(Number(claims!['exp']) - Number(claims!['iat']), 900)
    const me = await service.app.inject({
      url: '/profile/me',
      headers: bearer({ token: String(pair['access_token']) }),
    })
    const { login_count, last_login_at } = me.json<{ login_count: number; last_login_at: string }>()
    assert.equal(login_count, 2)
    assert.ok(Date.parse(last_login_at) > 0)
  })

  it('takes the OAuth2 form with an e-mail address or a username', async (t) => {
    const service = await startService(t)
    await service.account('김철수')
    const form = (fields: Record<string, string>) =>
      service.app.inject({
        method: 'POST',
        url: '/auth/login',
        payload: new URLSearchParams(fields).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    for (const username of ['김철수@example.com', '김철수', '김철수'.normalize('NFD')])
      assert.equal((await form({ grant_type: 'password', username, password: PASSWORD })).statusCode, 200, username)
    assert.equal((await form({ username: '김철수', password: PASSWORD, scope: '' })).statusCode, 200)
    assert.equal((await form({ grant_type: 'implicit', username: '김철수', password: PASSWORD })).statusCode, 422)
    assert.equal((await form({ username: '김철수' })).statusCode, 422)
    const json = await service.app.inject({
      method: 'POST',
      url: '/auth/login',
      payload: { username: '김철수', password: PASSWORD },
    })
    assert.equal(json.statusCode, 415)
  })

  it('gives a wrong password and an unknown account the same answer', async (t) => {
    const service = await startService(t)
    await service.account('alice')
    const wrong = await login(service, 'alice@example.com', 'wrong-password')
    const unknown = await login(service, 'nobody@example.com', 'wrong-password')
    for (const answer of [wrong, unknown]) {
      assert.equal(answer.statusCode, 401)
      const { code, detail } = answer.json<{ code: string; detail: string }>()
      assert.deepEqual([code, detail], ['CREDENTIALS_INVALID', '이메일 또는 비밀번호가 올바르지 않습니다'])
    }
    const { trace_id: _a, ...a } = wrong.json<Record<string, unknown>>()
    const { trace_id: _b, ...b } = unknown.json<Record<string, unknown>>()
    assert.deepEqual(a, b)
  })

  it('allows five failures a minute for an account and address, then says when to come back', async (t) => {
    const service = await startService(t)
    await service.account('alice')
    for (let i = 0; i < 5; i++) {
      const answer = await login(service, 'alice@example.com', 'wrong-password')
      assert.equal(answer.statusCode, 401)
      assert.equal(answer.headers['ratelimit-remaining'], String(4 - i))
    }
    const refused = await login(service, 'alice@example.com', PASSWORD)
    assert.equal(refused.statusCode, 429)
    assert.ok(Number(refused.headers['retry-after']) > 0 && Number(refused.headers['retry-after']) <= 60)
    assert.equal(refused.headers['ratelimit-limit'], '5')
    const elsewhere = await login(service, 'alice@example.com', PASSWORD, { 'x-forwarded-for': '203.0.113.9' })
    assert.equal(elsewhere.statusCode, 200, 'another address has a budget of its own')
    assert.match(await service.metrics.text(), /user_logins_total\{result="limited",service="user-service"\} 1/)
  })

  it('forgets failures after a success', async (t) => {
    const service = await startService(t)
    await service.account('alice')
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) await login(service, 'alice@example.com', 'wrong-password')
      assert.equal((await login(service, 'alice@example.com', PASSWORD)).statusCode, 200)
    }
  })

  it('tells only who knows the password that an account is deactivated', async (t) => {
    const service = await startService(t)
    const [alice, admin] = [await service.account('alice'), await service.admin('root')]
    const url = `/users/${alice.id}/status`
    await service.app.inject({ method: 'PATCH', url, payload: { status: 'inactive' }, headers: bearer(admin) })
    assert.equal((await login(service, alice.email, 'wrong-password')).statusCode, 401)
    const answer = await login(service, alice.email, PASSWORD)
    assert.equal(answer.statusCode, 403)
    assert.equal(answer.json<{ detail: string }>().detail, '비활성화된 계정입니다')
  })
})

it('beyond the limit the session that was unused longest ends, never the new one', async (t) => {
  const service = await startService(t, { sessionLimit: 3 })
  const { app, clock, signIn } = service
  const open = async (account: { token: string }) =>
    (await app.inject({ url: '/profile/me', headers: bearer(account) })).statusCode === 200
  const first = await service.account('alice')
  clock.advance(1_000)
  const second = await signIn(first.email)
  clock.advance(1_000)
  const third = await signIn(first.email)
  clock.advance(1_000)
  const refreshed = await app.inject({
    method: 'POST',
    url: '/auth/refresh',
    payload: { refresh_token: first.refresh },
  })
  assert.equal(refreshed.statusCode, 200)
  clock.advance(1_000)
  const fourth = await signIn(first.email)
  assert.deepEqual(await Promise.all([first, second, third, fourth].map(open)), [true, false, true, true])
  const many = await Promise.all(Array.from({ length: 5 }, () => signIn(first.email)))
  assert.equal((await service.db.store.sessions.active(first.id, clock.now())).length, 3)
  assert.ok((await Promise.all(many.map(open))).filter(Boolean).length <= 3)
})

it('a sign-in with the old password that overlaps its change opens no session', async (t) => {
  const { account, db, clock } = await startService(t)
  const alice = await account('alice')
  await db.store.sessions.revoke(alice.id, { allBut: null }, clock.now())
  const hasher = {
    hash: async (password: string) => password,
    async verify() {
      await db.store.credentials.set(alice.id, 'another-hash', clock.now())
      return true
    },
    pending: () => 0,
  }
  const ports = {
    store: db.store,
    clock,
    hasher,
    imageUrl: () => null,
    tokens: { issue: () => assert.fail('a token was issued'), jwks: () => ({ keys: [] }) },
    metrics: createUserMetrics(createMetrics('test'), hasher, createMemoryPresenceStore()),
    logger: nullLogger,
    sessionLifeMs: 1_000_000,
    sessionLimit: 10,
    mustConfirmEmail: false,
    revocations: { announce: () => {} },
  }
  const user = await db.store.users.findByEmail(alice.email)
  const attempt = signIn(ports, { account: alice.email, user, password: PASSWORD, device: null, ip: null })
  await assert.rejects(attempt, { code: 'CREDENTIALS_INVALID' })
  assert.deepEqual(await db.store.sessions.active(alice.id, clock.now()), [])
})
