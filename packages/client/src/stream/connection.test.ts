import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { eventually, type Cleanup } from '@bigtech/testkit'
import { WebSocketServer, type WebSocket } from 'ws'
import { createClient, type Connection, type ConnectionState, type Frame } from '../index.ts'
import { tokens } from '../testing/fetch.fixture.ts'

/** One connection as the server sees it. */
type Peer = {
  token: string | undefined
  say(frame: object): void
  end(code: number, reason: string): void
  /** what the client sent */
  heard: Record<string, unknown>[]
}
type Transport = 'ws' | 'sse'

const hello = (heartbeat_ms = 10_000, resumed = false) => ({
  type: 'hello',
  connection_id: 'c',
  user_id: 7,
  heartbeat_ms,
  resumed,
  token: 't.0',
})

/** A server that only streams, under the test's hand. @param refuse answers instead of opening */
async function startStreams(
  t: Cleanup,
  transport: Transport,
  { refuse }: { refuse?: (response: ServerResponse, tried: number) => boolean } = {},
) {
  const peers: Peer[] = []
  const tried: number[] = []
  const sockets = new WebSocketServer({ noServer: true })
  const http = createServer((request: IncomingMessage, response: ServerResponse): unknown => {
    const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.url === '/api/auth/login/json') return json(tokens())
    tried.push(performance.now())
    const refused = refuse?.(response, tried.length)
    if (refused) return undefined
    if (request.url === '/api/stream/ticket') return json({ ticket: 'ticket', expires_in: 60 })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = (frame: object) => response.write(`data: ${JSON.stringify(frame)}\n\n`)
    peers.push({
      token: request.headers['last-event-id'] as string | undefined,
      heard: [],
      say: write,
      end(code, reason) {
        if (code >= 4000) write({ type: 'goodbye', code, reason, reconnect: code < 4500 })
        response.end()
      },
    })
    return undefined
  })
  http.on('upgrade', (request: IncomingMessage, socket, head) => {
    const url = new URL(request.url!, 'http://x')
    assert.equal(url.searchParams.get('ticket'), 'ticket')
    sockets.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      const heard: Peer['heard'] = []
      ws.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Record<string, unknown>))
      peers.push({
        token: url.searchParams.get('token') ?? undefined,
        heard,
        say: (frame) => ws.send(JSON.stringify(frame)),
        end: (code, reason) => (code >= 4000 ? ws.close(code, reason) : ws.terminate()),
      })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const lost: string[] = []
  const client = createClient({
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    onSignedOut: (code) => lost.push(code),
    random: () => 0.1,
  })
  await client.auth.login('a', 'x')
  t.after(() => {
    http.close()
    http.closeAllConnections()
  })
  const connect = (options: { token?: string } = {}) => {
    const states: ConnectionState[] = []
    const frames: Frame[] = []
    const connection: Connection = client.connect({
      transport,
      ...options,
      onState: (state) => states.push(state),
      onFrame: (frame) => frames.push(frame),
    })
    t.after(() => connection.close())
    return { connection, states, frames, statuses: () => states.map(({ status }) => status) }
  }
  const peer = (index: number) => eventually(() => (assert.ok(peers[index], `connection ${index}`), peers[index]))
  return { client, connect, peer, peers, tried, lost }
}

for (const transport of ['ws', 'sse'] as const) {
  describe(`a connection over ${transport}`, () => {
    it('opens, hands on frames in order, and resumes after the last one handled', async (t) => {
      const server = await startStreams(t, transport)
      const { connection, frames, statuses } = server.connect()
      const first = await server.peer(0)
      assert.equal(first.token, undefined)
      first.say(hello())
      first.say({ type: 'skip', room_id: 1, rev: 1, token: 't.1' })
      first.say({ type: 'typing', room_id: 1, user_id: 2, typing: true, at: '' })
      await eventually(() =>
        assert.deepEqual(
          frames.map(({ type }) => type),
          ['hello', 'skip', 'typing'],
        ),
      )
      assert.equal(connection.token, 't.1')
      first.end(0, '')
      const second = await server.peer(1)
      assert.equal(second.token, 't.1')
      second.say(hello(10_000, true))
      second.say({ type: 'replayed', rooms: 0, token: 't.2' })
      await eventually(() => assert.deepEqual(statuses(), ['open', 'reconnecting', 'connecting', 'resuming', 'open']))
      assert.equal(connection.token, 't.2')
    })

    it('starts anew after a token the server does not know', async (t) => {
      const server = await startStreams(t, transport)
      const { connection, statuses } = server.connect({ token: 'old.9' })
      const first = await server.peer(0)
      assert.equal(first.token, 'old.9')
      first.say({ ...hello(10_000, true), token: 'old.9' })
      first.say({ type: 'resync_required', room_id: null, reason: 'unknown_token' })
      await eventually(() => assert.deepEqual(statuses(), ['resuming', 'open']))
      assert.equal(connection.token, undefined)
      first.end(0, '')
      assert.equal((await server.peer(1)).token, undefined)
    })

    it('is dead after two heartbeats without a frame', async (t) => {
      const server = await startStreams(t, transport)
      const { states } = server.connect()
      const peer = await server.peer(0)
      peer.say(hello(100))
      const started = performance.now()
      const beating = setInterval(() => peer.say({ type: 'heartbeat', at: '', heads: {}, token: 't.1' }), 50)
      await new Promise((resolve) => setTimeout(resolve, 400))
      clearInterval(beating)
      assert.equal(states.length, 1, 'alive while it beats')
      await server.peer(1)
      assert.ok(performance.now() - started >= 550)
      assert.deepEqual(
        { ...states[1], next_at: 0 },
        { status: 'reconnecting', next_at: 0, attempt: 1, reason: 'no heartbeat' },
      )
    })

    it('comes back after the codes that say so, and waits longer each time', async (t) => {
      const server = await startStreams(t, transport)
      const { states } = server.connect()
      for (const [index, code] of [4001, 4002, 4003].entries()) {
        const peer = await server.peer(index)
        peer.say(hello())
        peer.end(code, `reason ${code}`)
      }
      await server.peer(3)
      const waits = states.flatMap((state) => (state.status === 'reconnecting' ? [state] : []))
      assert.deepEqual(
        waits.map(({ attempt, reason }) => [attempt, reason]),
        [
          [1, 'reason 4001'],
          [2, 'reason 4002'],
          [3, 'reason 4003'],
        ],
      )
      const [first, second, third] = [1, 2, 3].map((index) => server.peers[index])
      assert.ok(first && second && third)
    })

    it('stays away after the codes that say so', async (t) => {
      const server = await startStreams(t, transport)
      const faulty = server.connect()
      ;(await server.peer(0)).say(hello())
      ;(await server.peer(0)).end(4502, 'bad_frame')
      await eventually(() =>
        assert.deepEqual(faulty.states.at(-1), { status: 'closed', reason: 'bad_frame', code: 4502 }),
      )
      assert.deepEqual(server.lost, [])
      const ended = server.connect()
      ;(await server.peer(1)).say(hello())
      ;(await server.peer(1)).end(4501, 'session_ended')
      await eventually(() =>
        assert.deepEqual(ended.states.at(-1), { status: 'closed', reason: 'session_ended', code: 4501 }),
      )
      assert.deepEqual(server.lost, ['SESSION_ENDED'])
      assert.equal(server.client.auth.session(), undefined)
    })

    it('honours Retry-After, and gives up when nobody is signed in any more', async (t) => {
      const server = await startStreams(t, transport, {
        refuse(response, tried) {
          const status = tried === 1 ? 503 : 401
          const headers = { 'content-type': 'application/problem+json', 'retry-after': '1' }
          response.writeHead(status, headers).end(JSON.stringify({ code: 'REFUSED', detail: '', trace_id: '' }))
          return true
        },
      })
      const { states } = server.connect()
      await eventually(() => assert.equal(states.at(-1)?.status, 'closed'))
      assert.ok(server.tried[1]! - server.tried[0]! >= 990)
      assert.equal(server.lost.length, 1)
    })

    it('ends when it is closed, quietly', async (t) => {
      const server = await startStreams(t, transport)
      const { connection, states, frames } = server.connect()
      const peer = await server.peer(0)
      peer.say(hello())
      await eventually(() => assert.equal(states.length, 1))
      connection.close()
      connection.close()
      peer.say({ type: 'skip', room_id: 1, rev: 1, token: 't.1' })
      peer.end(4001, 'shutting_down')
      await new Promise((resolve) => setTimeout(resolve, 100))
      assert.deepEqual(
        states.map(({ status }) => status),
        ['open', 'closed'],
      )
      assert.equal(frames.length, 1)
      assert.equal(server.peers.length, 1)
    })
  })
}

describe('commands', () => {
  it('get their own answer, in whatever order answers come', async (t) => {
    const server = await startStreams(t, 'ws')
    const { connection, frames } = server.connect()
    await assert.rejects(connection.command({ type: 'ping' }), { name: 'NetworkError' })
    const peer = await server.peer(0)
    peer.say(hello())
    await eventually(() => assert.ok(connection.commands))
    const read = connection.command({ type: 'read', room_id: 1, seq: 2 })
    const refused = connection.command({ type: 'pin', room_id: 1, message_id: 'm' })
    await eventually(() => assert.equal(peer.heard.length, 2))
    assert.deepEqual({ ...peer.heard[0], ref: 0 }, { type: 'read', room_id: 1, seq: 2, ref: 0 })
    const problem = { status: 403, code: 'NOT_A_MEMBER', detail: 'no', trace_id: 't', retry_after: 3 }
    peer.say({ ...problem, type: 'error', ref: peer.heard[1]!['ref'] })
    peer.say({ type: 'ack', ref: peer.heard[0]!['ref'], command: 'read', room_id: 1, read_seq: 2, unread_count: 0 })
    await assert.rejects(refused, { name: 'ApiError', status: 403, code: 'NOT_A_MEMBER', retryAfterMs: 3_000 })
    assert.equal((await read).read_seq, 2)
    assert.deepEqual(
      frames.map(({ type }) => type),
      ['hello'],
    )
  })

  it('fail when the connection ends before the answer', async (t) => {
    const server = await startStreams(t, 'ws')
    const { connection } = server.connect()
    const peer = await server.peer(0)
    peer.say(hello())
    await eventually(() => assert.ok(connection.commands))
    const ping = connection.command({ type: 'ping' })
    peer.end(4001, 'shutting_down')
    await assert.rejects(ping, { name: 'NetworkError' })
    await assert.rejects(connection.command({ type: 'ping' }, { signal: AbortSignal.abort(new Error('no')) }), /no/)
  })
})

describe('what a browser tells of the network', () => {
  it('a connection is given up when it goes, and tried at once when it is back', async (t) => {
    const page = new EventTarget()
    const listen = {
      addEventListener: page.addEventListener.bind(page),
      removeEventListener: page.removeEventListener.bind(page),
    }
    Object.assign(globalThis, listen)
    t.after(() => {
      for (const name of Object.keys(listen)) delete (globalThis as Record<string, unknown>)[name]
    })
    const server = await startStreams(t, 'ws')
    const { connection } = server.connect()
    const first = await server.peer(0)
    first.say({ ...hello(), token: 't.7' })
    await eventually(() => assert.equal(connection.state.status, 'open'))
    page.dispatchEvent(new Event('offline'))
    assert.deepEqual(
      [connection.state.status, connection.state.status === 'reconnecting' && connection.state.reason],
      ['reconnecting', 'the network is gone'],
    )
    page.dispatchEvent(new Event('offline'))
    page.dispatchEvent(new Event('online'))
    const second = await server.peer(1)
    assert.equal(second.token, 't.7')
    connection.close()
    page.dispatchEvent(new Event('online'))
    assert.equal(connection.state.status, 'closed')
  })
})

it('the room that the client shows is told to each of its connections, and to those that come', async (t) => {
  const server = await startStreams(t, 'ws')
  server.connect()
  server.client.focus(5)
  server.connect()
  for (const index of [0, 1]) {
    const peer = await server.peer(index)
    peer.say(hello())
    await eventually(() => assert.deepEqual([peer.heard[0]?.['type'], peer.heard[0]?.['room_id']], ['focus', 5]))
  }
  server.client.focus(null)
  for (const { heard } of server.peers) await eventually(() => assert.equal(heard[1]?.['room_id'], null))
})
