import type { Logger, Metrics } from '@bigtech/telemetry'
import { createHost } from '../host.ts'
import type { App } from '../app.ts'
import type { ReadinessCheck } from '../health.ts'
import type { ServiceTokenVerifier } from './service-tokens.ts'

/** For probes. `/metrics` has rules of its own. */
const OPEN: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics'])

/**
 * The port that only services call: everything but health, readiness and metrics needs a service's token. It belongs into the network of the services; nothing from outside is let in even if it is reached.
 */
export async function createInternalHost(options: {
  service: string
  tokens: ServiceTokenVerifier
  logger: Logger
  metrics: Metrics
  readiness: Readonly<Record<string, ReadinessCheck>>
  metricsToken?: string
  stopping?: AbortSignal
}): Promise<App> {
  const { service, tokens, ...rest } = options
  const app = await createHost({
    ...rest,
    service: { name: service, title: `${service} (internal)`, description: 'For the other services.' },
    // A user's token opens nothing here.
    tokens: { verify: async () => Promise.reject(new Error('routes of this port are for services')) },
    corsOrigins: [],
    trustProxy: false,
  })
  app.addHook('onRequest', async (request) => {
    // By the route that was found: an address can be written in more than one way.
    if (!OPEN.has(request.routeOptions.url ?? '')) tokens.verify(request.headers.authorization)
  })
  return app
}
