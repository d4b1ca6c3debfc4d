import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@bigtech/testkit'
import { WebSocket } from 'ws'
import { closeCodes } from './close-codes.ts'
import { EncodedFrame } from './encoding.ts'
import { openSseSink } from './sse.ts'
import { createWsAcceptor, receiveText, WsSink } from './ws.ts'

async function listen(t: TestContext, handler?: RequestListener) {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port }
}

const request = (port: number) =>
  new Promise<IncomingMessage>((resolve, reject) => get({ port, host: '127.0.0.1' }, resolve).on('error', reject))

test('an SSE stream: headers, retry, frames as they are, a goodbye that says whether to come back, the end', async (t) => {
  for (const reason of ['shutting_down', 'session_ended'] as const) {
    const { port } = await listen(t, (_request, response) => {
      const sink = openSseSink(response, { 'x-trace-id': 'abc' }, 2_000)
      sink.write(new EncodedFrame('{"type":"hello"}', 'e.1').sse)
      sink.ping()
      sink.close(closeCodes[reason], reason)
    })
    const response = await request(port)
    assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8')
    assert.equal(response.headers['cache-control'], 'no-cache, no-transform')
    assert.equal(response.headers['x-accel-buffering'], 'no')
    assert.equal(response.headers['x-trace-id'], 'abc')
    assert.equal(response.headers['transfer-encoding'], undefined)
    let text = ''
    for await (const chunk of response) text += String(chunk)
    const goodbye = { type: 'goodbye', code: closeCodes[reason], reason, reconnect: reason === 'shutting_down' }
    assert.equal(text, `retry: 2000\n\nid: e.1\ndata: {"type":"hello"}\n\ndata: ${JSON.stringify(goodbye)}\n\n`)
  }
})

test('a slow SSE reader is cut at once: its buffer counts, and goes with the socket', async (t) => {
  let buffered = 0
  const { port } = await listen(t, (_request, response) => {
    const sink = openSseSink(response, {}, 2_000)
    const frame = Buffer.alloc(256 * 1024, 0x20)
    // The client reads nothing: what the kernel does not take stays here.
    for (let i = 0; i < 64; i++) sink.write(frame)
    buffered = sink.buffered()
    sink.close(closeCodes.slow_reader, 'slow_reader')
  })
  let received = ''
  for await (const chunk of await request(port)) received += String(chunk)
  assert.doesNotMatch(received, /goodbye/)
  assert.ok(received.length < 64 * 256 * 1024, 'what it had not read is gone')
  assert.ok(buffered > 1024 * 1024, `${buffered} bytes`)
})

test('commands: text in order, a sign of life each, binary reported, no more read while 256 are unanswered', async (t) => {
  const { server, port } = await listen(t)
  const acceptor = createWsAcceptor((_request, socket) => socket.destroy())
  const seen: string[] = []
  const answers: (() => void)[] = []
  const state = { alive: 0, binary: 0, closed: 0 }
  server.on('upgrade', (request, socket, head: Buffer) => {
    void acceptor.accept(request, socket, head).then((ws) =>
      receiveText(ws, {
        handle(text) {
          seen.push(text)
          return new Promise((resolve) => answers.push(resolve))
        },
        alive: () => state.alive++,
        closed: () => state.closed++,
        binary: () => state.binary++,
      }),
    )
  })
  const client = new WebSocket(`ws://127.0.0.1:${port}`)
  await new Promise((resolve) => client.once('open', resolve))
  t.after(() => client.terminate())
  // Far more than a socket's buffers hold: what was read before the pause may still come.
  const texts = Array.from({ length: 4_000 }, (_, i) => `command ${i} `.padEnd(2_000, 'x'))
  for (const text of texts) client.send(text)
  await eventually(() => assert.ok(seen.length >= 256))
  await sleep(50)
  assert.ok(seen.length < 400, `${seen.length} were taken without an answer`)
  await eventually(() => {
    for (const answer of answers.splice(0)) answer()
    assert.equal(seen.length, texts.length)
  })
  assert.deepEqual(seen, texts)
  client.send(Buffer.from([1, 2, 3]))
  client.pong()
  await eventually(() => assert.deepEqual([state.binary, state.alive], [1, texts.length + 2]))
  client.close()
  await eventually(() => assert.equal(state.closed, 1))
})

test('clients that end in one moment are cleared away over several turns, and some are gone before theirs', async (t) => {
  const { server, port } = await listen(t)
  const acceptor = createWsAcceptor((_request, socket) => socket.destroy())
  let turn = 0
  const closedIn: number[] = []
  const accepted: Duplex[] = []
  server.on('upgrade', (request, socket, head: Buffer) => {
    accepted.push(socket)
    void acceptor.accept(request, socket, head).then((ws) =>
      receiveText(ws, {
        handle: async () => {},
        alive: () => {},
        binary: () => {},
        closed() {
          if (closedIn.push(turn) === 1) for (const late of accepted.slice(-50)) late.destroy()
        },
      }),
    )
  })
  const sockets = await Promise.all(
    Array.from({ length: 400 }, async () => {
      const client = new WebSocket(`ws://127.0.0.1:${port}`)
      const [response] = (await once(client, 'upgrade')) as [IncomingMessage]
      return response.socket
    }),
  )
  const count = () => {
    turn++
    if (closedIn.length < sockets.length) setImmediate(count)
  }
  setImmediate(count)
  for (const socket of sockets) socket.end()
  await eventually(() => assert.equal(closedIn.length, sockets.length))
  const perTurn = closedIn.map((one) => closedIn.filter((other) => other === one).length)
  assert.ok(Math.max(...perTurn) < 200, `${Math.max(...perTurn)} in one turn`)
})

test('the listener of `ws` that clears a connection away is found, and there is one', async (t) => {
  const { server, port } = await listen(t)
  const acceptor = createWsAcceptor((_request, socket) => socket.destroy())
  const { promise, resolve } = Promise.withResolvers<string[]>()
  server.on('upgrade', (request, socket, head: Buffer) => {
    const before = new Set(socket.listeners('end'))
    void acceptor.accept(request, socket, head).then(() => {
      const added = socket.listeners('end').filter((listener) => !before.has(listener))
      resolve(added.map(({ name }) => name))
    })
  })
  const client = new WebSocket(`ws://127.0.0.1:${port}`)
  t.after(() => client.terminate())
  await once(client, 'open')
  assert.deepEqual(await promise, ['onEnd'], 'ours alone: `ws` has added none that was not replaced')
})

test('frames written past `ws` and its own never mix, though the client reads slowly', async (t) => {
  const { server, port } = await listen(t)
  const acceptor = createWsAcceptor((_request, socket) => socket.destroy())
  const texts = Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ i, text: '가'.repeat(i % 3_000) }))
  const PINGS = 300
  let buffered = 0
  server.on('upgrade', (request, socket, head: Buffer) => {
    void acceptor.accept(request, socket, head).then((ws) => {
      const sink = new WsSink(ws, socket)
      for (const [i, text] of texts.entries()) {
        sink.write(new EncodedFrame(text).ws)
        if (i % 10 === 0) sink.ping()
      }
      buffered = sink.buffered()
      sink.close(closeCodes.shutting_down, 'shutting_down')
    })
  })
  const client = new WebSocket(`ws://127.0.0.1:${port}`)
  t.after(() => client.terminate())
  const seen: string[] = []
  let pings = 0
  client.on('message', (data: Buffer) => {
    seen.push(data.toString())
    if (seen.length % 100 > 0) return
    client.pause()
    setImmediate(() => client.resume())
  })
  client.on('ping', () => pings++)
  const [code] = (await once(client, 'close')) as [number]
  assert.deepEqual([code, pings], [closeCodes.shutting_down, PINGS])
  assert.ok(buffered > 1024 * 1024, 'the socket took all at once: nothing could have mixed')
  assert.deepEqual(seen, texts)
})
