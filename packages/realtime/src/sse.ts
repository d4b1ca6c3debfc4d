import type { ServerResponse } from 'node:http'
import type { Sink } from './connection.ts'

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
  socket.setNoDelay(true)
  socket.setTimeout(0)
  socket.write(`retry: ${retryMs}\n\n`)
  return {
    kind: 'sse',
    write: (bytes) => void socket.write(bytes),
    buffered: () => socket.writableLength,
    close(code, reason) {
      if (reason === 'slow_reader') return void socket.destroy()
      socket.end(`data: ${JSON.stringify({ type: 'goodbye', code, reason, reconnect: code < 4500 })}\n\n`)
      setTimeout(() => socket.destroy(), 1_000).unref()
    },
    ping: () => {},
  }
}
