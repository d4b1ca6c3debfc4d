import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  commonErrors,
  languageOf,
  rateLimitHeaders,
  refuseUpgrade,
  toProblem,
  type App,
  type Budget,
  type RateLimiter,
  type TokenVerifier,
} from '@bigtech/http'
import type { AppError } from '@bigtech/kernel'
import { newTraceparent, parseTraceparent } from '@bigtech/telemetry'

/** First path segment below /api → the service that answers. */
export type RouteTable = Readonly<Record<string, App>>

export type Dispatcher = {
  intercept(request: IncomingMessage, response: ServerResponse, next: () => void): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/**
 * The gateway of a single process: requests under /api go to the services' own routers with the prefix cut off, without a hop over
 * the network, after the rate limit. Everything else is the gateway's own.
 */
export function createDispatcher(
  table: RouteTable,
  ports: { anonymous: RateLimiter; users: RateLimiter; tokens: TokenVerifier; trustProxy: boolean },
): Dispatcher {
  const target = (url: string): App | undefined => {
    const [, prefix, segment = ''] = url.split(/[/?#]/, 3)
    return prefix === 'api' && Object.hasOwn(table, segment) ? table[segment] : undefined
  }

  async function budgetOf(request: IncomingMessage): Promise<Budget> {
    const [scheme, token] = request.headers.authorization?.split(' ', 2) ?? []
    if (scheme?.toLowerCase() === 'bearer' && token) {
      const caller = await ports.tokens.verify(token).catch(() => undefined)
      if (caller) return ports.users.consume(`user:${caller.user_id}`)
    }
    const address = addressOf(request, ports.trustProxy)
    // A ticket was counted when it was issued; many people behind one address open streams with theirs.
    if (TICKET.test(request.url ?? '')) return ports.users.consume(`ticket:${address}`)
    return ports.anonymous.consume(address)
  }

  async function limited(request: IncomingMessage, response: ServerResponse, rest: () => void): Promise<void> {
    const budget = await budgetOf(request).catch(() => undefined)
    if (!budget) return refuse(request, response, commonErrors.INTERNAL())
    for (const [name, value] of Object.entries(rateLimitHeaders(budget))) response.setHeader(name, value)
    if (budget.allowed) return rest()
    refuse(request, response, tooMany(budget))
  }

  return {
    intercept(request, response, next) {
      const app = target(request.url ?? '')
      const rest = () => {
        if (!app) return next()
        request.url = request.url!.slice('/api'.length)
        app.routing(request, response)
      }
      // A browser's question whether it may ask is not yet the call; health and metrics are for probes.
      if (request.method === 'OPTIONS' || !request.url?.startsWith('/api/')) return rest()
      void limited(request, response, rest)
    },
    upgrade(request, socket, head) {
      const app = target(request.url ?? '')
      // A service that has no streams would leave the socket open for ever.
      if (!app || app.server.listenerCount('upgrade') === 0)
        return refuseUpgrade(request, socket, commonErrors.ROUTE_NOT_FOUND())
      const pass = () => {
        request.url = request.url!.slice('/api'.length)
        app.server.emit('upgrade', request, socket, head)
      }
      socket.on('error', () => socket.destroy())
      budgetOf(request).then(
        (budget) => (budget.allowed ? pass() : refuseUpgrade(request, socket, tooMany(budget))),
        (error: unknown) => refuseUpgrade(request, socket, error),
      )
    },
  }
}

const TICKET = /[?&]ticket=/

const tooMany = ({ resetS }: Budget): AppError =>
  commonErrors.RATE_LIMITED({ params: { seconds: resetS }, retryAfterS: resetS })

function refuse(request: IncomingMessage, response: ServerResponse, error: AppError): void {
  const traceparent = request.headers['traceparent']
  const trace =
    parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined) ?? parseTraceparent(newTraceparent())
  const problem = toProblem(error, languageOf(request.headers['accept-language']), trace!.traceId)
  if (error.details.retryAfterS) response.setHeader('retry-after', error.details.retryAfterS)
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
}

/** Behind a proxy, the address that proxy saw: the last one of X-Forwarded-For. Those before it are the caller's own words. */
function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = [request.headers['x-forwarded-for']].flat().join(',')
  const last = trustProxy ? forwarded.split(',').at(-1)?.trim() : undefined
  return last || (request.socket.remoteAddress ?? 'unknown')
}
