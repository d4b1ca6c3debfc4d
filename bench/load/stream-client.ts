import { connect, type Socket } from 'node:net'
import { MASK } from './frames.ts'

export type StreamTarget = { port: number; transport: 'ws' | 'sse' }

export type Stream = {
  /** Connected, and greeted or refused since. */
  state: 'connecting' | 'open' | 'gone'
  /** Resume token of the newest frame. */
  token: string
  socket: Socket
}

/** What a client of `openStream` hears; `text` is what came with one read, only valid during the call. */
export type Listener = { frames(stream: Stream, text: Buffer): void; gone(stream: Stream): void }

const shared = Buffer.allocUnsafeSlow(64 * 1_024)
const TOKEN = '"token":"'
const HELLO = '"type":"hello"'
/** An empty ping frame; JSON text never has these two bytes. */
const PING = Buffer.from([0x89, 0])
const PONG = Buffer.from([0x8a, 0x80, ...MASK])

/**
 * A client that holds a stream: answers pings, remembers the resume token, and decodes nothing else. An idle one costs this process
 * little more than its socket. Frames come whole here: they are small and the connection is idle.
 * @param from the source address: one has 28,000 ports
 */
export function openStream(
  { port, transport }: StreamTarget,
  from: string,
  person: { accessToken: string; resume: string },
  listener: Listener,
): Stream {
  const resume = person.resume === '' ? '' : `${transport === 'ws' ? '?token=' : '?last_event_id='}${person.resume}`
  const head =
    transport === 'ws'
      ? `GET /ws${resume} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`
      : `GET /stream${resume} HTTP/1.1\r\nAccept: text/event-stream\r\n`
  const socket = connect({
    port,
    host: '127.0.0.1',
    localAddress: from,
    noDelay: true,
    onread: {
      buffer: shared,
      callback(length, buffer) {
        const bytes = (buffer as Buffer).subarray(0, length)
        if (transport === 'ws' && bytes.includes(PING)) socket.write(PONG)
        const at = bytes.lastIndexOf(TOKEN)
        if (at >= 0) {
          const start = at + TOKEN.length
          stream.token = bytes.toString('latin1', start, bytes.indexOf('"', start))
        }
        if (stream.state === 'connecting' && bytes.includes(HELLO)) stream.state = 'open'
        listener.frames(stream, bytes)
        return true
      },
    },
  })
  const stream: Stream = { state: 'connecting', token: person.resume, socket }
  socket.on('connect', () =>
    socket.write(`${head}Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${person.accessToken}\r\n\r\n`),
  )
  // 'close' follows.
  socket.on('error', () => {})
  socket.on('close', () => {
    if (stream.state === 'gone') return
    stream.state = 'gone'
    listener.gone(stream)
  })
  return stream
}
