import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHost } from '@bigtech/http'
import { createLogger, createMetrics } from '@bigtech/telemetry'
import { eventually } from '@bigtech/testkit'
import { WebSocket, WebSocketServer } from 'ws'
import { deadPort, listen, open } from './upstream.fixture.ts'
import { createUpstream } from './upstream.ts'

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
  let breakOff = (): void => assert.fail('nobody asked')
  const port = await listen(
    t,
    createServer((_request, response) => {
      response.writeHead(200)
      response.write('half')
      breakOff = () => response.destroy()
    }),
  )
  const { url } = await open(t, [port])
  const answer = await fetch(url)
  breakOff()
  await assert.rejects(answer.text())
})

test('a body may take longer than an answer, at a port that is patient with what keeps coming', async (t) => {
  let received = 0
  const port = await listen(
    t,
    createServer((request, response) => {
      request.on('data', (bytes: Buffer) => (received += bytes.length))
      request.on('end', () => response.end('{}'))
    }),
  )
  const logger = createLogger({ level: 'silent' })
  const upstream = createUpstream({
    name: 'chat',
    instances: [new URL(`http://127.0.0.1:${port}`)],
    trustProxy: false,
    logger,
    answerMs: 150,
  })
  t.after(() => upstream.close())
  const gateway = await createHost({
    service: { name: 'gateway', title: 'Gateway', description: '' },
    logger,
    metrics: createMetrics('gateway'),
    tokens: { verify: () => Promise.reject(new Error('nobody signs in')) },
    readiness: {},
    corsOrigins: [],
    trustProxy: false,
    patienceMs: 400,
  })
  t.after(() => gateway.close())
  gateway.server.removeAllListeners('request').on('request', (request, response) => upstream.request(request, response))
  const url = await gateway.listen({ port: 0, host: '127.0.0.1' })
  async function* slowly() {
    for (let n = 0; n < 24; n++) {
      yield randomBytes(16 * 1024)
      await sleep(50)
    }
  }
  const answer = await fetch(url, { method: 'POST', body: ReadableStream.from(slowly()), duplex: 'half' })
  assert.equal(answer.status, 200, await answer.text())
  assert.equal(received, 24 * 16 * 1024)
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
