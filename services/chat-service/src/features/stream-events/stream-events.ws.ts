import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { languageOf, toAppError, toProblem, type App } from '@bigtech/http'
import { createWsAcceptor, openWsSink, receiveText } from '@bigtech/realtime'
import { currentTraceId, runWithTrace } from '@bigtech/telemetry'
import { authenticateStream } from './authenticate.http.ts'
import { createCommandHandler, type CommandPorts } from './commands.ws.ts'

/** `GET /ws`: the same events as `GET /stream`, and commands. Everything refused is answered before the hand-shake. */
export function streamEventsWs(app: App, ports: CommandPorts): void {
  const acceptor = createWsAcceptor()
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    runWithTrace(
      undefined,
      () => void open(request, socket, head).catch((error: unknown) => refuse(request, socket, error)),
    )
  })

  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname !== '/ws') throw toAppError({ statusCode: 404, message: 'WebSocket is at /ws' })
    ports.streams.admit()
    const holder = await authenticateStream(ports, {
      authorization: request.headers.authorization,
      ticket: url.searchParams.get('ticket') ?? undefined,
    })
    const ws = await acceptor.accept(request, socket, head)
    const early: string[] = []
    let handle = async (text: string): Promise<void> => void early.push(text)
    const connection = ports.streams.open(holder, openWsSink(ws, socket), url.searchParams.get('token') ?? undefined)
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

function refuse(request: IncomingMessage, socket: Duplex, thrown: unknown): void {
  if (socket.destroyed) return
  const error = toAppError(thrown)
  const problem = toProblem(error, languageOf(request.headers['accept-language']), currentTraceId())
  const body = JSON.stringify(problem)
  const retry =
    error.details.retryAfterS === undefined ? '' : `retry-after: ${Math.ceil(error.details.retryAfterS)}\r\n`
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json\r\n${retry}` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
