import { createHost, type App, type CallBudget, type HostOptions, type ReadinessCheck } from '@bigtech/http'
import type { Profile } from '../profiles/profile.ts'
import { opsRoutes, type OpsPorts } from '../ops/ops.http.ts'
import type { Services } from '../ops/services.ts'
import type { ServiceRole } from '../roles.ts'
import { createApiDocuments } from './api-documents.ts'
import { aboutRoute, type AboutOptions } from './about.http.ts'
import { createCallLimits } from './call-limits.ts'
import { guardPort, serveGateway, type Counting, type GuardedPort } from './dispatch.ts'
import { ROUTES, routesTo } from './routes.ts'
import type { Target } from './target.ts'
import { serveWebClient, WEB_CLIENT } from './web-client.ts'

export type GatewayParts = Readonly<{
  /** What answers for each service. */
  targets: Readonly<Record<ServiceRole, Target>>
  /** Services of this process, whose own ports get the gateway's call limits, too. Their targets are made before. */
  guarded: readonly GuardedPort[]
  /** `refused` when the services are of this process, and count what comes to them. */
  counts: Counting['calls']
  /** For the merged document. */
  services: Services
  readiness: Readonly<Record<string, ReadinessCheck>>
  ops(this: void, app: App): OpsPorts
}>

/** The one address people use: the services under /api, ops, the merged API document, and the web client at /. */
export async function createGateway(
  { targets, guarded, counts, services, readiness, ops }: GatewayParts,
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
    | 'stopping'
    | 'idempotency'
  > & { about: AboutOptions; limits: Profile['limits']; calls: CallBudget },
): Promise<App> {
  const app = await createHost({
    ...options,
    service: { name: 'gateway', title: 'Gateway', description: 'All services of BigTech Chat behind one address.' },
    readiness,
    document: createApiDocuments(services),
  })
  opsRoutes(app, ops(app))
  aboutRoute(app, options.about)
  await serveWebClient(app, WEB_CLIENT)

  const { calls, tokens, trustProxy, logger, metrics } = options
  const limits = createCallLimits({ ...options.limits, calls, tokens, trustProxy, logger })
  serveGateway(app, routesTo(targets), limits, { http: metrics.http, calls: counts })
  for (const service of guarded) guardPort(service, ROUTES, limits)
  return app
}
