import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { WebSocket, WebSocketServer } from 'ws'
import { deadPort, listen, named, open, who } from './upstream.fixture.ts'

test('requests are spread, and one that has many open gets fewer', async (t) => {
  const held: (() => void)[] = []
  const a = await listen(
    t,
    createServer((request, response) => {
      if (request.url === '/hold') held.push(() => response.end('{}'))
      else named('a')(request, response)
    }),
  )
  const b = await listen(t, createServer(named('b')))
  const { url, upstream } = await open(t, [a, b])
  const names = []
  for (let n = 0; n < 20; n++) names.push(await who(url))
  assert.deepEqual([names.filter((name) => name === 'a').length, names.filter((name) => name === 'b').length], [10, 10])
  // Two of them land on `a` at the latest.
  const holding = [fetch(`${url}/hold`), fetch(`${url}/hold`), fetch(`${url}/hold`)]
  await eventually(() => assert.ok(held.length >= 1))
  const others = []
  for (let n = 0; n < 10; n++) others.push(await who(url))
  assert.deepEqual(new Set(others), new Set(['b']))
  held.forEach((end) => end())
  await Promise.all(holding)
  await eventually(() =>
    assert.deepEqual(
      upstream.instances.map(({ inFlight }) => inFlight),
      [0, 0],
    ),
  )
})

test('an instance that is gone costs no request: what was not sent goes to another, a POST as well', async (t) => {
  const { url } = await open(t, [await listen(t, createServer(named('a'))), await deadPort(t)])
  for (let n = 0; n < 10; n++) {
    assert.equal(await who(url), 'a')
    assert.equal(await who(url, { method: 'POST', body: 'x'.repeat(100_000) }), 'a')
  }
})

for (const host of ['127.0.0.1', 'localhost'])
  test(`a stall of the gateway itself is no fault of an instance at ${host}`, async (t) => {
    const server = createServer(named('a'))
    const { upstream } = await open(t, [await listen(t, server)], { connectMs: 20, host })
    const stalled = createServer((request, response) => {
      upstream.request(request, response)
      const until = performance.now() + 100
      while (performance.now() < until);
    })
    const url = `http://127.0.0.1:${await listen(t, stalled)}`
    for (let n = 0; n < 5; n++) {
      assert.equal(await who(url, { method: 'POST', body: '{}' }), 'a')
      assert.equal(upstream.instances[0]!.failures, 0)
      // Each on a new connection.
      upstream.instances[0]!.agent.destroy()
    }
  })

test('one that breaks off: a GET is tried elsewhere, a POST that was sent is not', async (t) => {
  let posts = 0
  const breaking = await listen(
    t,
    createServer((request) => {
      if (request.method === 'POST') posts++
      request.socket.destroy()
    }),
  )
  const { url } = await open(t, [breaking, await listen(t, createServer(named('b')))])
  const statuses: number[] = []
  for (let n = 0; n < 2; n++) assert.equal(await who(url), 'b')
  for (let n = 0; n < 2; n++) statuses.push((await fetch(url, { method: 'POST', body: '{}' })).status)
  assert.ok(posts <= 2)
  assert.equal(
    statuses.filter((status) => status === 503).length,
    posts,
    'each that was lost is told, and none is sent twice',
  )
})

test('an instance that fails again and again is left out, and back when it is well', async (t) => {
  let asked = 0
  let well = false
  const sick = await listen(
    t,
    createServer((request, response) => {
      asked++
      if (well) named('sick')(request, response)
      else request.socket.destroy()
    }),
  )
  const { url } = await open(t, [sick, await listen(t, createServer(named('b')))])
  for (let n = 0; n < 40; n++) assert.equal(await who(url), 'b')
  assert.ok(asked <= 5, String(asked))
  well = true
  await eventually(async () => assert.equal(await who(url), 'sick'))
})

test('without any instance the answer is 503 after a while, in the language of who asks, with Retry-After', async (t) => {
  const { url } = await open(t, [await deadPort(t), await deadPort(t)], { waitMs: 20 })
  for (let n = 0; n < 5; n++) {
    const answer = await fetch(url, { headers: { 'accept-language': 'en' } })
    assert.equal(answer.status, 503)
    assert.ok(Number(answer.headers.get('retry-after')) >= 1)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    assert.equal(((await answer.json()) as { code: string }).code, 'SERVICE_UNAVAILABLE')
  }
})

test('a service that is being replaced is waited for, by uploads and WebSockets too', async (t) => {
  const port = await deadPort(t)
  const { url, upstream } = await open(t, [port])
  const body = randomBytes(300_000)
  const answers = [fetch(url), fetch(url, { method: 'POST', body })]
  const ws = new WebSocket(`${url.replace('http', 'ws')}/ws`)
  t.after(() => ws.terminate())
  const opened = new Promise((resolve) => ws.once('open', resolve))
  // Only then did all of them find nobody.
  await eventually(() => assert.ok(upstream.instances.every(({ isOut }) => isOut)))
  let received = 0
  const server = createServer((request, response) => {
    request.on('data', (bytes: Buffer) => (received += bytes.length))
    request.on('end', () => response.end('{}'))
  })
  const sockets = new WebSocketServer({ server })
  t.after(() => sockets.close())
  await listen(t, server, port)
  for (const answer of await Promise.all(answers)) assert.equal(answer.status, 200)
  await opened
  assert.equal(received, body.length)
})

test('of two Hosts a proxy and a service might each believe another one: refused', async (t) => {
  const port = await listen(t, createServer(named('a')))
  const { port: gateway } = await open(t, [port])
  const socket = connect(gateway, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n')
  const answer = (await socket.setEncoding('utf8').toArray()).join('')
  assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*MALFORMED_REQUEST/)
})

test('headers: those of one connection end there, internal ones stay out, the address and the trace go on', async (t) => {
  let seen: IncomingMessage['headers'] = {}
  const port = await listen(
    t,
    createServer((request, response) => {
      seen = request.headers
      response.setHeader('x-own', 'y').setHeader('connection', 'x-hop, close').setHeader('x-hop', '1').end()
    }),
  )
  const { port: gateway } = await open(t, [port])
  const headers = {
    'x-internal-user': '1',
    'x-forwarded-for': '6.6.6.6',
    connection: 'x-mine',
    'x-mine': '1',
    te: 'trailers',
    'x-kept': '1',
    host: 'chat.example',
  }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ port: gateway, host: '127.0.0.1', headers }, resolve).on('error', reject).end()
  })
  answer.resume()
  assert.equal(seen['x-internal-user'], undefined)
  assert.equal(seen['x-mine'], undefined)
  assert.equal(seen['te'], undefined)
  assert.equal(seen['x-kept'], '1')
  assert.equal(seen['x-forwarded-for'], '127.0.0.1', 'what the caller says of itself is not believed')
  assert.equal(seen['x-forwarded-host'], 'chat.example')
  assert.match(String(seen['traceparent']), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  assert.equal(answer.headers['x-own'], 'y')
  assert.equal(answer.headers['x-hop'], undefined)
})

test('an instance that takes a request and says nothing is given up after a while', async (t) => {
  const silent = await listen(
    t,
    createServer(() => {}),
  )
  const { url } = await open(t, [silent], { answerMs: 100 })
  assert.equal((await fetch(url)).status, 503)
})

test('a kept connection that the other side closes is no fault of the request', async (t) => {
  const server = createServer({ keepAliveTimeout: 1 }, named('a'))
  const { url } = await open(t, [await listen(t, server)])
  for (let n = 0; n < 100; n++) {
    assert.equal(await who(url), 'a')
    if (n % 10 === 0) server.closeIdleConnections()
  }
})

test('what was sent and is lost may have been done: a change is told so, a read is not', async (t) => {
  const lost = await listen(
    t,
    createServer((request) => {
      request.resume()
      request.once('end', () => request.socket.destroy())
    }),
  )
  const { url } = await open(t, [lost], { waitMs: 20 })
  const codeOf = async (init: RequestInit) => ((await (await fetch(url, init)).json()) as { code: string }).code
  assert.equal(await codeOf({ method: 'POST', body: '{}' }), 'SERVICE_LOST')
  assert.equal(await codeOf({ method: 'GET' }), 'SERVICE_UNAVAILABLE')
  // Tried twice, and the second time there is nobody any more.
  assert.equal(await codeOf({ method: 'DELETE' }), 'SERVICE_LOST')
  // Or it is refused there, for the very reason that the first has done it.
  const done = createServer((request) => request.socket.destroy())
  const refusing = createServer((_request, response) => response.writeHead(404).end())
  const twice = await open(t, [await listen(t, done), await listen(t, refusing)], { waitMs: 20 })
  const codes = await Promise.all(
    [1, 2].map(async () => {
      const answer = await fetch(twice.url, { method: 'DELETE' })
      return answer.status === 404 ? 404 : ((await answer.json()) as { code: string }).code
    }),
  )
  // Who was sent to the second first was refused by it.
  assert.ok(codes.includes('SERVICE_LOST'), codes.join())
  const alone = createServer((request) => {
    alone.close()
    request.socket.destroy()
  })
  const gone = await open(t, [await listen(t, alone)], { waitMs: 20 })
  const { code } = (await (await fetch(gone.url, { method: 'DELETE' })).json()) as { code: string }
  assert.equal(code, 'SERVICE_LOST')
})
