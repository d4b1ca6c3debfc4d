import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { WebSocket } from 'ws'
import { openServer } from '../server.fixture.ts'

test('the same calls work at the gateway below /api and on the services themselves', async (t) => {
  const { server, call } = await openServer(t)
  const body = { email: 'test@example.com', username: 'testuser', password: 'Test1234!@', display_name: '테스트 유저' }
  assert.equal((await call('POST', `${server.urls.user}/auth/register`, { body })).status, 201)
  const again = await call('POST', '/auth/register', { body })
  assert.deepEqual([again.status, again.body['detail']], [400, '이미 사용 중인 이메일입니다'])
  const login = await call<{ access_token: string; token_type: string }>('POST', '/auth/login/json', { body })
  assert.equal(login.body.token_type, 'bearer')
  const token = login.body.access_token
  for (const url of ['/profile/me', '/friends', '/chat-rooms']) {
    const { status, headers } = await call('GET', url, { token })
    assert.deepEqual([status, headers.get('content-type')], [200, 'application/json; charset=utf-8'], url)
  }
  assert.equal((await call('GET', `${server.urls.friend}/friends`, { token })).status, 200)
  assert.equal((await call('GET', `${server.urls.chat}/chat-rooms`, { token })).status, 200)
  assert.equal((await call('GET', '/.well-known/jwks.json')).status, 200)
  for (const [name, url] of [
    ['User Service', server.urls.user],
    ['Friend Service', server.urls.friend],
    ['Chat Service', server.urls.chat],
    ['Gateway', server.urls.gateway],
  ])
    assert.deepEqual((await call('GET', `${url}/health`)).body, { status: 'healthy', service: name })
})

test('what is nowhere is a 404 problem, and inherited names are nowhere', async (t) => {
  const { server, call } = await openServer(t)
  for (const path of [
    '/api/nothing',
    '/api/',
    '/api',
    '/nothing',
    '/api/__proto__',
    '/api/constructor/x',
    '/api/metrics',
    '/apiauth/login',
    '/friends',
  ]) {
    const answer = await call('GET', `${server.urls.gateway}${path}`)
    assert.deepEqual([answer.status, answer.body['code']], [404, 'ROUTE_NOT_FOUND'], path)
    assert.match(answer.headers.get('content-type') ?? '', /problem\+json/)
  }
})

test('anonymous calls are counted by address, signed-in ones by user; probes and preflights are not', async (t) => {
  const { server, call, person } = await openServer(t, { RATE_LIMIT_ANONYMOUS: '10', RATE_LIMIT_USER: '5' })
  const { token } = await person('minsu') // two anonymous calls
  for (let i = 0; i < 20; i++) {
    assert.equal((await call('GET', `${server.urls.gateway}/health`)).status, 200)
    assert.notEqual((await call('OPTIONS', '/friends', { headers: { origin: 'https://a.example.org' } })).status, 429)
  }
  const signedIn = []
  for (let i = 0; i < 7; i++) signedIn.push(await call('GET', '/friends', { token }))
  assert.deepEqual(
    signedIn.map(({ status }) => status),
    [200, 200, 200, 200, 200, 429, 429],
  )
  assert.deepEqual(
    signedIn.map(({ headers }) => headers.get('ratelimit-remaining')),
    ['4', '3', '2', '1', '0', '0', '0'],
  )
  const refused = signedIn[5]!
  assert.equal(refused.body['code'], 'RATE_LIMITED')
  assert.match(String(refused.body['trace_id']), /^[0-9a-f]{32}$/)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)

  // Neither a forged token nor a made-up address buys a budget of one's own.
  const statuses = []
  for (let i = 0; i < 9; i++) {
    const headers = { 'x-forwarded-for': `203.0.113.${i}`, authorization: `Bearer forged-${i}` }
    statuses.push((await call('GET', '/friends', { headers })).status)
  }
  assert.deepEqual(statuses, [...Array.from({ length: 8 }, () => 401), 429])
})

test('what the gateway refuses is counted as its own, what it hands on as the service alone', async (t) => {
  const { server, call, person } = await openServer(t, { RATE_LIMIT_USER: '3' })
  const { token } = await person('minsu')
  for (let i = 0; i < 5; i++) await call('GET', '/friends', { token })
  assert.equal((await call('GET', `${server.urls.friend}/friends`, { token })).status, 429)
  const counted = async (role: 'gateway' | 'friend') =>
    (await server.metrics[role].samples(['http_requests_total'])).map(
      ({ labels, value }) => `${labels['path']} ${labels['status']} ${value}`,
    )
  await eventually(async () => assert.deepEqual(await counted('gateway'), ['/api/friends 429 2']))
  await eventually(async () => assert.deepEqual(await counted('friend'), ['/friends 200 3', '/friends 429 1']))
})

test('behind a proxy that is trusted the forwarded address counts', async (t) => {
  const { call } = await openServer(t, { RATE_LIMIT_ANONYMOUS: '2', TRUST_PROXY: 'true' })
  const from = async (address: string) =>
    (await call('GET', '/friends', { headers: { 'x-forwarded-for': address } })).status
  assert.deepEqual([await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.1')], [401, 401, 429])
  assert.equal(await from('203.0.113.2'), 401)
})

test('a WebSocket opens through the gateway; other upgrades are refused', async (t) => {
  const { server, person } = await openServer(t)
  const { id, token } = await person('minsu')
  const at = (path: string) =>
    new WebSocket(`${server.urls.gateway.replace('http', 'ws')}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
  const ws = at('/api/ws')
  const hello = await new Promise<{ type: string; user_id: number }>((resolve, reject) => {
    ws.once('message', (data) => resolve(JSON.parse((data as Buffer).toString()) as { type: string; user_id: number }))
    ws.once('error', reject)
  })
  assert.deepEqual([hello.type, hello.user_id], ['hello', id])
  ws.terminate()
  for (const path of ['/ws', '/api/nothing', '/api/friends']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const other = at(path)
      other.once('unexpected-response', (_request, response) => resolve(response.statusCode))
      other.once('open', () => reject(new Error(`${path} was opened`)))
      other.once('error', () => resolve(undefined))
      setTimeout(() => reject(new Error(`${path}: no answer`)), 3_000).unref()
    })
    assert.equal(status, 404, path)
  }
})

test('a path that is there for another method says so, a WebSocket that it is one', async (t) => {
  const { server, call } = await openServer(t)
  for (const [method, path, status, header, value] of [
    ['POST', '/', 405, 'allow', 'GET, HEAD'],
    ['PUT', '/', 405, 'allow', 'GET, HEAD'],
    ['POST', '/api/ws', 405, 'allow', 'GET'],
    ['DELETE', '/api/ws', 405, 'allow', 'GET'],
    ['POST', '/openapi.json', 405, 'allow', 'GET, HEAD'],
    ['GET', '/api/ws', 426, 'upgrade', 'websocket'],
    ['POST', '/api/nothing', 404, 'allow', null],
  ] as const) {
    const answer = await call(method, `${server.urls.gateway}${path}`)
    assert.deepEqual([answer.status, answer.headers.get(header)], [status, value], `${method} ${path}`)
  }
})

test('one document has the operations of all services below /api, and Swagger UI shows it', async (t) => {
  const { server, call } = await openServer(t)
  type Document = { paths: Record<string, object>; info: { title: string }; openapi: string }
  const get = async (url: string) => (await call<Document>('GET', `${url}/openapi.json`)).body
  const { user, friend, chat, gateway } = server.urls
  const merged = await get(gateway)
  assert.equal(merged.openapi, '3.1.0')
  const own = ['/health', '/ready', '/metrics']
  for (const url of [user, friend, chat])
    for (const path of Object.keys((await get(url)).paths).filter((path) => !own.includes(path)))
      assert.ok(merged.paths[`/api${path}`], path)
  assert.ok(merged.paths['/api/ops/topics'])
  for (const url of [user, friend, chat, gateway]) assert.equal((await call('GET', `${url}/docs`)).status, 200, url)
  assert.equal((await call<string>('GET', `${gateway}/`)).status, 200)
})
