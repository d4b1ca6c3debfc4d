import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { commonErrors, refuseUpgrade, type App } from '@bigtech/http'
import { createWsAcceptor, openWsSink, receiveText } from '@bigtech/realtime'
import { runWithTrace } from '@bigtech/telemetry'
import { authenticateStream } from './authenticate.http.ts'
import { createCommandHandler, type CommandPorts } from './commands.ws.ts'

/** `GET /ws`: the same events as `GET /stream`, and commands. Everything refused is answered before the hand-shake. */
export function streamEventsWs(app: App, ports: CommandPorts): void {
  const acceptor = createWsAcceptor((request, socket, reason) =>
    refuseUpgrade(request, socket, commonErrors.MALFORMED_REQUEST({ params: { reason } })),
  )
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    runWithTrace(
      undefined,
      () => void open(request, socket, head).catch((error: unknown) => refuseUpgrade(request, socket, error)),
    )
  })

  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const [path, query] = (request.url ?? '').split('?', 2)
    if (path !== '/ws') throw commonErrors.ROUTE_NOT_FOUND()
    const parameters = new URLSearchParams(query)
    ports.streams.admit()
    const holder = await authenticateStream(ports, {
      authorization: request.headers.authorization,
      ticket: parameters.get('ticket') ?? undefined,
    })
    const ws = await acceptor.accept(request, socket, head)
    const early: string[] = []
    let handle = async (text: string): Promise<void> => void early.push(text)
    const connection = ports.streams.open(holder, openWsSink(ws, socket), parameters.get('token') ?? undefined)
    receiveText(ws, {
      handle: (text) => handle(text),
      alive: () => void connection.then((open) => (open.alive = true)),
      closed: () => void connection.then((open) => ports.streams.hub.detach(open)),
      binary: () => void connection.then((open) => open.close('bad_frame')),
    })
    handle = createCommandHandler(ports, await connection, request.headers['accept-language'])
    for (const text of early) void handle(text)
  }
}
