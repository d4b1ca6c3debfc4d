import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http'
import {
  constants,
  performServerHandshake,
  type IncomingHttpHeaders as Http2Headers,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { duplexPair, pipeline, type Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'

/** A connection on which nothing moves for so long is closed; heartbeats of a stream of events are more frequent. */
const IDLE_MS = 120_000
/** Requests at once of one connection: the windows of a browser share one. */
const STREAMS = 100
/** Pipes kept for the next request. */
const SPARE_PIPES = 4

/** What says how a connection of HTTP/1.1 goes on has no meaning in HTTP/2 (RFC 9113, section 8.2.2). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  // Announces what comes behind a chunked body; nobody here reads it.
  'trailer',
])

/**
 * Answers requests of HTTP/2 with a server of HTTP/1.1, over pipes in this process: what the server does with its sockets, streams of
 * events and slow readers above all, holds for both. To the server a pipe is a socket of that client.
 */
export function serveHttp2(socket: TLSSocket, server: Server): ServerHttp2Session {
  const session = performServerHandshake(socket, { settings: { maxConcurrentStreams: STREAMS } })
  const agent = new PipeAgent(server, socket)
  session.on('stream', (stream: ServerHttp2Stream, headers: Http2Headers, flags: number) => {
    try {
      forward(stream, headers, (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0, agent)
    } catch {
      // What HTTP/2 lets pass and HTTP/1.1 does not: of one client, and no reason to end for all.
      refuse(stream, 400)
    }
  })
  // Who sends what is no HTTP/2 ends its connection; that is all there is to do.
  session.on('error', () => {})
  session.on('close', () => agent.destroy())
  session.setTimeout(IDLE_MS, () => session.close())
  return session
}

function refuse(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.writableEnded) return
  if (stream.headersSent) stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else stream.respond({ ':status': status }, { endStream: true })
}

function forward(stream: ServerHttp2Stream, headers: Http2Headers, hasBody: boolean, agent: Agent): void {
  const request = httpRequest({
    agent,
    method: headers[':method'],
    path: headers[':path'],
    headers: { ...ownOf(headers), host: headers[':authority'] ?? headers.host ?? '' },
    setHost: false,
  })
  // Of some methods Node sends a body of unknown length as it is: the server would read it as the next request.
  if (hasBody && headers['content-length'] === undefined) request.setHeader('transfer-encoding', 'chunked')
  stream.on('error', () => {})
  stream.on('close', () => request.destroy())
  request.on('error', () => {
    // What ends after the answer, an upload that was refused, say, is no fault of the answer.
    refuse(stream, 502)
  })
  request.on('response', (response) => answer(stream, response))
  if (hasBody) stream.pipe(request)
  else request.end()
}

function answer(stream: ServerHttp2Stream, response: IncomingMessage): void {
  if (stream.destroyed || stream.headersSent) return void response.destroy()
  stream.respond({ ':status': response.statusCode!, ...ownOf(response.headers) })
  pipeline(response, stream, (error) => {
    if (error) stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    // Nobody reads what else is sent.
    else if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR)
  })
}

const ownOf = (headers: Http2Headers | IncomingHttpHeaders): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name.startsWith(':') || OF_THE_CONNECTION.has(name) ? [] : [[name, value]],
    ),
  )

class PipeAgent extends Agent {
  readonly #server: Server
  readonly #client: Readonly<Record<string, string | number | undefined>>

  constructor(server: Server, { remoteAddress, remotePort, remoteFamily }: TLSSocket) {
    super({ keepAlive: true, maxFreeSockets: SPARE_PIPES })
    this.#server = server
    this.#client = { remoteAddress, remotePort, remoteFamily }
  }

  override createConnection(): Duplex {
    const [near, far] = duplexPair()
    for (const [side, other] of [
      [near, far],
      [far, near],
    ] as const) {
      Object.assign(side, LIKE_A_SOCKET)
      side.on('error', () => {}).on('close', () => other.destroy())
    }
    Object.assign(far, this.#client, { encrypted: true })
    // The answer is over: what was still to be sent is read by nobody, and a far side that is a stream by now would not see its end.
    Object.assign(near, { destroySoon: () => near.destroy() })
    this.#server.emit('connection', far)
    return near
  }
}

function self(this: Duplex): Duplex {
  return this
}

/** What node:http and ours do to sockets beyond what every stream can; most has no meaning for a pipe. */
const LIKE_A_SOCKET = {
  setKeepAlive: self,
  setNoDelay: self,
  setTimeout: self,
  ref: self,
  unref: self,
  /** As that of net.Socket, undocumented: ends, and is gone when all is written. */
  destroySoon(this: Duplex): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  },
}
