import type { Server as HttpServer } from 'node:http'
import type { ServerHttp2Session } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { Logger } from '@bigtech/telemetry'
import type { Certificate } from './certificate.ts'
import { serveHttp2 } from './http2.ts'

/** Of a connection that says nothing, or goes through its beginning too slowly. */
const HANDSHAKE_MS = 10_000
/** What is under way has this long to end. */
const DRAIN_MS = 2_000
const BACKLOG = 65_535

/** Takes connections over TLS for a server that answers HTTP/1.1, and those of HTTP/2 too. */
export class HttpsListener {
  readonly #server: HttpServer
  readonly #tls: ReturnType<typeof createServer>
  readonly #sockets = new Set<TLSSocket>()
  readonly #sessions = new Set<ServerHttp2Session>()

  /** @param server whose connections they become */
  constructor(server: HttpServer, certificate: Certificate, logger: Logger) {
    this.#server = server
    const { cert, key } = certificate
    this.#tls = createServer(
      { cert, key, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: HANDSHAKE_MS, noDelay: true },
      (socket) => this.#take(socket),
    )
    // Scanners, and clients that do not trust the certificate.
    this.#tls.on('tlsClientError', (error) => logger.debug({ err: error }, 'no TLS'))
  }

  /** @returns the port */
  async listen(host: string, port: number): Promise<number> {
    await listening(this.#tls, host, port)
    return (this.#tls.address() as AddressInfo).port
  }

  /** Of connections from now on. */
  use({ cert, key }: Certificate): void {
    this.#tls.setSecureContext({ cert, key })
  }

  /** Takes no more connections. Those of HTTP/1.1 end with the server they were given to; one that asked by half, a little later. */
  async stop(): Promise<void> {
    this.#tls.close()
    const closed = [...this.#sessions].map(
      (session) => new Promise((resolve) => session.close(() => resolve(undefined))),
    )
    const limit = new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())
    await Promise.race([Promise.all(closed), limit])
    for (const session of this.#sessions) session.destroy()
    setTimeout(() => this.#sockets.forEach((socket) => socket.destroy()), DRAIN_MS).unref()
  }

  #take(socket: TLSSocket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    if (socket.alpnProtocol !== 'h2') return void this.#server.emit('connection', socket)
    const session = serveHttp2(socket, this.#server)
    this.#sessions.add(session)
    session.once('close', () => this.#sessions.delete(session))
  }
}

/** @throws what the system says when the port cannot be had */
export const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })
