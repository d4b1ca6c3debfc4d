import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createCallBudget, createMemoryRateLimiter } from '@bigtech/http'
import { createEmbeddedBus } from '@bigtech/messaging'
import { openIdempotencyStore } from '@bigtech/sql'
import { nullLogger } from '@bigtech/telemetry'
import { eventually, freePort, tempDir } from '@bigtech/testkit'
import { config } from '../config.ts'
import { createListen, edgeOf } from '../hosting.ts'
import type { OpsMetrics } from '../ops/ops-metrics.ts'
import { openRemote, openService, SECRET } from '../ops/service-ops.fixture.ts'
import { startRemoteGateway } from './remote-gateway.ts'
import { createStops } from '../stops.ts'

type Answer<T> = { status: number; body: T }

type Options = Readonly<{
  /** Addresses of friend-service that people are sent to. */
  friends?: readonly string[]
  /** That a user has in a minute. */
  calls?: number
}>

/** A gateway with two processes of friend-service, and nobody at the addresses of the other two. */
async function open(t: TestContext, { friends = [], calls = 1_000 }: Options = {}) {
  const service = await openService(t)
  const other = await openService(t)
  const [first, second] = [await openRemote(t, service), await openRemote(t, other)]
  const nobody = `http://127.0.0.1:${await freePort()}`
  const settings = config.parse({
    DATA_DIR: tempDir(t),
    GATEWAY_PORT: '0',
    SERVICE_SECRET: SECRET,
    NODE_ID: 'gateway-1',
  })
  const tokens = {
    verify: async () => ({ user_id: 1, session_id: 's', role: 'admin' as const, expires_at: Infinity }),
  }
  const bus = await createEmbeddedBus({ file: join(tempDir(t), 'events.db'), logger: nullLogger })
  t.after(() => bus.close())
  const limiter = () => createMemoryRateLimiter({ limit: 1_000, windowS: 60 })
  const addresses = (role: string, friend: readonly string[]) => (role === 'friend' ? friend : [nobody])
  const answers = await openIdempotencyStore(join(tempDir(t), 'idempotency.db'))
  t.after(() => answers.close())
  const stops = createStops()
  t.after(() => stops.close())
  const url = await startRemoteGateway(
    settings,
    nullLogger,
    {
      bus,
      tokens,
      calls: createCallBudget(calls),
      limits: { anonymous: limiter(), tickets: limiter() },
      idempotency: answers.storeFor('gateway'),
      peers: {
        addresses: (role) => addresses(role, friends),
        internalAddresses: (role) => addresses(role, [first.url.href, second.url.href]),
        api: () => assert.fail('the gateway asks for nobody'),
        internal: () => assert.fail('the gateway asks each instance'),
      },
    },
    edgeOf(settings, tokens, new AbortController().signal),
    createListen(settings, stops),
    stops,
  )
  const get = async <T>(path: string): Promise<Answer<T>> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: 'Bearer x' } })
    return { status: answer.status, body: (await answer.json()) as T }
  }
  /** By path and status, of the calls of people. */
  const counted = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${url}/metrics`)).text()
    const rows = text.matchAll(/^http_requests_total\{method="(\w+)",path="(\/api[^"]*)",status="(\d+)",.*\} (\d+)$/gm)
    return Object.fromEntries(
      [...rows].map(([, method, path, status, value]) => [`${method} ${path} ${status}`, Number(value)]),
    )
  }
  return { get, url, counted, service, first, second, nobody: new URL(nobody).host }
}

test('a gateway shows the operations of services in other processes, itself, and who is away', async (t) => {
  const { get, service, first, nobody } = await open(t)
  await service.park('안녕')
  const { status, body } = await get<OpsMetrics>('/api/ops/metrics')
  assert.equal(status, 200)
  assert.deepEqual(
    body.requests.map(({ service: name }) => name),
    ['gateway', 'friend-service'],
  )
  // The processes of this test are one: its id is the same.
  assert.deepEqual(
    body.processes.map(({ name, services }) => [name, services]),
    [['gateway-1', ['gateway', 'friend-service']]],
  )
  assert.deepEqual(
    body.away.map(({ service: name, name: at }) => [name, at]),
    [
      ['user-service', nobody],
      ['chat-service', nobody],
      ['notification-service', nobody],
      ['ai-service', nobody],
      ['analytics-service', nobody],
    ],
  )
  const outboxes = await get<{ items: object[]; away: string[] }>('/api/ops/outbox')
  assert.deepEqual(outboxes.body, {
    items: [{ service: 'friend-service', pending: 0, parked: 1, oldest_created_at: null }],
    away: ['user-service', 'chat-service', 'ai-service'],
  })
  assert.equal((await get('/api/ops/reports')).status, 200)
  assert.equal((await get('/api/ops/storage')).status, 503)
  const health = await get<{ items: { service: string; instances: { name: string; status: string }[] }[] }>(
    '/api/ops/health',
  )
  assert.deepEqual(
    health.body.items.map(({ service: name, instances }) => [name, instances.map((one) => one.status)]),
    [
      ['gateway', ['up']],
      ['user-service', ['down']],
      ['friend-service', ['up', 'up']],
      ['chat-service', ['down']],
      ['notification-service', ['down']],
      ['ai-service', ['down']],
      ['analytics-service', ['down']],
    ],
  )
  assert.equal(health.body.items[2]!.instances[0]!.name, first.url.host)
})

test('its readiness and its document tell who is missing, and not where', async (t) => {
  const { get, nobody } = await open(t)
  const ready = await get<{ status: string; checks: Record<string, { status: string; detail?: string }> }>('/ready')
  assert.deepEqual([ready.status, ready.body.status], [200, 'degraded'])
  const away = { status: 'down', detail: '1 of 1 processes do not answer', essential: false }
  assert.deepEqual(ready.body.checks, {
    'user-service': away,
    'friend-service': { status: 'up', essential: false },
    'chat-service': away,
    'notification-service': away,
    'ai-service': away,
    'analytics-service': away,
  })
  const { body } = await get<{ paths: Record<string, object>; info: { description: string } }>('/openapi.json')
  assert.ok(body.paths['/api/friends'] && body.paths['/api/ops/metrics'])
  assert.match(
    body.info.description,
    /: user-service, chat-service, notification-service, ai-service, analytics-service\.$/,
  )
  assert.ok(!JSON.stringify([ready.body, body]).includes(nobody))
})

/** A service that answers, begins a stream, or is lost before its answer, by the path. */
async function startService(t: TestContext) {
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/friends/lost') request.socket.destroy()
    else if (request.url === '/friends/stream')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n')
    else response.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('calls of services somewhere else are counted, and what nobody but the gateway answered', async (t) => {
  const { get, url, counted } = await open(t, { friends: [await startService(t)] })
  const headers = { authorization: 'Bearer x' }
  for (const id of [1, 2]) assert.equal((await get(`/api/friends/${id}?q=${id}`)).status, 200)
  assert.equal((await get<{ code: string }>('/api/chat-rooms')).body.code, 'SERVICE_UNAVAILABLE')
  const lost = await fetch(`${url}/api/friends/lost`, { method: 'POST', headers })
  assert.equal(((await lost.json()) as { code: string }).code, 'SERVICE_LOST')
  const stream = await fetch(`${url}/api/friends/stream`, { headers })
  // Before it ends: what was waited for is there.
  await eventually(async () =>
    assert.deepEqual(await counted(), {
      'GET /api/friends 200': 3,
      'GET /api/chat-rooms 503': 1,
      'POST /api/friends 503': 1,
    }),
  )
  // The charts of operations add up services: there a call is its service's alone.
  const { body } = await get<OpsMetrics>('/api/ops/metrics')
  assert.equal(body.requests.find(({ service }) => service === 'gateway')!.errors, 0)
  await stream.body!.cancel()
  assert.equal((await get('/api/friends/3')).status, 200)
  await eventually(async () => assert.equal((await counted())['GET /api/friends 200'], 4))
})

test('a call that is refused for its number is counted where it was refused, one of its own once', async (t) => {
  const { get, counted } = await open(t, { friends: [await startService(t)], calls: 2 })
  const statuses = []
  for (const path of ['/api/friends', '/api/ops/topics', '/api/friends']) statuses.push((await get(path)).status)
  assert.deepEqual(statuses, [200, 200, 429])
  await eventually(async () =>
    assert.deepEqual(await counted(), {
      'GET /api/friends 200': 1,
      'GET /api/ops/topics 200': 1,
      'GET /api/friends 429': 1,
    }),
  )
})
