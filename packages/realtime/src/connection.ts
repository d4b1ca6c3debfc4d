import { closeCodes, type CloseReason } from './close-codes.ts'
import { EncodedFrame } from './encoding.ts'

/** One transport's way to a client. Writes are never awaited; `buffered` tells what the client has not taken. */
export type Sink = {
  readonly kind: 'ws' | 'sse'
  write(bytes: Buffer): void
  /** bytes */
  buffered(): number
  /** Resolves when the client may be given more, with false if it took nothing for `timeoutMs`. */
  drained(timeoutMs: number): Promise<boolean>
  /** Says why (a close frame; a `goodbye` event) and ends. */
  close(code: number, reason: CloseReason): void
  /** Asks the peer for a sign of life, where the transport can. */
  ping(): void
}

export type ConnectionLimits = {
  /** A client that lets more than this pile up is closed with `slow_reader` and may resume. Bytes. */
  maxBufferedBytes: number
}

/** What is sent ahead goes in portions of this part of `maxBufferedBytes`, so that live frames have their room beside it. */
const PORTIONS = 16

/** A client that takes no portion for this long is gone, or as good as gone. */
const STALLED_MS = 30_000

/**
 * Queues frames and writes what one turn of the event loop brought in one write.
 * Frames leave in the order of `send`; none is dropped: a connection either delivers or closes.
 * A class, not closures: an idle server is mostly these.
 */
export class Connection {
  readonly id: string
  readonly user_id: number
  readonly session_id: string
  readonly sink: Sink
  /** channel → floor (see envelope.ts) */
  readonly channels = new Map<string, number>()
  /** While its channels are looked up: those of which it was told meanwhile that it listens to them, or does not. What was looked up of these may be older. */
  told: Set<string> | undefined
  /** Set by the transport on any sign of life. */
  alive = true
  closed = false
  /** One of more streams of an account than people have devices: what it gets is written after what others get. */
  surplus = false
  readonly #owner: ConnectionOwner
  #queue: Buffer[] = []
  #queuedBytes = 0
  #holds = 0
  #held: { frame: EncodedFrame; channel: string | undefined }[] = []
  #heldBytes = 0
  #flushing = false

  constructor(identity: { id: string; user_id: number; session_id: string }, sink: Sink, owner: ConnectionOwner) {
    this.id = identity.id
    this.user_id = identity.user_id
    this.session_id = identity.session_id
    this.sink = sink
    this.#owner = owner
  }

  /** @param channel by which it came */
  send(frame: EncodedFrame, channel?: string): void {
    if (this.closed) return
    if (this.#holds > 0) {
      this.#held.push({ frame, channel })
      this.#heldBytes += frame[this.sink.kind].length
    } else this.#enqueue(frame)
    const waiting = this.#queuedBytes + this.#heldBytes + this.sink.buffered()
    if (waiting > this.#owner.limits.maxBufferedBytes) this.close('slow_reader')
  }

  sendJson(json: string, token?: string): void {
    this.send(new EncodedFrame(json, token))
  }

  /** Sends before what is held. */
  sendAhead(json: string, token?: string): void {
    if (!this.closed) this.#enqueue(new EncodedFrame(json, token))
  }

  /** Bytes to send ahead before `portionTaken` is awaited. */
  get portionBytes(): number {
    return this.#owner.limits.maxBufferedBytes / PORTIONS
  }

  /** Resolves when what was sent ahead has left, but for a portion; closes a client that takes none. */
  async portionTaken(): Promise<void> {
    if (this.closed || this.#queuedBytes + this.sink.buffered() <= this.portionBytes) return
    this.flush()
    if (!(await this.sink.drained(STALLED_MS))) this.close('slow_reader')
    // Whoever takes bytes lives, though its answer to a ping waits behind them.
    else this.alive = true
  }

  /** From here on frames wait … */
  hold(): void {
    this.#holds++
  }

  /** … and when each hold is released they follow. */
  release(): void {
    if (--this.#holds > 0) return
    const waiting = this.#held
    this.#held = []
    this.#heldBytes = 0
    for (const { frame, channel } of waiting) this.send(frame, channel)
  }

  /** What came by this channel and waits is not sent. */
  dropHeld(channel: string): void {
    const kept = this.#held.filter((one) => one.channel !== channel)
    if (kept.length === this.#held.length) return
    this.#held = kept
    this.#heldBytes = kept.reduce((sum, { frame }) => sum + frame[this.sink.kind].length, 0)
  }

  close(reason: CloseReason): void {
    if (this.closed) return
    // What was queued before still belongs to the client, unless it does not read.
    if (reason !== 'slow_reader') this.flush()
    this.closed = true
    this.sink.close(closeCodes[reason], reason)
    this.#owner.onClosed(this, reason)
  }

  #enqueue(frame: EncodedFrame): void {
    const bytes = frame[this.sink.kind]
    this.#queue.push(bytes)
    this.#queuedBytes += bytes.length
    if (this.#flushing) return
    this.#flushing = true
    this.#owner.flushLater(this)
  }

  /** Writes what is queued; the owner calls it once this turn of the event loop has brought all it brings. */
  flush(): void {
    this.#flushing = false
    const queue = this.#queue
    if (this.closed || queue.length === 0) return
    this.#queue = []
    this.#queuedBytes = 0
    this.sink.write(queue.length === 1 ? queue[0]! : Buffer.concat(queue))
  }
}

/** What all connections of a hub share. */
export type ConnectionOwner = {
  limits: ConnectionLimits
  flushLater(connection: Connection): void
  onClosed(connection: Connection, reason: CloseReason): void
}

/** ms. A turn that takes longer (thousands of sockets that end at once) gives what it brought so far on its way. */
const LONG_TURN_MS = 20

/** A write takes some 10 µs. Those that others do not wait for leave in portions, between which the loop turns. */
const SURPLUS_PER_TURN = 64

/**
 * One wake-up for all connections that a turn of the event loop brought frames to. Those of an account that has very many come last, a few
 * each turn: they would hold up everybody who is in a room with it.
 */
export function createFlusher(now: () => number = () => performance.now()): (connection: Connection) => void {
  let waiting: Connection[] = []
  const surplus: Connection[] = []
  /** When the first of them came. */
  let began = 0
  const flushAll = () => {
    const turn = waiting
    waiting = []
    for (const connection of turn) {
      if (!connection.surplus) connection.flush()
      else if (surplus.push(connection) === 1) setImmediate(flushSurplus)
    }
  }
  const flushSurplus = () => {
    for (const connection of surplus.splice(0, SURPLUS_PER_TURN)) connection.flush()
    if (surplus.length > 0) setImmediate(flushSurplus)
  }
  return (connection) => {
    if (waiting.push(connection) === 1) {
      setImmediate(flushAll)
      began = now()
    } else if (now() - began > LONG_TURN_MS) flushAll()
  }
}
