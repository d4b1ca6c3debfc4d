import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/** A sender that has sent nothing for this long, ms, has its answer or will not read it. */
const QUIET_MS = 1_000

/**
 * For a request that was answered before its body was whole. The rest is read and thrown away, as it would stand before the next request of
 * the connection; the connection ends when no more comes. Ending it at once would reset it under a sender that still writes, and a proxy,
 * or a browser, would then not read the answer (RFC 9112 section 9.6).
 */
export function linger(request: IncomingMessage): void {
  const { socket } = request
  // A request that was injected has no connection.
  if (request.complete || socket.destroyed || !(socket instanceof Socket)) return
  const timer = setTimeout(() => {
    if (!request.complete) socket.destroy()
  }, QUIET_MS)
  timer.unref()
  request.on('data', () => timer.refresh())
  request.once('close', () => clearTimeout(timer))
  request.unpipe().resume()
}
