import { createHost, notEssential } from '@bigtech/http'
import { createDlq } from '@bigtech/messaging'
import { createMetrics, type Logger } from '@bigtech/telemetry'
import { demoDataWanted, type Settings } from '../config.ts'
import { demoAccounts } from '../demo/world.ts'
import type { Edge, Listen } from '../hosting.ts'
import { createLocalOps } from '../ops/local-ops.ts'
import { nodeName } from '../ops/made-ops.ts'
import { opsRoutes } from '../ops/ops.http.ts'
import { remoteServices } from '../ops/remote-services.ts'
import { servicesReady } from '../ops/services-ready.ts'
import type { DistributedProfile } from '../profiles/distributed/profile.ts'
import { SERVICE_ROLES, type ServiceRole } from '../roles.ts'
import { aboutRoute } from './about.http.ts'
import { createApiDocuments } from './api-documents.ts'
import { createCallLimits } from './call-limits.ts'
import { servePorts } from './dispatch.ts'
import { routesTo } from './routes.ts'
import { createUpstream, type Upstream } from './upstream/upstream.ts'
import { serveWebClient, WEB_CLIENT } from './web-client.ts'

/** The gateway of the distributed profile: every service is somewhere else, in one process or several. */
export async function startRemoteGateway(
  settings: Settings,
  parent: Logger,
  profile: Pick<DistributedProfile, 'idempotency' | 'peers' | 'limits' | 'calls' | 'tokens' | 'bus'>,
  edge: Edge,
  listen: Listen,
  stops: (() => Promise<void>)[],
): Promise<string> {
  const logger = parent.child({ service: 'gateway' })
  const trustProxy = settings.TRUST_PROXY
  const metrics = createMetrics('gateway')
  const services = remoteServices(settings, profile.peers)
  const app = await createHost({
    ...edge,
    trustProxy,
    logger,
    metrics,
    ...(profile.idempotency ? { idempotency: profile.idempotency } : {}),
    service: { name: 'gateway', title: 'Gateway', description: 'All services of BigTech Chat behind one address.' },
    // Who cannot sign in may still go on talking: a gateway is of use as long as it runs.
    readiness: Object.fromEntries(
      Object.entries(servicesReady(services)).map(([service, check]) => [service, notEssential(check)]),
    ),
    document: createApiDocuments(services),
  })
  const own = createLocalOps({ name: nodeName(settings), app, metrics, readiness: {} })
  const { bus } = profile
  opsRoutes(app, { bus, dlq: createDlq({ bus }), services: { gateway: [own], ...services } })
  aboutRoute(app, {
    maxFileBytes: settings.MAX_FILE_SIZE,
    demoAccounts: demoDataWanted(settings) ? demoAccounts : [],
  })
  await serveWebClient(app, WEB_CLIENT)
  const upstreams = Object.fromEntries(
    SERVICE_ROLES.map((role) => {
      const instances = profile.peers.addresses(role).map((address) => new URL(address))
      return [role, createUpstream({ name: `${role}-service`, instances, trustProxy, logger })]
    }),
  ) as Record<ServiceRole, Upstream>
  stops.push(async () => Object.values(upstreams).forEach((upstream) => upstream.close()))
  const limits = createCallLimits({
    ...profile.limits,
    calls: profile.calls,
    tokens: profile.tokens,
    trustProxy,
    logger,
  })
  servePorts(app, routesTo(upstreams), [], limits)
  return (await listen(app, 'HOST', 'GATEWAY_PORT')).url
}
