import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { WebSocket } from 'ws'
import { openServer } from '../server.fixture.ts'

type Frame = Record<string, unknown>

/** A WebSocket that is open, with all the frames it got. */
async function openWs(url: string, token: string) {
  const ws = new WebSocket(url.replace('http', 'ws'), { headers: { authorization: `Bearer ${token}` } })
  const frames: Frame[] = []
  ws.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame))
  await once(ws, 'open')
  return { ws, frames }
}

/** What a hand-shake is answered with that does not succeed. */
async function refused(url: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const ws = new WebSocket(url.replace('http', 'ws'), { headers })
  ws.on('error', () => {})
  const [, response] = (await once(ws, 'unexpected-response')) as [unknown, IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string }
  return { status: response.statusCode, code, retryAfter: Number(response.headers['retry-after']) }
}

test('commands of a stream and calls share one budget; whoever goes on regardless is sent away', async (t) => {
  const { server, call, person } = await openServer(t, { RATE_LIMIT_USER: '10' })
  const { token } = await person('minsu')
  const { ws, frames } = await openWs(`${server.urls.gateway}/api/ws`, token)
  const answers = () => frames.filter(({ type }) => type === 'ack' || type === 'error')
  for (let ref = 0; ref < 9; ref++) ws.send(JSON.stringify({ type: 'ping', ref }))
  await eventually(() => assert.equal(answers().length, 9))
  assert.ok(answers().every(({ type }) => type === 'ack'))
  ws.send(JSON.stringify({ type: 'ping', ref: 'one too many' }))
  ws.send('no command at all')
  await eventually(() => assert.equal(answers().length, 11))
  const [error, other] = answers().slice(9)
  assert.deepEqual(
    [error!['type'], error!['ref'], error!['status'], error!['code']],
    ['error', 'one too many', 429, 'RATE_LIMITED'],
  )
  assert.ok(Number(error!['retry_after']) > 0 && Number(error!['retry_after']) <= 60)
  assert.equal(other!['code'], 'BAD_FRAME')
  const answer = await call('GET', '/friends', { token })
  assert.deepEqual([answer.status, answer.body['code']], [429, 'RATE_LIMITED'])
  assert.equal((await refused(`${server.urls.gateway}/api/ws`, token)).status, 429)
  const closed = once(ws, 'close')
  for (let i = 0; i < 10; i++) ws.send(JSON.stringify({ type: 'ping' }))
  const [code] = (await closed) as [number]
  assert.equal(code, 4004)
})

test('an account and an address have a number of streams, over both transports; a closed one frees its place', async (t) => {
  const { server, call, person } = await openServer(t, { STREAMS_PER_USER: '2', STREAMS_PER_ADDRESS: '3' })
  const [minsu, jiu] = [await person('minsu'), await person('jiu')]
  const { gateway, chat } = server.urls
  const first = await openWs(`${gateway}/api/ws`, minsu.token)
  const sse = new AbortController()
  const headers = { authorization: `Bearer ${minsu.token}` }
  assert.equal((await fetch(`${chat}/stream`, { headers, signal: sse.signal })).status, 200)
  const full = { status: 429, code: 'TOO_MANY_STREAMS', retryAfter: 30 }
  assert.deepEqual(await refused(`${gateway}/api/ws`, minsu.token), full)
  assert.deepEqual(await refused(`${chat}/ws`, minsu.token), full)
  const refusal = await call('GET', '/stream', { token: minsu.token })
  assert.deepEqual([refusal.status, refusal.body['code'], refusal.headers.get('retry-after')], [429, full.code, '30'])
  const another = await openWs(`${gateway}/api/ws`, jiu.token)
  assert.deepEqual(await refused(`${gateway}/api/ws`, jiu.token), full, 'three from this address')
  first.ws.terminate()
  const again = await eventually(() => openWs(`${gateway}/api/ws`, minsu.token))
  another.ws.terminate()
  sse.abort()
  again.ws.terminate()
  await eventually(() => openWs(`${gateway}/api/ws`, jiu.token).then(({ ws }) => ws.terminate()))
})

test("the services' own ports have the limits of the gateway, and are open to this machine only", async (t) => {
  const { server, call } = await openServer(t, { RATE_LIMIT_ANONYMOUS: '3', HOST: '0.0.0.0' })
  const { user, friend, chat } = server.urls
  for (const url of [user, friend, chat])
    for (let i = 0; i < 5; i++) assert.equal((await call('GET', `${url}/health`)).status, 200)
  const statuses = []
  for (const url of [`${user}/profile/me`, `${friend}/friends`, `${chat}/chat-rooms`, `${chat}/chat-rooms`])
    statuses.push((await call('GET', url)).status)
  assert.deepEqual(statuses, [401, 401, 401, 429])
  assert.equal((await call('GET', '/friends')).status, 429, 'at the gateway, too')
  const upgrade = await refused(`${chat}/ws`)
  assert.deepEqual([upgrade.status, upgrade.code], [429, 'RATE_LIMITED'])
  const hosts = Object.entries(server.apps).map(([name, app]) => [name, (app.server.address() as AddressInfo).address])
  assert.deepEqual(Object.fromEntries(hosts), {
    user: '127.0.0.1',
    friend: '127.0.0.1',
    chat: '127.0.0.1',
    notification: '127.0.0.1',
    ai: '127.0.0.1',
    analytics: '127.0.0.1',
    gateway: '0.0.0.0',
  })
})

test('the own ports can be opened to other machines', async (t) => {
  const { server } = await openServer(t, { SERVICE_HOST: '0.0.0.0' })
  assert.equal((server.apps.chat.server.address() as AddressInfo).address, '0.0.0.0')
  assert.equal((server.apps.gateway.server.address() as AddressInfo).address, '127.0.0.1')
})

test('an address that is written in another way is counted all the same', async (t) => {
  const { server } = await openServer(t, { RATE_LIMIT_ANONYMOUS: '3' })
  const { gateway, user } = server.urls
  for (let n = 0; n < 3; n++) assert.equal((await fetch(`${gateway}/%61pi/about`)).status, 200)
  assert.equal((await fetch(`${gateway}/api/about`)).status, 429)
  const credentials = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"email":"a@b.example"}',
  }
  assert.equal((await fetch(`${user}/%61uth/login/json`, credentials)).status, 429)
})
