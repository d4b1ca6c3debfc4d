import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Sink } from './connection.ts'

/** Frames a client may have under way before its socket is read no further. */
const MAX_IN_FLIGHT = 256
const MAX_COMMAND_BYTES = 128 * 1024

/**
 * The server half of WebSocket hand-shakes, without compression: frames go to sockets as bytes made once for all.
 * @param refuse answers a hand-shake that is none
 */
export function createWsAcceptor(refuse: (request: IncomingMessage, socket: Duplex, reason: string) => void): {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket>
} {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_COMMAND_BYTES,
    clientTracking: false,
  })
  server.on('wsClientError', (error, socket, request) => refuse(request, socket, error.message))
  return {
    accept: (request, socket, head) => new Promise((resolve) => server.handleUpgrade(request, socket, head, resolve)),
  }
}

/** Data frames are written to the socket directly, control frames by `ws`: both are whole writes, so they never mix. */
export function openWsSink(ws: WebSocket, socket: Duplex): Sink {
  return {
    kind: 'ws',
    write: (bytes) => void (ws.readyState === ws.OPEN && socket.write(bytes)),
    buffered: () => socket.writableLength,
    close(code, reason) {
      if (reason === 'slow_reader') {
        // The close frame would queue behind what the client does not read: it gets a moment, then the socket goes.
        setTimeout(() => ws.terminate(), 2_000).unref()
      }
      ws.close(code, reason)
    },
    ping() {
      if (ws.readyState === ws.OPEN) ws.ping()
    },
  }
}

/**
 * Calls `handle` for each text frame; stops reading the socket while too many are unanswered.
 * @param handlers.handle must not reject
 */
export function receiveText(
  ws: WebSocket,
  handlers: { handle(text: string): Promise<void>; alive(): void; closed(): void; binary(): void },
): void {
  let inFlight = 0
  ws.on('message', (data, isBinary) => {
    handlers.alive()
    if (isBinary) return handlers.binary()
    if (++inFlight >= MAX_IN_FLIGHT) ws.pause()
    void handlers.handle((data as Buffer).toString('utf8')).then(answered)
  })
  const answered = () => {
    if (--inFlight < MAX_IN_FLIGHT / 2 && ws.isPaused) ws.resume()
  }
  ws.on('pong', () => handlers.alive())
  ws.on('close', () => handlers.closed())
  // A broken frame or a reset: `close` follows.
  ws.on('error', () => {})
}
