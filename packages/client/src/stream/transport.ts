import { ApiError, NetworkError } from '../errors.ts'
import { hedged } from '../http/hedged.ts'
import type { Http } from '../http/http.ts'
import { createSseParser } from './sse-parser.ts'

/** Why a transport ended: a close code of docs/realtime.md if there was one, else what went wrong. */
export type Ending = { code?: number; reason: string; error?: Error }

export type TransportHandlers = {
  frame(frame: { type?: unknown }): void
  /** Exactly once, and no frame after it. */
  ended(ending: Ending): void
}

export type Transport = {
  /** Undefined: this transport takes no commands. */
  send: ((text: string) => void) | undefined
  /** Ends it without another call of the handlers. */
  drop(): void
}

export type TransportOpener = (
  http: Http,
  options: { token: string | undefined; handlers: TransportHandlers },
) => Transport

/** Server-Sent Events, read from fetch: with it, unlike with EventSource, the token goes in a header and refusals have a status. */
export const openSse: TransportOpener = (http, { token, handlers }) => {
  const abort = new AbortController()
  void read().then(
    (ending) => abort.signal.aborted || handlers.ended(ending),
    (error: unknown) => abort.signal.aborted || handlers.ended(endingOf(error)),
  )

  async function read(): Promise<Ending> {
    const headers = { accept: 'text/event-stream', ...(token === undefined ? {} : { 'last-event-id': token }) }
    const open = (own: AbortSignal) =>
      http.open({ path: '/stream', headers, signal: AbortSignal.any([own, abort.signal]) })
    const answer = await hedged(open, abort.signal)
    const parse = createSseParser()
    const decoder = new TextDecoder()
    const reader = answer.body!.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || abort.signal.aborted) return { reason: 'the stream ended' }
      for (const { data } of parse(decoder.decode(value, { stream: true }))) {
        const frame = JSON.parse(data) as { type?: unknown; code?: number; reason?: string }
        if (frame.type === 'goodbye') {
          abort.abort()
          handlers.ended({ reason: String(frame.reason), ...(frame.code === undefined ? {} : { code: frame.code }) })
          return { reason: '' }
        }
        handlers.frame(frame)
        if (abort.signal.aborted) return { reason: '' }
      }
    }
  }

  return { send: undefined, drop: () => abort.abort() }
}

/** WebSocket, the one of the browser or of Node, with a ticket: neither can set headers. */
export const openWebSocket: TransportOpener = (http, { token, handlers }) => {
  const abort = new AbortController()
  let socket: WebSocket | undefined
  let over = false
  const end = (ending: Ending) => {
    if (over) return
    over = true
    handlers.ended(ending)
  }
  const open = async () => {
    const ask = (signal: AbortSignal) =>
      http.json<{ ticket: string }>({ method: 'POST', path: '/stream/ticket', signal, repeat: 'never' })
    const { ticket } = await hedged(ask, abort.signal)
    if (over) return
    const query = new URLSearchParams({ ticket, ...(token === undefined ? {} : { token }) })
    const address = new URL(http.url('/ws'), (globalThis as { location?: { href: string } }).location?.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    address.search = query.toString()
    socket = new WebSocket(address)
    socket.addEventListener('message', ({ data }: { data: unknown }) => {
      if (over) return
      try {
        handlers.frame(JSON.parse(String(data)) as { type?: unknown })
      } catch (error) {
        end(endingOf(error))
      }
    })
    socket.addEventListener('close', ({ code, reason }: { code: number; reason: string }) =>
      end({ code, reason: reason || 'the connection ended' }),
    )
    // `close` follows.
    socket.addEventListener('error', () => {})
  }
  open().catch((error: unknown) => end(endingOf(error)))

  return {
    send(text) {
      if (socket?.readyState !== WebSocket.OPEN) throw new NetworkError('not connected')
      socket.send(text)
    },
    drop() {
      over = true
      abort.abort()
      socket?.close(1000)
    },
  }
}

function endingOf(error: unknown): Ending {
  const known = error instanceof ApiError || error instanceof NetworkError
  const cause = known ? error : new NetworkError(error instanceof Error ? error.message : String(error))
  return { reason: cause.message, error: cause }
}
