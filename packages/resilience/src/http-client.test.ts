import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { newTraceparent, parseTraceparent, runWithTrace } from '@bigtech/telemetry'
import { eventually } from '@bigtech/testkit'
import { createHttpClient, HttpStatusError } from './http-client.ts'
import { createPolicy } from './policy.ts'

type Handler = (req: IncomingMessage & { text: string }, res: ServerResponse, call: number) => void

async function serve(t: TestContext, handler: Handler, policy: Parameters<typeof createPolicy>[0] = {}) {
  let calls = 0
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => handler(Object.assign(req, { text: Buffer.concat(chunks).toString('utf8') }), res, ++calls))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  let attempts = 0
  const client = createHttpClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`,
    policy: createPolicy({ timeoutMs: 500, backoff: { initialMs: 1, maxMs: 3 }, ...policy }),
    headers: () => {
      attempts++
      return { authorization: 'Bearer service' }
    },
  })
  return { client, calls: () => calls, attempts: () => attempts, server }
}

const json = (res: ServerResponse, status: number, body: unknown) =>
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const UNAVAILABLE = { code: 'DEPENDENCY_UNAVAILABLE', kind: 'unavailable' }

test('GET sends path, query, headers and the trace, and gives the decoded body', async (t) => {
  const seen: { url?: string | undefined; headers?: IncomingMessage['headers'] } = {}
  const { client } = await serve(t, (req, res) => {
    Object.assign(seen, { url: req.url, headers: req.headers })
    json(res, 200, { id: 7 })
  })
  const traceparent = newTraceparent()
  const body = await runWithTrace(traceparent, () =>
    client.get('/users/7', {
      query: { q: '안녕', limit: 2, cursor: undefined },
      decode: (b) => (b as { id: number }).id,
    }),
  )
  assert.equal(body, 7)
  assert.equal(seen.url, `/base/users/7?q=${encodeURIComponent('안녕')}&limit=2`)
  assert.equal(seen.headers?.authorization, 'Bearer service')
  const received = parseTraceparent(seen.headers?.['traceparent'] as string)!
  assert.equal(received.traceId, parseTraceparent(traceparent)!.traceId)
  assert.notEqual(received.spanId, parseTraceparent(traceparent)!.spanId)
})

test('POST sends JSON; an empty answer is undefined', async (t) => {
  const { client } = await serve(t, (req, res) => {
    assert.equal(req.headers['content-type'], 'application/json')
    assert.deepEqual(JSON.parse(req.text), { content: '😀' })
    res.writeHead(204).end()
  })
  assert.equal(await client.post('/messages', { content: '😀' }), undefined)
})

test('a 4xx is an answer: thrown with status and body, not repeated', async (t) => {
  const { client, calls } = await serve(t, (_req, res) => json(res, 404, { code: 'USER_NOT_FOUND' }))
  await assert.rejects(client.get('/users/1'), (error) => {
    assert.ok(error instanceof HttpStatusError)
    assert.equal(error.status, 404)
    assert.deepEqual(error.body, { code: 'USER_NOT_FOUND' })
    return true
  })
  assert.equal(calls(), 1)
})

test('a GET is repeated while the service recovers', async (t) => {
  const { client, calls } = await serve(t, (req, res, call) => {
    if (call === 1) json(res, 503, {})
    else if (call === 2) req.socket.destroy()
    else json(res, 200, 'well')
  })
  assert.equal(await client.get('/x'), 'well')
  assert.equal(calls(), 3)
})

test('a POST is repeated only when that is safe', async (t) => {
  const keys: unknown[] = []
  const { client, calls } = await serve(t, (req, res, call) => {
    keys.push(req.headers['idempotency-key'])
    json(res, call === 3 ? 201 : 500, {})
  })
  await assert.rejects(client.post('/x', {}), UNAVAILABLE)
  assert.equal(calls(), 1)
  await client.post('/x', {}, { idempotencyKey: 'k1' })
  assert.deepEqual(keys, [undefined, 'k1', 'k1'])
})

test('a service that is too slow is unavailable', async (t) => {
  const { client, attempts } = await serve(t, () => undefined, { timeoutMs: 30, retries: 1 })
  await assert.rejects(client.get('/x'), UNAVAILABLE)
  // Not what the service heard of: on a busy machine the time can be over before a request is on its way.
  assert.equal(attempts(), 2)
})

test('a slow body is cut off too', async (t) => {
  const { client } = await serve(t, (_req, res) => void res.writeHead(200).write('{'), { timeoutMs: 30, retries: 0 })
  await assert.rejects(client.get('/x'), UNAVAILABLE)
})

test('broken JSON, a redirect, an unexpected shape and a closed port are failures', async (t) => {
  const { client, server } = await serve(t, (req, res) => {
    if (req.url!.endsWith('/broken')) res.writeHead(200).end('{"a":')
    else if (req.url!.endsWith('/redirect')) res.writeHead(302, { location: '/base/ok' }).end()
    else json(res, 200, { shape: 'other' })
  })
  await assert.rejects(client.get('/broken'), UNAVAILABLE)
  await assert.rejects(client.get('/redirect'), UNAVAILABLE)
  const decode = () => {
    throw new TypeError('no id')
  }
  await assert.rejects(client.get('/shape', { decode }), UNAVAILABLE)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await assert.rejects(client.get('/x'), UNAVAILABLE)
})

test('the circuit opens on a failing service, spares it, and closes when it is back', async (t) => {
  let broken = true
  const { client, calls } = await serve(t, (_req, res) => json(res, broken ? 500 : 200, 'body'), {
    retries: 0,
    breaker: { consecutive: 3, halfOpenAfterMs: 40 },
  })
  for (let i = 0; i < 3; i++) await assert.rejects(client.get('/x'), UNAVAILABLE)
  await assert.rejects(client.get('/x'), UNAVAILABLE)
  assert.equal(calls(), 3)
  broken = false
  assert.equal(await eventually(() => client.get('/x')), 'body')
})
