import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { describe, it } from 'node:test'
import { createLogger } from '@bigtech/telemetry'
import { eventually, freePort, makeCertificate, noOpenssl, tempDir, type Cleanup } from '@bigtech/testkit'
import { config } from '@bigtech/server/config'
import { startServer } from '@bigtech/server/server'
import { WebSocket } from 'ws'
import { openDirect, PASSWORD, registerAll, testEnv } from '../support/index.ts'
import { Http2Client } from '../support/http2-client.ts'

type Options = { env?: Record<string, string>; redirect?: boolean; name?: string }

async function startWithTls(t: Cleanup, { env = {}, redirect = false, name = 'localhost' }: Options = {}) {
  const dataDir = tempDir(t)
  const { ca, ...files } = makeCertificate(tempDir(t), name)
  const HTTP_PORT = redirect ? { HTTP_PORT: String(await freePort()) } : undefined
  const settings = config.parse({
    ...testEnv(dataDir),
    ...files,
    ...HTTP_PORT,
    HTTPS_HOST: '127.0.0.1',
    HTTPS_PORT: '0',
    ...env,
  })
  const server = await startServer(settings, createLogger({ level: settings.LOG_LEVEL }))
  t.after(() => server.close())
  const port = server.https.port()!
  return { ...server, ca, port, httpPort: Number(HTTP_PORT?.HTTP_PORT), browser: () => new Http2Client(t, port, ca) }
}

describe('HTTPS', { skip: noOpenssl }, () => {
  it('answers HTTP/1.1 and HTTP/2 alike, and tells browsers to come over TLS only', async (t) => {
    const { urls, port, ca, browser } = await startWithTls(t)
    const [one] = await registerAll(urls, '하나')
    const me = await browser().json('GET', '/api/profile/me', one.token)
    assert.deepEqual([me.status, me.body['display_name']], [200, '하나'])
    const { status, headers } = await browser().open('HEAD', '/api/about')
    assert.deepEqual([status, headers['strict-transport-security']], [200, 'max-age=15552000'])
    assert.equal((await browser().json('GET', '/api/profile/me')).status, 401)
    assert.equal((await browser().json('POST', '/api/auth/login', undefined, {})).status, 422)
    // A loopback address is the client's, not that of a pipe: metrics are for this machine.
    assert.equal((await browser().open('GET', '/metrics')).status, 200)

    const old = httpsRequest({ host: 'localhost', port, ca, path: '/api/about' }).end()
    const [answer] = (await once(old, 'response')) as [IncomingMessage]
    assert.deepEqual([answer.statusCode, answer.httpVersion], [200, '1.1'])
    answer.resume()
  })

  it('has many streams of events on one connection; a window that is closed leaves the others', async (t) => {
    const { urls, browser } = await startWithTls(t)
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const windows = browser()
    const head = { authorization: `Bearer ${other.token}` }
    const streams = await Promise.all(Array.from({ length: 8 }, () => windows.open('GET', '/api/stream', head)))
    assert.deepEqual(new Set(streams.map(({ status }) => status)), new Set([200]))
    const [closed, ...open] = streams
    const heard = open.map(async ({ stream }) => {
      let text = ''
      for await (const chunk of stream) if ((text += String(chunk)).includes('여러 창에')) return true
      return false
    })
    const isOpen = () => metric(urls.chat, 'stream_connections')
    assert.equal(await isOpen(), 8)
    closed!.stream.close()
    await eventually(async () => assert.equal(await isOpen(), 7))
    await one.say(room.id, '여러 창에')
    assert.deepEqual(await Promise.all(heard), Array(7).fill(true))
  })

  it('cuts a window that does not read, also of HTTP/2', async (t) => {
    const { urls, browser } = await startWithTls(t, { env: { STREAM_BUFFER: '64KB' } })
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const { stream } = await browser().open('GET', '/api/stream', { authorization: `Bearer ${other.token}` })
    stream.pause().on('error', () => {})
    const ended = once(stream, 'close')
    const cut = () => metric(urls.chat, 'stream_closes_total', 'reason="slow_reader"')
    for (let sent = 0; (await cut()) === 0; sent += 10) {
      assert.ok(sent < 480, 'nobody was closed')
      await Promise.all(Array.from({ length: 10 }, () => one.say(room.id, '가'.repeat(10_000))))
    }
    stream.resume()
    await ended
    assert.equal((await browser().json('GET', '/api/profile/me', other.token)).status, 200)
  })

  it('takes uploads and gives files, whole and in part', async (t) => {
    const { urls, browser } = await startWithTls(t)
    const [one] = await registerAll(urls, '하나')
    const authorization = `Bearer ${one.token}`
    const upload = async (to: Http2Client, bytes: Buffer<ArrayBuffer>) => {
      const form = new FormData()
      form.set('file', new File([bytes], '글.txt', { type: 'text/plain' }))
      const packed = new Request('http://x/', { method: 'POST', body: form })
      const head = { authorization, 'content-type': packed.headers.get('content-type')! }
      return to.open('POST', '/api/files', head, Buffer.from(await packed.arrayBuffer()))
    }
    const bytes = Buffer.alloc(3_000_000, '긴 글 ')
    const sent = await upload(browser(), bytes)
    const said = (await buffer(sent.stream)).toString()
    assert.equal(sent.status, 201, said)
    const path = `/api/files/${(JSON.parse(said) as { id: string }).id}`
    const whole = await browser().open('GET', path, { authorization })
    assert.ok((await buffer(whole.stream)).equals(bytes))
    const part = await browser().open('GET', path, { authorization, range: 'bytes=10-19' })
    assert.deepEqual([part.status, await buffer(part.stream)], [206, bytes.subarray(10, 20)])

    // One that is too large is refused before it has come whole, and the connection goes on.
    const same = browser()
    const refused = await upload(same, Buffer.alloc(20_000_000))
    assert.equal(refused.status, 413)
    refused.stream.on('error', () => {}).resume()
    assert.equal((await same.json('GET', '/api/profile/me', one.token)).status, 200)
  })

  it('bears what HTTP/1.1 has no words for, and never takes a body for a request', async (t) => {
    const { urls, browser } = await startWithTls(t)
    const [one] = await registerAll(urls, '하나')
    const client = browser()
    const announced = await client.open('GET', '/api/about', { trailer: 'x' })
    assert.equal(announced.status, 200)
    // Without a length, of methods that have a body seldom.
    const hidden = 'GET /api/hidden HTTP/1.1\r\nHost: x\r\n\r\n'
    const unknown = () => metric(urls.gateway, 'http_requests_total', 'path="unknown"')
    const before = await unknown()
    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      const { stream } = await client.open(method, '/api/about', {}, hidden)
      stream.on('error', () => {}).resume()
      await once(stream, 'close')
      const after = await client.json('GET', '/api/profile/me', one.token)
      assert.deepEqual([after.status, after.body['display_name']], [200, '하나'], method)
    }
    // Each DELETE and OPTIONS of what has neither is one of them by itself; none is more than one.
    assert.ok((await unknown()) - before <= 3)
    // A body of unknown length arrives as one.
    const closed = await client.open(
      'DELETE',
      '/api/users/me',
      { authorization: `Bearer ${one.token}`, 'content-type': 'application/json' },
      JSON.stringify({ password: PASSWORD }),
    )
    assert.ok(closed.status < 300, (await buffer(closed.stream)).toString())
  })

  it('takes WebSockets beside', async (t) => {
    const { urls, port, ca } = await startWithTls(t)
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const socket = new WebSocket(`wss://localhost:${port}/api/ws`, {
      ca,
      headers: { authorization: `Bearer ${other.token}` },
    })
    t.after(() => socket.terminate())
    await once(socket, 'open')
    const heard = new Promise((resolve) => {
      socket.on('message', (data: Buffer) => data.includes('소켓으로') && resolve(true))
    })
    await one.say(room.id, '소켓으로')
    assert.ok(await heard)
  })

  it('sends people on from HTTP, to names of its own only', async (t) => {
    const { port, httpPort } = await startWithTls(t, { redirect: true })
    for (const [host, path] of [
      ['localhost', '/rooms?x=1'],
      ['evil.example', '/'],
    ] as const) {
      const asked = httpRequest({ host: '127.0.0.1', port: httpPort, path, headers: { host }, method: 'POST' }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      assert.deepEqual([answer.statusCode, answer.headers.location], [308, `https://localhost:${port}${path}`])
      answer.resume()
    }
  })

  it('sends nobody on to a name that is not its own, whatever the certificate is for', async (t) => {
    for (const name of ['*.example.com', '*.bigtech.test']) {
      const { port, httpPort } = await startWithTls(t, { redirect: true, name })
      for (const host of ['evil.example', 'user@localhost', 'a b', '.localhost', 'localhost#', '']) {
        const asked = httpRequest({ host: '127.0.0.1', port: httpPort, path: '/', headers: { host } }).end()
        const [answer] = (await once(asked, 'response')) as [IncomingMessage]
        assert.deepEqual([answer.statusCode, answer.headers.location], [404, undefined], host)
        answer.resume()
      }
      const asked = httpRequest({
        host: '127.0.0.1',
        port: httpPort,
        headers: { host: name.replace('*', 'chat') },
      }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      assert.equal(answer.headers.location, `https://${name.replace('*', 'chat')}:${port}/`)
      answer.resume()
    }
  })

  it('stops at once beside connections that are idle, and lets answers end', async (t) => {
    const server = await startWithTls(t)
    const { urls, browser, port, ca } = server
    const [one] = await registerAll(urls, '하나')
    const idle = browser()
    assert.equal((await idle.json('GET', '/api/profile/me', one.token)).status, 200)
    const silent = connectTls({ host: 'localhost', port, ca, ALPNProtocols: ['http/1.1'] })
    await once(silent, 'secureConnect')
    silent.on('error', () => {}).resume()
    const stream = await idle.open('GET', '/api/stream', { authorization: `Bearer ${one.token}` })
    let text = ''
    const ended = (async () => {
      for await (const chunk of stream.stream) text += String(chunk)
    })()
    const half = connectTls({ host: 'localhost', port, ca, ALPNProtocols: ['http/1.1'] })
    await once(half, 'secureConnect')
    half.on('error', () => {}).resume()
    half.write('GET /health HTTP/1.1\r\n')
    // What was asked after it is answered: it has arrived.
    assert.equal((await idle.json('GET', '/api/profile/me', one.token)).status, 200)
    const order: string[] = []
    const seen = (socket: TLSSocket, what: string) => once(socket, 'close').then(() => order.push(what))
    const cut = Promise.all([seen(silent, 'what asked nothing'), seen(half, 'what asked by half')])
    await Promise.all([once(idle.session, 'close'), ended, server.close().then(() => order.push('the server'))])
    await cut
    // Nobody waited for them.
    assert.deepEqual(order, ['what asked nothing', 'the server', 'what asked by half'])
    assert.match(text, /goodbye/)
  })
})

async function metric(chat: string, name: string, label = ''): Promise<number> {
  const text = await (await fetch(`${chat}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(name) && line.includes(label))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
