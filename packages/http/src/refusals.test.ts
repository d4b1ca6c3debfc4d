import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { eventually } from '@bigtech/testkit'
import { Type } from 'typebox'
import { openHost } from './host.fixture.ts'
import type { App } from './app.ts'
import { operation } from './operation.ts'
import type { Problem } from './problem.ts'
import { readUpload } from './upload.ts'

const PATIENCE_MS = 400

const anything = { access: 'public', tag: 't', summary: 'x', response: { 200: Type.Any() } } as const

function routes(app: App): void {
  app.get('/things/:id', operation({ ...anything, id: 'get' }), () => ({}))
  app.delete('/things/:id', operation({ ...anything, id: 'delete' }), () => ({}))
  app.post('/things', operation({ ...anything, id: 'post', body: Type.Any() }), () => ({}))
  app.get('/pages/*', operation({ ...anything, id: 'page' }), () => ({}))
  const serves = ({ url }: IncomingMessage) => url === '/files/x'
  app.get('/files/*', { config: { access: 'public', serves } }, () => ({}))
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
  app.post(
    '/uploads',
    { ...operation({ ...anything, id: 'upload' }), bodyLimit: 100 * 1024 * 1024 },
    async (request) => {
      let bytes = 0
      for await (const chunk of readUpload(request.body as AsyncIterable<Buffer>)) bytes += chunk.length
      return { bytes }
    },
  )
}

async function listen(t: TestContext) {
  const host = await openHost(t, routes, { patienceMs: PATIENCE_MS })
  const { port } = new URL(await host.app.listen({ port: 0, host: '127.0.0.1' }))
  return { ...host, port: Number(port) }
}

/** A client that keeps its side open whatever it is told. What came until the server closed its own. */
function send(port: number, first: string, every?: { bytes: string; ms: number; times?: number }) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let answer = ''
  let sent = 0
  socket.write(first)
  const timer =
    every &&
    setInterval(() => {
      if (socket.writable && sent++ < (every.times ?? Infinity)) socket.write(every.bytes)
    }, every.ms)
  socket.setEncoding('latin1').on('data', (text) => (answer += String(text)))
  socket.on('error', () => {})
  const deadline = setTimeout(() => {
    answer = `not closed: ${answer}`
    socket.destroy()
  }, 10_000)
  return new Promise<string>((resolve) => {
    const end = () => {
      clearInterval(timer)
      clearTimeout(deadline)
      resolve(answer)
    }
    socket.on('end', end).on('close', end)
  })
}

const connectionsOf = (app: App) => promisify(app.server.getConnections.bind(app.server))()

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
const problemOf = (answer: string) => JSON.parse(answer.split('\r\n\r\n').slice(1).join('')) as Problem

describe('slow senders', () => {
  const trickles: [string, string, string][] = [
    ['nothing', '', ''],
    ['half a head', 'GET /things/1 HTTP/1.1\r\nHost: x\r\n', 'X: y\r\n'],
    ['a head in single letters', 'GET /things/1 HTTP/1.1\r\nHost: x\r\nX: ', 'a'],
    [
      'half a body',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{',
      '',
    ],
    [
      'a body in single letters',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n',
      ' ',
    ],
    [
      'an upload in single letters',
      'POST /uploads HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 900000\r\n\r\n',
      'a',
    ],
  ]
  for (const [what, first, more] of trickles)
    test(`${what} is closed with 408, though the client keeps its side open`, async (t) => {
      const { app, port, lines } = await listen(t)
      const answer = await send(port, first, more === '' ? undefined : { bytes: more, ms: 20 })
      assert.equal(statusOf(answer), 408, answer)
      assert.match(answer, /content-type: application\/problem\+json/)
      assert.match(answer, /connection: close/)
      assert.equal(problemOf(answer).code, 'REQUEST_TIMEOUT')
      await eventually(async () => assert.equal(await connectionsOf(app), 0))
      assert.deepEqual(
        lines.filter(({ level }) => level === 'error'),
        [],
      )
    })

  /** A port whose requests are answered by another host of the process, as those of a gateway are. */
  async function listenBefore(t: TestContext) {
    const { app: service } = await openHost(t, routes, { patienceMs: PATIENCE_MS })
    await service.ready()
    const { app: gateway } = await openHost(t, () => {}, { patienceMs: PATIENCE_MS })
    gateway.server
      .removeAllListeners('request')
      .on('request', (request, response) => service.routing(request, response))
    return Number(new URL(await gateway.listen({ port: 0, host: '127.0.0.1' })).port)
  }

  for (const [where, open] of [
    ['at its own port', async (t: TestContext) => (await listen(t)).port],
    ['at the port of a gateway', listenBefore],
  ] as const)
    test(`an upload that keeps coming takes its time, ${where}`, async (t) => {
      await keepsComing(await open(t))
    })

  test('a request that stalls at the port of a gateway is closed all the same, also after an upload', async (t) => {
    const port = await listenBefore(t)
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    t.after(() => socket.destroy())
    let answers = ''
    socket.on('data', (text: string) => (answers += text))
    const head = (path: string, length: number) =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`
    socket.write(`${head('/uploads', 3)}abc`)
    await eventually(() => assert.match(answers, /^HTTP\/1\.1 200/))
    socket.write(head('/uploads', 900_000))
    await once(socket, 'close')
    assert.match(answers, /HTTP\/1\.1 408 /)
  })

  async function keepsComing(port: number): Promise<void> {
    const [size, times] = [16 * 1024, 2 * Math.ceil(PATIENCE_MS / 50)]
    const head = `POST /uploads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/octet-stream\r\nContent-Length: ${size * times}\r\n\r\n`
    const answer = await send(port, head, { bytes: 'a'.repeat(size), ms: 50, times })
    assert.equal(statusOf(answer), 200, answer)
    assert.ok(answer.includes(`{"bytes":${size * times}}`), answer)
  }
})

test('a path answers methods it does not have with 405 and those it has', async (t) => {
  const { app } = await openHost(t, routes)
  const table = [
    ['PUT', '/things/1', 405, 'GET, HEAD, DELETE'],
    ['POST', '/things/1?x=1', 405, 'GET, HEAD, DELETE'],
    ['GET', '/things', 405, 'POST'],
    ['GET', '/things/', 405, 'POST'],
    ['DELETE', '/health', 405, 'GET, HEAD'],
    ['PROPFIND', '/things', 405, 'POST'],
    ['POST', '/pages/x', 404, undefined],
    ['POST', '/files/x', 405, 'GET, HEAD'],
    ['DELETE', '/files/x', 405, 'GET, HEAD'],
    ['POST', '/files/y', 404, undefined],
    ['GET', '/nowhere', 404, undefined],
    ['GET', '/things/1/2', 404, undefined],
    ['HEAD', '/things/1', 200, undefined],
  ] as const
  for (const [method, url, status, allow] of table) {
    const answer = await app.inject({ method: method as 'GET', url, headers: { 'accept-language': 'en' } })
    assert.deepEqual([answer.statusCode, answer.headers['allow']], [status, allow], `${method} ${url}`)
    if (status !== 405) continue
    assert.match(String(answer.headers['content-type']), /problem\+json/)
    const { code, detail } = answer.json<Problem>()
    assert.deepEqual([code, detail], ['METHOD_NOT_ALLOWED', `This path has no ${method}; it has ${allow}`])
  }
})

test('versions nobody speaks and a host named twice are refused', async (t) => {
  const { port } = await listen(t)
  for (const head of [
    'GET /health\r\n\r\n',
    'GET /health HTTP/0.9\r\nHost: x\r\n\r\n',
    'GET /health HTTP/2.0\r\nHost: x\r\n\r\n',
    'GET /health HTTP/1.1\r\nHost: x\r\nhOsT: x\r\n\r\n',
    'GET /health HTTP/1.1\r\nHost: x\r\nX-Y: z\r\nHost: y\r\n\r\n',
    'GET /health HTTP/1.1\r\nHost: x, y\r\n\r\n',
  ]) {
    const answer = await send(port, head)
    assert.equal(statusOf(answer), 400, `${head} → ${answer}`)
    assert.equal(problemOf(answer).code, 'MALFORMED_REQUEST')
  }
  const plain = 'GET /health HTTP/1.0\r\n\r\n'
  assert.equal(statusOf(await send(port, plain)), 200)
})

test('an answer that comes before the body is whole is read by a sender that still writes, and the connection ends after it', async (t) => {
  const { app } = await openHost(t, routes)
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), '127.0.0.1')
  t.after(() => socket.destroy())
  const chunk = `${(2 ** 16).toString(16)}\r\n${'x'.repeat(2 ** 16)}\r\n`
  socket.write(
    'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  const [first] = (await Promise.all([
    once(socket.setEncoding('utf8'), 'data'),
    new Promise<void>((resolve) => socket.write(chunk.repeat(20), () => resolve())),
  ])) as [[string], void]
  assert.match(first[0], /^HTTP\/1\.1 413 /)
  // As a proxy does, which has not read the answer yet.
  let failed: unknown
  socket.on('error', (error) => (failed = error))
  await new Promise<void>((resolve) => socket.write(chunk.repeat(20), () => resolve()))
  await once(socket, 'close')
  assert.equal(failed, undefined)
})
