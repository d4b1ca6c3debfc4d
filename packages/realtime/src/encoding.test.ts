import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { WebSocket } from 'ws'
import { EncodedFrame, textFrame } from './encoding.ts'
import { controlEnvelope, EVERYBODY, frameEnvelope, parseEnvelope } from './envelope.ts'
import { createWsAcceptor, WsSink } from './ws.ts'

test('frames of every length class arrive whole at a stock WebSocket client', async (t) => {
  const acceptor = createWsAcceptor((_request, socket) => socket.destroy())
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]
  const texts = lengths.map((length) => 'x'.repeat(length))
  texts.push('한'.repeat(41) + 'xx', '한'.repeat(42), '한'.repeat(21_845), '😀'.repeat(20_000))
  const server = createServer()
  t.after(() => server.close())
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const serve = async () => {
      const ws = await acceptor.accept(request, socket, head)
      const sink = new WsSink(ws, socket)
      for (const text of texts) sink.write(textFrame(text))
      // Several frames in one write, as a connection flushes them.
      sink.write(Buffer.concat(texts.slice(0, 4).map(textFrame)))
      sink.ping()
      sink.close(4001, 'shutting_down')
    }
    void serve()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const received: string[] = []
  let pings = 0
  client.on('message', (data, binary) => {
    assert.equal(binary, false)
    received.push((data as Buffer).toString('utf8'))
  })
  client.on('ping', () => pings++)
  const [code, reason] = await new Promise<[number, string]>((resolve, reject) => {
    client.on('close', (code, reason) => resolve([code, reason.toString()]))
    client.on('error', reject)
  })
  assert.deepEqual(received, [...texts, ...texts.slice(0, 4)])
  assert.equal(pings, 1)
  assert.deepEqual([code, reason], [4001, 'shutting_down'])
})

test('the length fields of RFC 6455 switch at 126 and 65,536 bytes', () => {
  const header = (length: number) =>
    textFrame('x'.repeat(length))
      .subarray(0, -length || undefined)
      .toString('hex')
  assert.equal(header(125), '817d')
  assert.equal(header(126), '817e007e')
  assert.equal(header(65_535), '817effff')
  assert.equal(header(65_536), '817f0000000000010000')
  assert.equal(textFrame('').toString('hex'), '8100')
})

test('an SSE frame is an id, one data line and an empty line', () => {
  const json = JSON.stringify({ type: 'message', content: '줄\n바꿈 "따옴표"' })
  assert.equal(new EncodedFrame(json, 'e.1').sse.toString(), `id: e.1\ndata: ${json}\n\n`)
  assert.equal(new EncodedFrame(json).sse.toString(), `data: ${json}\n\n`)
})

test('both encodings are made once', () => {
  const frame = new EncodedFrame('{}', 'e.1')
  assert.equal(frame.ws, frame.ws)
  assert.equal(frame.sse, frame.sse)
})

test('an envelope gives back what was put in', () => {
  const jsonText = fc.json().map((json) => JSON.stringify(JSON.parse(json)))
  const token = fc.stringMatching(/^[0-9a-z.]*$/)
  fc.assert(
    fc.property(
      jsonText,
      token,
      fc.maxSafeNat(),
      fc.option(jsonText, { nil: '' }),
      (json, token, level, alternative) => {
        assert.deepEqual(parseEnvelope(frameEnvelope(json, token, level, alternative)), {
          frame: { json, token, level, alternative },
        })
      },
    ),
  )
  assert.deepEqual(parseEnvelope(frameEnvelope('{}')), {
    frame: { json: '{}', token: '', level: EVERYBODY, alternative: '' },
  })
  const join = { op: 'join', channel: 'room:1', floor: 7 } as const
  assert.deepEqual(parseEnvelope(controlEnvelope(join)), { control: join })
})
