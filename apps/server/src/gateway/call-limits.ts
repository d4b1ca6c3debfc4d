import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  addressOf,
  callOf,
  commonErrors,
  languageOf,
  networkOf,
  rateLimitHeaders,
  refuseUpgrade,
  toProblem,
  type Budget,
  type CallBudget,
  type RateLimiter,
  type TokenVerifier,
} from '@bigtech/http'
import type { AppError } from '@bigtech/kernel'
import { newTraceparent, parseTraceparent, type Logger } from '@bigtech/telemetry'

/** One budget for all ports: whoever has used theirs up at one is refused at the others. */
export type CallLimits = {
  /** Counts a request: `rest` answers it, or it is refused. */
  request(request: IncomingMessage, response: ServerResponse, rest: () => void): void
  /** The same for an upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, rest: () => void): void
}

export function createCallLimits(ports: {
  anonymous: RateLimiter
  /** streams opened with a ticket, per address */
  tickets: RateLimiter
  calls: CallBudget
  tokens: TokenVerifier
  trustProxy: boolean
  logger: Logger
}): CallLimits {
  async function budgetOf(request: IncomingMessage): Promise<Budget> {
    const [scheme, token] = request.headers.authorization?.split(' ', 2) ?? []
    if (scheme?.toLowerCase() === 'bearer' && token) {
      const caller = await ports.tokens.verify(token).catch(() => undefined)
      if (caller) return callOf(ports.calls, caller.user_id)
    }
    const network = networkOf(addressOf(request, ports.trustProxy))
    // A ticket was counted when it was issued; many people behind one address open streams with theirs.
    return TICKET.test(request.url ?? '') ? ports.tickets.consume(network) : ports.anonymous.consume(network)
  }

  async function limited(request: IncomingMessage, response: ServerResponse, rest: () => void): Promise<void> {
    const budget = await budgetOf(request).catch((error: unknown) => {
      ports.logger.error({ err: error }, 'a call was not counted and is refused')
      return undefined
    })
    if (!budget) return refuse(request, response, commonErrors.INTERNAL())
    for (const [name, value] of Object.entries(rateLimitHeaders(budget))) response.setHeader(name, value)
    if (budget.allowed) return rest()
    refuse(request, response, tooMany(budget))
  }

  return {
    request(request, response, rest) {
      // One request that nobody foresaw must not end the process, and all the others with it.
      limited(request, response, rest).catch((error: unknown) => {
        ports.logger.error({ err: error }, 'a call could not be passed on')
        if (response.headersSent) response.destroy()
        else refuse(request, response, commonErrors.INTERNAL())
      })
    },
    upgrade(request, socket, rest) {
      socket.on('error', () => socket.destroy())
      budgetOf(request).then(
        (budget) => (budget.allowed ? rest() : refuseUpgrade(request, socket, tooMany(budget))),
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
