import { closeCodes, type CloseReason } from './close-codes.ts'
import { EncodedFrame } from './encoding.ts'

/** One transport's way to a client. Writes are never awaited; `buffered` tells what the client has not taken. */
export type Sink = {
  readonly kind: 'ws' | 'sse'
  write(bytes: Buffer): void
  /** bytes */
  buffered(): number
  /** Says why (a close frame; a `goodbye` event) and ends. */
  close(code: number, reason: CloseReason): void
  /** Asks the peer for a sign of life, where the transport can. */
  ping(): void
}

export type Connection = {
  readonly id: string
  readonly user_id: number
  readonly session_id: string
  readonly sink: Sink
  /** channel → floor (see envelope.ts) */
  readonly channels: Map<string, number>
  /** Set by the transport on any sign of life. */
  alive: boolean
  closed: boolean
  send(frame: EncodedFrame): void
  sendJson(json: string, token?: string): void
  /** Sends before what is held. */
  sendAhead(json: string, token?: string): void
  /** From here on frames wait … */
  hold(): void
  /** … and now they follow. */
  release(): void
  close(reason: CloseReason): void
}

export type ConnectionLimits = {
  /** A client that lets more than this pile up is closed with `slow_reader` and may resume. Bytes. */
  maxBufferedBytes: number
}

/**
 * Queues frames and writes what one turn of the event loop brought in one write.
 * Frames leave in the order of `send`; none is dropped: a connection either delivers or closes.
 */
export function createConnection(
  identity: { id: string; user_id: number; session_id: string },
  sink: Sink,
  limits: ConnectionLimits,
  onClosed: (connection: Connection, reason: CloseReason) => void,
): Connection {
  let queue: Buffer[] = []
  let queued = 0
  let held: EncodedFrame[] | undefined
  let heldBytes = 0
  let flushing = false

  const flush = () => {
    flushing = false
    if (connection.closed || queue.length === 0) return
    const bytes = queue.length === 1 ? queue[0]! : Buffer.concat(queue)
    queue = []
    queued = 0
    sink.write(bytes)
  }

  const enqueue = (frame: EncodedFrame) => {
    const bytes = frame[sink.kind]
    queue.push(bytes)
    queued += bytes.length
    if (flushing) return
    flushing = true
    setImmediate(flush)
  }

  const connection: Connection = {
    ...identity,
    sink,
    channels: new Map(),
    alive: true,
    closed: false,
    send(frame) {
      if (connection.closed) return
      if (held) {
        held.push(frame)
        heldBytes += frame[sink.kind].length
      } else enqueue(frame)
      if (queued + heldBytes + sink.buffered() > limits.maxBufferedBytes) connection.close('slow_reader')
    },
    sendJson: (json, token) => connection.send(new EncodedFrame(json, token)),
    sendAhead(json, token) {
      if (!connection.closed) enqueue(new EncodedFrame(json, token))
    },
    hold() {
      held ??= []
    },
    release() {
      const waiting = held ?? []
      held = undefined
      heldBytes = 0
      for (const frame of waiting) connection.send(frame)
    },
    close(reason) {
      if (connection.closed) return
      // What was queued before still belongs to the client, unless it does not read.
      if (reason !== 'slow_reader') flush()
      connection.closed = true
      sink.close(closeCodes[reason], reason)
      onClosed(connection, reason)
    },
  }
  return connection
}
