import { connect } from 'node:net'
import { findMarker, MARKER_BYTES } from './frames.ts'
import type { Address } from './websocket.ts'

const shared = Buffer.allocUnsafeSlow(256 * 1024)
const EMPTY = Buffer.alloc(0)
const HEAD_OK = 'HTTP/1.1 200'

/**
 * Reads Server-Sent Events as far as counting needs: finds the markers, whatever framing is around them. A connection that ends is
 * an error.
 * @param onMarker gets where each marker begins; the bytes are only valid during the call
 * @returns after the head of the answer, or the first event where the server greets
 */
export function openEventStream(
  { port, path, token, greets = false }: Address,
  onMarker: (bytes: Buffer, at: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = EMPTY
    let ready = false
    const start = (bytes: Buffer): void => {
      const head = bytes.indexOf('\r\n\r\n')
      if (head >= 0 && !bytes.toString('latin1', 0, HEAD_OK.length).startsWith(HEAD_OK))
        throw new Error(`no event stream: ${bytes.toString()}`)
      ready = head >= 0 && (!greets || bytes.includes('data: '))
      if (ready) resolve()
    }
    const read = (part: Buffer) => {
      const bytes = rest.length === 0 ? part : Buffer.concat([rest, part])
      let from = 0
      if (ready)
        for (let at = findMarker(bytes, 0, bytes.length); at >= 0; at = findMarker(bytes, from, bytes.length)) {
          onMarker(bytes, at)
          from = at + MARKER_BYTES
        }
      else start(bytes)
      // The read may have cut a marker: its first part waits for the rest.
      const cut = ready ? bytes.indexOf('@', Math.max(from, bytes.length - MARKER_BYTES)) : 0
      rest = cut < 0 ? EMPTY : Buffer.from(bytes.subarray(cut))
    }
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: shared,
        callback(length, bytes) {
          read((bytes as Buffer).subarray(0, length))
          return true
        },
      },
    })
    const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
    socket.on('connect', () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n${authorization}\r\n`,
      ),
    )
    socket.on('error', reject)
    socket.on('close', () => {
      reject(new Error('the connection ended before the stream began'))
      if (ready) throw new Error('the server ended an event stream')
    })
  })
}
