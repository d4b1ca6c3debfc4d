import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeCursor } from '@bigtech/kernel'
import { currentTraceparent } from '@bigtech/telemetry'
import { Type } from 'typebox'
import type { App } from './app.ts'
import { notEssential } from './health.ts'
import { openHost } from './host.fixture.ts'
import { operation } from './operation.ts'
import { readCursor } from './paging.ts'
import type { Problem } from './problem.ts'
import { createMemoryRateLimiter, enforce, rateLimitHeaders } from './rate-limit.ts'

test('the trace of the caller goes through body parsing into logs and what the handler writes', async (t) => {
  const seen: string[] = []
  const { app, lines } = await openHost(t, (routes) => {
    routes.post(
      '/write',
      operation({ id: 'w', tag: 't', access: 'public', summary: 'x', body: Type.Any(), response: { 200: Type.Any() } }),
      async () => {
        await sleep(5)
        seen.push(currentTraceparent())
        return {}
      },
    )
  })
  // A real connection: the body arrives in other turns of the loop than the head.
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('{"a":'))
      await sleep(20)
      controller.enqueue(new TextEncoder().encode('1}'))
      controller.close()
    },
  })
  const answer = await fetch(`${address}/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    body,
    duplex: 'half',
  })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('x-trace-id'), traceId)
  assert.match(seen[0]!, new RegExp(`^00-${traceId}-`))
  const line = lines.find(({ msg }) => msg === 'request')
  assert.equal(line?.['trace_id'], traceId)
  assert.deepEqual([line?.['method'], line?.['path'], line?.['status']], ['POST', '/write', 200])
})

test('a request without a trace gets one, and requests at once do not mix theirs', async (t) => {
  const { app } = await openHost(t, (routes) => {
    routes.post(
      '/write',
      operation({ id: 'w', tag: 't', access: 'public', summary: 'x', body: Type.Any(), response: { 200: Type.Any() } }),
      async () => {
        await sleep(Math.random() * 10)
        return { trace: currentTraceparent().split('-')[1] }
      },
    )
  })
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => app.inject({ method: 'POST', url: '/write', payload: { a: 1 } })),
  )
  for (const answer of answers) assert.equal(answer.json<{ trace: string }>().trace, answer.headers['x-trace-id'])
  assert.equal(new Set(answers.map((answer) => answer.headers['x-trace-id'])).size, 20)
})

test('log lines and metric labels hold the pattern of the route, not ids and tokens', async (t) => {
  const { app, lines } = await openHost(t, (routes) => {
    routes.get(
      '/rooms/:id',
      operation({
        id: 'r',
        tag: 't',
        access: 'public',
        summary: 'x',
        params: Type.Object({ id: Type.Integer() }),
        response: { 200: Type.Any() },
      }),
      () => ({}),
    )
  })
  await app.inject('/rooms/1234567?ticket=verysecret')
  await app.inject('/nowhere/1234567')
  await app.inject('/health')
  const metrics = (await app.inject('/metrics')).body
  assert.match(metrics, /http_requests_total\{method="GET",path="\/rooms\/:id",status="200",service="test-service"\} 1/)
  assert.match(metrics, /path="unknown",status="404"/)
  assert.match(metrics, /http_request_duration_seconds_bucket\{le="0.25",/)
  for (const text of [metrics, JSON.stringify(lines)]) assert.doesNotMatch(text, /1234567|verysecret/)
  assert.equal(lines.filter(({ path }) => path === '/health').length, 0)
})

test('metrics are for this machine alone, or for who has the token', async (t) => {
  const from = (remoteAddress: string, headers: Record<string, string> = {}) => ({
    url: '/metrics',
    remoteAddress,
    headers,
  })
  const status = async (app: App, request: ReturnType<typeof from>) => (await app.inject(request)).statusCode
  const open = (await openHost(t, () => {})).app
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.equal(await status(open, from(address)), 200)
  const refused = await open.inject(from('192.0.2.7'))
  assert.equal(refused.statusCode, 403)
  assert.equal(refused.json<{ code: string }>().code, 'METRICS_FORBIDDEN')
  for (const name of ['x-forwarded-for', 'forwarded', 'x-forwarded-host'])
    assert.equal(
      await status(open, from('127.0.0.1', { [name]: '192.0.2.7' })),
      403,
      `${name}: a proxy speaks for others`,
    )

  const { app } = await openHost(t, () => {}, { metricsToken: 'a token for the scraper' })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  assert.equal(await status(app, from('192.0.2.7', bearer('a token for the scraper'))), 200)
  assert.equal(await status(app, from('127.0.0.1')), 403)
  assert.equal(await status(app, from('127.0.0.1', bearer('another'))), 403)
})

test('what is not essential may be away: degraded, and ready', async (t) => {
  let works = true
  const { app } = await openHost(t, () => {}, {
    readiness: {
      database: async () => {},
      cache: notEssential(async () => (works ? undefined : Promise.reject(new Error('no cache')))),
    },
  })
  const state = async () => {
    const answer = await app.inject('/ready')
    return [answer.statusCode, answer.json<{ status: string }>().status]
  }
  assert.deepEqual(await state(), [200, 'ready'])
  works = false
  assert.deepEqual(await state(), [200, 'degraded'])
})

test('health answers whatever the dependencies do; ready tells each one, and recovers', async (t) => {
  let broken = true
  const { app } = await openHost(t, () => {}, {
    readiness: {
      database: async () => {
        if (broken) throw new Error('the disk is full')
      },
      events: async () => {},
    },
  })
  assert.deepEqual((await app.inject('/health')).json(), { status: 'healthy', service: 'Test Service' })
  const down = await app.inject('/ready')
  assert.equal(down.statusCode, 503)
  assert.deepEqual(down.json(), {
    status: 'not_ready',
    service: 'Test Service',
    checks: { database: { status: 'down', detail: 'the disk is full' }, events: { status: 'up' } },
  })
  broken = false
  const up = await app.inject('/ready')
  assert.deepEqual([up.statusCode, up.json<{ status: string }>().status], [200, 'ready'])
})

test('a dependency that does not answer counts as down after 2 s', async (t) => {
  const { app } = await openHost(t, () => {}, { readiness: { events: () => new Promise(() => {}) } })
  const answer = await app.inject('/ready')
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, /no answer within 2000 ms/)
})

test('a rate limit counts down, says when it begins anew, and gives back', async () => {
  const limiter = createMemoryRateLimiter({ limit: 3, windowS: 60 })
  const budgets = [
    await limiter.consume('a'),
    await limiter.consume('a'),
    await limiter.consume('a'),
    await limiter.consume('a'),
  ]
  assert.deepEqual(
    budgets.map(({ allowed, remaining }) => [allowed, remaining]),
    [
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ],
  )
  assert.ok(budgets[3]!.resetS > 0 && budgets[3]!.resetS <= 60)
  assert.equal((await limiter.consume('b')).allowed, true)
  await limiter.reset('a')
  assert.equal((await limiter.consume('a')).remaining, 2)
  assert.deepEqual(Object.keys(rateLimitHeaders(budgets[0]!)), [
    'ratelimit-limit',
    'ratelimit-remaining',
    'ratelimit-reset',
  ])
})

test('a request beyond the limit is 429 with Retry-After and the RateLimit headers', async (t) => {
  const limiter = createMemoryRateLimiter({ limit: 1, windowS: 60 })
  const { app } = await openHost(t, (routes) => {
    routes.get(
      '/limited',
      operation({ id: 'l', tag: 't', access: 'public', summary: 'x', response: { 200: Type.Any() } }),
      async (_request, reply) => {
        enforce(await limiter.consume('k'), reply)
        return {}
      },
    )
  })
  const first = await app.inject('/limited')
  assert.deepEqual([first.statusCode, first.headers['ratelimit-remaining']], [200, '0'])
  const second = await app.inject('/limited')
  assert.equal(second.statusCode, 429)
  assert.equal(second.json<Problem>().code, 'RATE_LIMITED')
  assert.match(second.json<Problem>().detail, /^요청이 너무 많습니다\. \d+초 후에/)
  assert.ok(Number(second.headers['retry-after']) > 0)
  assert.equal(second.headers['ratelimit-limit'], '1')
})

test('a cursor of this list is read, any other refused', () => {
  const cursor = encodeCursor([1_700_000_000_000, 42])
  assert.deepEqual(readCursor(cursor, ['number', 'number']), [1_700_000_000_000, 42])
  assert.equal(readCursor(undefined, ['number']), undefined)
  const bad = [
    '',
    'x',
    '!!!',
    encodeCursor([1]),
    // The same position, spelt otherwise.
    Buffer.from('[17e11, 42]').toString('base64url'),
    `${cursor}=`,
    encodeCursor(['a', 2]),
    Buffer.from('{"a":1}').toString('base64url'),
    Buffer.from('[1.5,2]').toString('base64url'),
  ]
  for (const text of bad) assert.throws(() => readCursor(text, ['number', 'number']), { code: 'BAD_CURSOR' }, text)
})

test('answers carry the security headers, and another site is allowed only by name', async (t) => {
  const { app } = await openHost(t, () => {}, { corsOrigins: ['https://app.example.org'] })
  const from = async (origin: string) => (await app.inject({ url: '/health', headers: { origin } })).headers
  const allowed = await from('https://app.example.org')
  assert.equal(allowed['access-control-allow-origin'], 'https://app.example.org')
  assert.equal((await from('https://evil.example.org'))['access-control-allow-origin'], undefined)
  assert.equal(allowed['x-content-type-options'], 'nosniff')
  assert.match(String(allowed['content-security-policy']), /default-src 'none'/)
})
