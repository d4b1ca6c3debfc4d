import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

/** What helmet sets, asked once: it is the same for every answer of an API. */
export function securityHeaders(overTls: boolean): Record<string, string> {
  const headers: Record<string, string> = {}
  const response: Pick<ServerResponse, 'setHeader' | 'removeHeader'> = {
    setHeader(name, value) {
      headers[name.toLowerCase()] = String(value)
      return response as ServerResponse
    },
    removeHeader() {},
  }
  const set = helmet({
    contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: overTls ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    // These concern pages, not data, and each header costs every answer something.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
  set({} as IncomingMessage, response as ServerResponse, (error) => {
    if (error instanceof Error) throw error
  })
  return headers
}
