import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { CloseReason } from './close-codes.ts'
import type { Sink } from './connection.ts'
import { drained } from './drained.ts'

/** Frames a client may have under way before its socket is read no further. */
const MAX_IN_FLIGHT = 256
const MAX_COMMAND_BYTES = 128 * 1024

/** An end takes some 50 µs, and a turn of the loop should take a few milliseconds. */
const ENDS_PER_TURN = 64

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
  const endInTurn = createEndings()
  server.on('wsClientError', (error, socket, request) => refuse(request, socket, error.message))
  return {
    accept: (request, socket, head) =>
      new Promise((resolve) =>
        server.handleUpgrade(request, socket, head, (ws) => {
          endInTurn(socket)
          resolve(ws)
        }),
      ),
  }
}

/**
 * Connections whose clients end them in one moment (a proxy went away) are cleared away over several turns of the event loop, so that
 * the messages of everybody else go on between them. Takes the place of the listener of `ws`, which is one function for all sockets; a test
 * fails when another version of `ws` calls it otherwise.
 */
function createEndings(): (socket: Duplex) => void {
  let waiting: Duplex[] = []
  let clear: ((...args: unknown[]) => void) | undefined
  const turn = () => {
    // One that was reset while it waited is cleared away already.
    for (const socket of waiting.splice(0, ENDS_PER_TURN)) if (!socket.destroyed) clear!.call(socket)
    if (waiting.length > 0) setImmediate(turn)
  }
  function onEnd(this: Duplex): void {
    if (waiting.push(this) === 1) setImmediate(turn)
  }
  return (socket) => {
    clear ??= socket.listeners('end').find(({ name }) => name === 'socketOnEnd') as typeof clear
    if (clear) socket.off('end', clear).on('end', onEnd)
  }
}

/**
 * Data frames are written to the socket directly, control frames by `ws`: both are whole writes, so they never mix. A test watches that this
 * stays so.
 */
export class WsSink implements Sink {
  readonly kind = 'ws'
  readonly #ws: WebSocket
  readonly #socket: Duplex

  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws
    this.#socket = socket
  }

  write(bytes: Buffer): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#socket.write(bytes)
  }

  buffered(): number {
    return this.#socket.writableLength
  }

  drained(timeoutMs: number): Promise<boolean> {
    return drained(this.#socket, timeoutMs)
  }

  close(code: number, reason: CloseReason): void {
    const ws = this.#ws
    // A client that reads no more, or whose network is gone, never answers: it gets a moment, then the socket goes. Who is slow has much to read
    // before it learns why.
    setTimeout(() => ws.terminate(), reason === 'slow_reader' ? 5_000 : 1_000).unref()
    ws.close(code, reason)
  }

  ping(): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping()
  }
}

/** Whoever receives from a WebSocket. */
export type Receiver = {
  /** Must not reject. */
  handle(text: string): Promise<void>
  alive(): void
  closed(): void
  binary(): void
}

const RECEIVING = Symbol('receiving')
type Receiving = WebSocket & { [RECEIVING]: { receiver: Receiver; inFlight: number; answered: () => void } }

/** Hands each text frame to the receiver; stops reading the socket while too many are unanswered. */
export function receiveText(ws: WebSocket, receiver: Receiver): void {
  const answered = () => {
    if (--state.inFlight < MAX_IN_FLIGHT / 2 && ws.isPaused) ws.resume()
  }
  const state = { receiver, inFlight: 0, answered }
  ;(ws as Receiving)[RECEIVING] = state
  ws.on('message', onMessage)
  ws.on('pong', onPong)
  ws.on('close', onClose)
  ws.on('error', onError)
}

// One function for all sockets: a closure each would be most of what an idle connection costs.
function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const state = (this as Receiving)[RECEIVING]
  state.receiver.alive()
  if (isBinary) return state.receiver.binary()
  if (++state.inFlight >= MAX_IN_FLIGHT) this.pause()
  void state.receiver.handle((data as Buffer).toString('utf8')).then(state.answered)
}

function onPong(this: WebSocket): void {
  ;(this as Receiving)[RECEIVING].receiver.alive()
}

function onClose(this: WebSocket): void {
  ;(this as Receiving)[RECEIVING].receiver.closed()
}

/** A broken frame or a reset: `close` follows. */
function onError(): void {}
