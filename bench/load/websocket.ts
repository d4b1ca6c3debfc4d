import { connect as connectTcp, type Socket } from 'node:net'
import { MASK } from './frames.ts'

export type Address = {
  port: number
  path: string
  token?: string
  /** The server's first frame tells that nothing of the rooms is missed from now on: wait for it. */
  greets?: boolean
}

export type Client = {
  /** Takes the bytes of whole frames; all of one turn of the event loop leave in one write. */
  send(frame: Buffer): void
}

const PONG = 0x8a

/** All sockets read into this: the bytes are handled before the next read, only broken frames are kept. */
const shared = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * A WebSocket client that does no more than counting needs: it splits what comes into frames and hands out where each payload
 * lies, without copying or decoding it. Answers pings. A connection that ends is an error.
 * @param onText gets each text frame's payload, `bytes[start, end)`, which is only valid during the call
 * @returns after the server's hand-shake and greeting
 */
export function openWebSocket(
  { port, path, token, greets = false }: Address,
  onText: (bytes: Buffer, start: number, end: number) => void,
): Promise<Client> {
  let open = false
  let ready = false
  let rest: Buffer | undefined
  let out: Buffer[] = []

  const flush = () => {
    const bytes = out.length === 1 ? out[0]! : Buffer.concat(out)
    out = []
    socket.write(bytes)
  }
  const send = (frame: Buffer) => {
    // A microtask runs when the read that answers are made from is used up.
    if (out.push(frame) === 1) queueMicrotask(flush)
  }

  const frames = (bytes: Buffer): number => {
    let at = 0
    while (bytes.length - at >= 2) {
      let length = bytes[at + 1]!
      let start = at + 2
      if (length === 126) {
        if (bytes.length - at < 4) break
        length = bytes.readUInt16BE(at + 2)
        start = at + 4
      } else if (length === 127) {
        if (bytes.length - at < 10) break
        length = Number(bytes.readBigUInt64BE(at + 2))
        start = at + 10
      }
      const end = start + length
      if (end > bytes.length) break
      const opcode = bytes[at]! & 0x0f
      if (opcode === 1) {
        if (ready) onText(bytes, start, end)
        else becomeReady()
      }
      if (opcode === 8)
        throw new Error(`closed by the server: ${bytes.readUInt16BE(start)} ${bytes.toString('utf8', start + 2, end)}`)
      if (opcode === 9) send(pong(bytes.subarray(start, end)))
      at = end
    }
    return at
  }

  const read = (part: Buffer) => {
    const bytes = rest === undefined ? part : Buffer.concat([rest, part])
    const used = frames(bytes)
    rest = used === bytes.length ? undefined : Buffer.from(bytes.subarray(used))
  }

  let opened: (client: Client) => void
  const becomeReady = () => {
    ready = true
    opened({ send })
  }
  const handshake = (part: Buffer) => {
    const bytes = rest === undefined ? Buffer.from(part) : Buffer.concat([rest, part])
    const end = bytes.indexOf('\r\n\r\n')
    rest = bytes
    if (end < 0) return
    if (!bytes.includes(' 101 ')) throw new Error(`no WebSocket: ${bytes.toString()}`)
    open = true
    rest = undefined
    if (!greets) becomeReady()
    if (bytes.length > end + 4) read(bytes.subarray(end + 4))
  }

  const socket: Socket = connectTcp({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: shared,
      callback(length, bytes) {
        const part = (bytes as Buffer).subarray(0, length)
        if (open) read(part)
        else handshake(part)
        return true
      },
    },
  })
  return new Promise((resolve, reject) => {
    opened = resolve
    socket.on('connect', () => {
      const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${authorization}\r\n`,
      )
    })
    socket.on('error', reject)
    socket.on('close', () => {
      reject(new Error('the connection ended during the hand-shake'))
      if (open) throw new Error('the server ended a connection')
    })
  })
}

function pong(payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(6 + payload.length)
  frame[0] = PONG
  frame[1] = 0x80 | payload.length
  MASK.copy(frame, 2)
  for (let i = 0; i < payload.length; i++) frame[6 + i] = payload[i]! ^ MASK[i & 3]!
  return frame
}
