import type { FastifyRequest } from 'fastify'
import { commonErrors } from './common-errors.ts'
import type { App } from './app.ts'
import { isFromThisMachine, isOnPortOf } from './this-machine.ts'
import type { Principal, TokenVerifier } from './tokens.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
}

/** Enforces each route's `access`. A route without a declared access needs a signed-in user. */
export function useAuth(app: App, tokens: TokenVerifier): void {
  app.decorateRequest('principal', null)
  app.addHook('onRequest', async (request) => {
    const access = request.is404 ? 'public' : (request.routeOptions.config.access ?? 'user')
    if (access === 'public') return
    const header = request.headers.authorization
    if (access === 'local' && header === undefined && isLocalProgram(app, request)) return
    if (!header) throw commonErrors.NOT_AUTHENTICATED()
    const [scheme, token] = header.split(' ', 2)
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw commonErrors.NOT_AUTHENTICATED()
    request.principal = await tokens.verify(token)
    if (access === 'admin' && request.principal.role !== 'admin') throw commonErrors.ADMIN_ONLY()
  })
}

/** Of browsers, and of proxies that do not say for whom they ask. */
const SPOKEN_FOR = ['origin', 'sec-fetch-site', 'via', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip']
/** A name from outside has been looked up by somebody, or passed on. */
const OWN_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/** A page that a browser shows is somebody else's program, wherever the browser runs. */
const isLocalProgram = (app: App, { raw, headers }: FastifyRequest): boolean =>
  SPOKEN_FOR.every((name) => headers[name] === undefined) &&
  OWN_NAME.test(headers.host ?? '') &&
  isOnPortOf(app.server, raw) &&
  isFromThisMachine(raw)

/** The caller of a route that needs one. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw commonErrors.NOT_AUTHENTICATED()
  return request.principal
}
