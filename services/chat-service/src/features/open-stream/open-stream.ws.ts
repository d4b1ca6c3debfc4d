import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { commonErrors, faultInHead, refuseUpgrade, statusOf, toAppError, type App } from '@bigtech/http'
import { createWsAcceptor, receiveText, WsSink, type Hub, type Receiver } from '@bigtech/realtime'
import { runWithTrace } from '@bigtech/telemetry'
import { authenticateStream } from './authenticate.http.ts'
import {
  createCommandHandler,
  openCommandSession,
  type CommandPorts,
  type CommandSession,
} from '../run-commands/run-commands.ws.ts'

/** `GET /ws`: the same events as `GET /stream`, and commands. Everything refused is answered before the hand-shake. */
export function openStreamWs(app: App, ports: CommandPorts): void {
  const acceptor = createWsAcceptor((request, socket, reason) =>
    refuse(request, socket, commonErrors.MALFORMED_REQUEST({ params: { reason } })),
  )
  /** When each that is not answered yet came, in ms. */
  const came = new WeakMap<IncomingMessage, number>()
  const handle = createCommandHandler(ports)

  // Of calls that ask for no upgrade. The address is in the AsyncAPI document.
  app.get(
    '/ws',
    { schema: { hide: true }, config: { access: 'public' }, exposeHeadRoute: false },
    (_request, reply) => {
      reply.headers({ upgrade: 'websocket', connection: 'upgrade' })
      throw commonErrors.UPGRADE_REQUIRED()
    },
  )

  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', destroy)
    came.set(request, performance.now())
    runWithTrace(
      undefined,
      () => void open(request, socket, head).catch((error: unknown) => refuse(request, socket, error)),
    )
  })

  function count(request: IncomingMessage, status: number): void {
    app.countUpgrade(pathOf(request) === '/ws' ? '/ws' : 'unknown', status, came.get(request) ?? performance.now())
  }
  function refuse(request: IncomingMessage, socket: Duplex, error: unknown): void {
    if (!socket.destroyed) count(request, statusOf[toAppError(error).kind])
    refuseUpgrade(request, socket, error)
  }

  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const [, query] = (request.url ?? '').split('?', 2)
    if (pathOf(request) !== '/ws') throw commonErrors.ROUTE_NOT_FOUND()
    const fault = faultInHead(request)
    if (fault) throw fault
    const parameters = new URLSearchParams(query)
    await ports.streams.admit()
    if (socket.destroyed) return
    const holder = await authenticateStream(ports, {
      authorization: request.headers.authorization,
      ticket: parameters.get('ticket') ?? undefined,
    })
    if (socket.destroyed) return
    ports.streams.seats.take(socket, holder.user_id, app.networkOf(request))
    const ws = await acceptor.accept(request, socket, head)
    count(request, 101)
    const receiver = new StreamReceiver(ports.streams.hub, handle)
    receiveText(ws, receiver)
    const connection = await ports.streams.open(holder, new WsSink(ws, socket), parameters.get('token') ?? undefined)
    receiver.opened(openCommandSession(connection, request.headers['accept-language']))
  }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0]!

// A function of the module: one made beside the request would keep the request alive as long as the socket.
function destroy(this: Duplex): void {
  this.destroy()
}

/** What comes before the connection is open waits for it. */
class StreamReceiver implements Receiver {
  readonly #hub: Hub
  readonly #handle: (session: CommandSession, text: string) => Promise<void>
  #session: CommandSession | undefined
  #early: ('closed' | 'binary' | { text: string })[] | undefined = []

  constructor(hub: Hub, handle: (session: CommandSession, text: string) => Promise<void>) {
    this.#hub = hub
    this.#handle = handle
  }

  opened(session: CommandSession): void {
    this.#session = session
    const early = this.#early ?? []
    this.#early = undefined
    for (const what of early) {
      if (what === 'closed') this.closed()
      else if (what === 'binary') this.binary()
      else void this.handle(what.text)
    }
  }

  async handle(text: string): Promise<void> {
    if (this.#session) await this.#handle(this.#session, text)
    else this.#early?.push({ text })
  }

  alive(): void {
    if (this.#session) this.#session.connection.alive = true
  }

  closed(): void {
    if (this.#session) this.#hub.detach(this.#session.connection)
    else this.#early?.push('closed')
  }

  binary(): void {
    if (this.#session) this.#session.connection.close('bad_frame')
    else this.#early?.push('binary')
  }
}
