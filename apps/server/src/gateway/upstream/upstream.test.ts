import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { connect, type AddressInfo } from 'node:net'

import { test, type TestContext } from 'node:test'
import { createLogger } from '@bigtech/telemetry'
import { eventually } from '@bigtech/testkit'
import { WebSocket, WebSocketServer } from 'ws'
import { createUpstream, type UpstreamOptions } from './upstream.ts'

async function listen(t: TestContext, server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const urlOf = (port: number) => new URL(`http://127.0.0.1:${port}`)

/** A port where nobody listens. */
async function deadPort(t: TestContext): Promise<number> {
  const server = createServer()
  const port = await listen(t, server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A gateway before these instances. */
async function open(t: TestContext, ports: readonly number[], options: Partial<UpstreamOptions> = {}) {
  const logger = createLogger({ level: 'silent' })
  const upstream = createUpstream({ name: 'chat', instances: ports.map(urlOf), trustProxy: false, logger, ...options })
  const gateway = createServer((request, response) => upstream.request(request, response))
  gateway.on('upgrade', (request, socket, head) => upstream.upgrade(request, socket, head))
  const port = await listen(t, gateway)
  t.after(() => upstream.close())
  return { upstream, port, url: `http://127.0.0.1:${port}` }
}

/** An instance that says who it is. */
const named =
  (name: string): RequestListener =>
  (request, response) => {
    request.resume()
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ name, method: request.method }))
  }

const who = async (url: string, options?: RequestInit) => {
  const answer = await fetch(url, options)
  assert.equal(answer.status, 200)
  return ((await answer.json()) as { name: string }).name
}

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

test('a stream comes as it is made, and ends on both sides when one of them goes', async (t) => {
  let closed = false
  let say = (_text: string) => {}
  const port = await listen(
    t,
    createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      say = (line) => void response.write(line)
      response.once('close', () => (closed = true))
    }),
  )
  const { url, upstream } = await open(t, [port])
  const stop = new AbortController()
  const answer = await fetch(url, { signal: stop.signal })
  const reader = answer.body!.getReader()
  say('data: 1\n\n')
  assert.equal(Buffer.from((await reader.read()).value).toString(), 'data: 1\n\n')
  assert.equal(upstream.instances[0]!.inFlight, 1)
  stop.abort()
  await eventually(() => assert.equal(closed, true))
  await eventually(() => assert.equal(upstream.instances[0]!.inFlight, 0))
})

test('a connection ends when a request comes while its answer is a stream, and is used again after it', async (t) => {
  const ends: (() => void)[] = []
  const port = await listen(
    t,
    createServer((request, response) => {
      if (request.url === '/after') return void response.end('after')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      ends.push(() => response.end('data: last\n\n'))
    }),
  )
  const { port: gateway } = await open(t, [port])
  const ask = () => {
    const socket = connect(gateway, '127.0.0.1').setEncoding('utf8')
    t.after(() => socket.destroy())
    let received = ''
    socket.on('data', (text: string) => (received += text))
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    return { socket, received: () => received }
  }
  const [patient, hasty] = [ask(), ask()]
  await eventually(() => assert.match(hasty.received(), /^HTTP\/1\.1 200/))
  hasty.socket.write('GET /after HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(hasty.socket, 'close')
  assert.doesNotMatch(hasty.received(), /after/)
  await eventually(() => assert.match(patient.received(), /^HTTP\/1\.1 200/))
  for (const end of ends) end()
  await eventually(() => assert.match(patient.received(), /0\r\n\r\n$/))
  patient.socket.write('GET /after HTTP/1.1\r\nHost: x\r\n\r\n')
  await eventually(() => assert.match(patient.received(), /after/))
})

test('an answer that breaks off in the middle does not look like a whole one', async (t) => {
  const port = await listen(
    t,
    createServer((_request, response) => {
      response.writeHead(200)
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    }),
  )
  const { url } = await open(t, [port])
  const answer = await fetch(url)
  await assert.rejects(answer.text())
})

test('a large body passes whole', async (t) => {
  const size = 30 * 1024 * 1024
  let got = 0
  const port = await listen(
    t,
    createServer((request, response) => {
      request.on('data', (bytes: Buffer) => (got += bytes.length))
      request.on('end', () => response.end(String(got)))
    }),
  )
  const { url } = await open(t, [port])
  const piece = randomBytes(1024 * 1024)
  async function* pieces() {
    for (let n = 0; n < 30; n++) yield piece
  }
  const answer = await fetch(url, {
    method: 'POST',
    body: ReadableStream.from(pieces()),
    duplex: 'half',
  })
  assert.equal(Number(await answer.text()), size)
})

test('a WebSocket goes through, in both directions and with its close code; a refused one gets the answer', async (t) => {
  const server = createServer((_request, response) => response.end())
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/no') return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno')
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('message', (data: Buffer) => ws.send(`echo ${data.toString()}`))
      ws.send('hello')
    })
  })
  const { port, upstream } = await open(t, [await listen(t, server)])
  const ws = new WebSocket(`ws://127.0.0.1:${port}/ws?token=1`)
  const got: string[] = []
  ws.on('message', (data: Buffer) => got.push(data.toString()))
  await new Promise((resolve) => ws.once('open', resolve))
  ws.send('안녕')
  await eventually(() => assert.deepEqual(got, ['hello', 'echo 안녕']))
  assert.equal(upstream.instances[0]!.inFlight, 1)
  for (const one of sockets.clients) one.close(4001, 'bye')
  const code = await new Promise((resolve) => ws.once('close', resolve))
  assert.equal(code, 4001)
  await eventually(() => assert.equal(upstream.instances[0]!.inFlight, 0))

  const refused = new WebSocket(`ws://127.0.0.1:${port}/no`)
  const status = await new Promise((resolve) => {
    refused.once('unexpected-response', (_request, response: IncomingMessage) => resolve(response.statusCode))
    refused.on('error', () => {})
  })
  assert.equal(status, 401)
})

test('a WebSocket without any instance is refused with 503', async (t) => {
  const { port } = await open(t, [await deadPort(t)], { waitMs: 20 })
  const ws = new WebSocket(`ws://127.0.0.1:${port}/ws`)
  ws.on('error', () => {})
  const status = await new Promise((resolve) =>
    ws.once('unexpected-response', (_request, response: IncomingMessage) => resolve(response.statusCode)),
  )
  assert.equal(status, 503)
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
