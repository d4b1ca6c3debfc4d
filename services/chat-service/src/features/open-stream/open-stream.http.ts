import { documented, operation, principalOf, tokenErrors, type App, type TokenVerifier } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { openSseSink, type Broker } from '@bigtech/realtime'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import type { Memberships, TicketStore } from '../../ports.ts'
import { authenticateStream } from './authenticate.http.ts'
import type { Streams } from './streams.ts'

export type StreamHttpPorts = {
  streams: Streams
  tokens: TokenVerifier
  tickets: TicketStore
  rooms: Memberships
  broker: Broker
  clock: Clock
}

const RETRY_MS = 2_000
const Token = Type.String({ maxLength: 200 })

export function openStreamHttp(app: App, ports: StreamHttpPorts): void {
  app.post(
    '/stream/ticket',
    operation({
      id: 'createStreamTicket',
      tag: 'realtime',
      summary: 'A one-minute, single-use ticket for GET /stream or /ws from a browser',
      response: {
        201: Type.Object({
          ticket: Type.String({ examples: ['q7mX…'] }),
          expires_in: Type.Integer({ description: 'seconds', examples: [60] }),
        }),
      },
      idempotent: false,
    }),
    async (request, reply) =>
      reply.code(201).send({ ticket: await ports.tickets.issue(principalOf(request)), expires_in: 60 }),
  )

  app.get(
    '/stream',
    {
      // A HEAD request would open a stream too.
      exposeHeadRoute: false,
      ...operation({
        id: 'streamEvents',
        tag: 'realtime',
        access: 'public',
        summary: 'Server-Sent Events: everything that happens in your rooms (docs/realtime.md)',
        description: 'Authorization header or `ticket`. Resumes after `Last-Event-ID` (header, or `last_event_id`).',
        querystring: Type.Object({ ticket: Type.Optional(Token), last_event_id: Type.Optional(Token) }),
        response: {
          200: documented('Events until either side ends the stream', 'text/event-stream', {
            type: 'string',
            examples: [
              'id: f280eade7931.1\ndata: {"type":"hello","user_id":2,"heartbeat_ms":15000,"resumed":false}\n\n',
            ],
          }),
        },
        errors: [
          ...tokenErrors,
          chatErrors.TICKET_INVALID,
          chatErrors.TOO_MANY_CONNECTIONS,
          chatErrors.TOO_MANY_STREAMS,
        ],
      }),
    },
    async (request, reply) => {
      await ports.streams.admit()
      const { ticket, last_event_id } = request.query
      const holder = await authenticateStream(ports, { authorization: request.headers.authorization, ticket })
      const lastEventId = request.headers['last-event-id']
      const token = (typeof lastEventId === 'string' ? lastEventId : undefined) ?? last_event_id
      if (request.raw.socket.destroyed) return
      ports.streams.seats.take(request.raw.socket, holder.user_id, app.networkOf(request.raw))
      const socket = app.takeOver(request, reply)
      const sink = openSseSink(reply.raw, plainHeaders(reply.getHeaders()), RETRY_MS)
      // 'close' may come while the rooms are looked up: it is not lost.
      const connection = ports.streams.open(holder, sink, token || undefined)
      socket.once('close', () => void connection.then((open) => ports.streams.hub.detach(open)))
      await connection
    },
  )
}

const plainHeaders = (headers: Record<string, number | string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  )
