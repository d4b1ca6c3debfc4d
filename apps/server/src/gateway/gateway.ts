import { createHost, type App, type CallBudget, type HostOptions } from '@bigtech/http'
import type { Profile } from '../profiles/profile.ts'
import { opsRoutes, type OpsPorts } from '../ops/ops.http.ts'
import { servicesReady } from '../ops/services-ready.ts'
import { createApiDocuments } from './api-documents.ts'
import { aboutRoute, type AboutOptions } from './about.http.ts'
import { createCallLimits } from './call-limits.ts'
import { servePorts } from './dispatch.ts'
import { routesTo } from './routes.ts'
import { localTarget } from './target.ts'
import { serveWebClient } from './web-client.ts'

export type GatewayApps = { user: App; friend: App; chat: App }

/**
 * The one address people use: the services under /api, ops, the merged API document, and the web client at /.
 * From here on the services' own ports have its call limits, too.
 */
export async function createGateway(
  services: GatewayApps,
  ops: OpsPorts,
  options: Pick<
    HostOptions,
    | 'logger'
    | 'metrics'
    | 'tokens'
    | 'corsOrigins'
    | 'trustProxy'
    | 'tracing'
    | 'everywhere'
    | 'metricsToken'
    | 'idempotency'
    | 'stopping'
  > & {
    about: AboutOptions
    /** the folder of the built web client; it may be missing */
    webClient: string
    limits: Profile['limits']
    calls: CallBudget
  },
): Promise<App> {
  const app = await createHost({
    ...options,
    service: { name: 'gateway', title: 'Gateway', description: 'All services of BigTech Chat behind one address.' },
    readiness: servicesReady(ops.services),
    document: createApiDocuments(ops.services),
  })
  opsRoutes(app, ops)
  aboutRoute(app, options.about)
  await serveWebClient(app, options.webClient)

  const limits = createCallLimits({
    ...options.limits,
    calls: options.calls,
    tokens: options.tokens,
    trustProxy: options.trustProxy,
    logger: options.logger,
  })
  const { user, friend, chat } = services
  const targets = { user: localTarget(user), friend: localTarget(friend), chat: localTarget(chat) }
  servePorts(app, routesTo(targets), [user, friend, chat], limits)
  return app
}
