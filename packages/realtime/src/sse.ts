import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { CloseReason } from './close-codes.ts'
import type { Sink } from './connection.ts'
import { drained } from './drained.ts'

/**
 * Turns an answered request into a Server-Sent Events stream (WHATWG HTML, section 9.2). Written to the socket itself, without
 * chunked framing: the body ends with the connection.
 * @param retryMs how long EventSource waits before connecting again
 */
export function openSseSink(response: ServerResponse, headers: Record<string, string>, retryMs: number): Sink {
  response.useChunkedEncodingByDefault = false
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    connection: 'close',
  })
  response.flushHeaders()
  const socket = response.socket!
  // The stream is the socket from here on. The exchange that opened it, with all its headers, need not live as long.
  response.detachSocket(socket)
  socket.setNoDelay(true)
  socket.setTimeout(0)
  socket.write(`retry: ${retryMs}\n\n`)
  return new SseSink(socket)
}

class SseSink implements Sink {
  readonly kind = 'sse'
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  buffered(): number {
    return this.#socket.writableLength
  }

  drained(timeoutMs: number): Promise<boolean> {
    return drained(this.#socket, timeoutMs)
  }

  close(code: number, reason: CloseReason): void {
    const socket = this.#socket
    if (reason === 'slow_reader') return void socket.destroy()
    socket.end(`data: ${JSON.stringify({ type: 'goodbye', code, reason, reconnect: code < 4500 })}\n\n`)
    setTimeout(() => socket.destroy(), 1_000).unref()
  }

  ping(): void {}
}
