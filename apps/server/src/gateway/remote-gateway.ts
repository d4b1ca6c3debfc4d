import { notEssential } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import { createDlq } from '@bigtech/messaging'
import { createMetrics, type Logger } from '@bigtech/telemetry'
import type { Settings } from '../config.ts'
import type { Edge, Listen } from '../hosting.ts'
import { createLocalOps } from '../ops/local-ops.ts'
import { nodeName } from '../ops/made-ops.ts'
import { remoteServices } from '../ops/remote-services.ts'
import { servicesReady } from '../ops/services-ready.ts'
import type { DistributedProfile } from '../profiles/distributed/profile.ts'
import { SERVICE_ROLES, type ServiceRole } from '../roles.ts'
import { startHttps } from '../tls/start-https.ts'
import { aboutOf } from './about.http.ts'
import { createGateway } from './gateway.ts'
import { createUpstream, type Upstream } from './upstream/upstream.ts'
import type { Stops } from '../stops.ts'

/** Ten minutes of speech are listened to for five and more, after those that were sent before (infrastructure/docker has the same). */
const HEARING_MS = 900_000

/** The gateway of the distributed profile: every service is somewhere else, in one process or several. */
export async function startRemoteGateway(
  settings: Settings,
  parent: Logger,
  profile: Pick<DistributedProfile, 'idempotency' | 'peers' | 'limits' | 'calls' | 'tokens' | 'bus'>,
  edge: Edge,
  listen: Listen,
  stops: Pick<Stops, 'add'>,
): Promise<string> {
  const logger = parent.child({ service: 'gateway' })
  const trustProxy = settings.TRUST_PROXY
  const metrics = createMetrics('gateway')
  const { bus, peers, idempotency, limits, calls } = profile
  const services = remoteServices(settings, peers)
  const targets = Object.fromEntries(
    SERVICE_ROLES.map((role) => {
      const instances = peers.addresses(role).map((address) => new URL(address))
      const patience = role === 'ai' ? { answerMs: HEARING_MS } : {}
      return [role, createUpstream({ name: `${role}-service`, instances, trustProxy, logger, ...patience })]
    }),
  ) as Record<ServiceRole, Upstream>
  stops.add('connections to services', async () => Object.values(targets).forEach((upstream) => upstream.close()))
  const app = await createGateway(
    {
      targets,
      guarded: [],
      counts: 'all',
      services,
      // Who cannot sign in may still go on talking: a gateway is of use as long as it runs.
      readiness: Object.fromEntries(
        Object.entries(servicesReady(services)).map(([service, check]) => [service, notEssential(check)]),
      ),
      ops(own) {
        const gateway = createLocalOps({ name: nodeName(settings), app: own, metrics, readiness: {} })
        return { bus, dlq: createDlq({ bus }), services: { gateway: [gateway], ...services } }
      },
    },
    { ...edge, trustProxy, logger, metrics, about: aboutOf(settings), limits, calls, idempotency },
  )
  const { url } = await listen(app, 'HOST', 'GATEWAY_PORT')
  await startHttps(app, settings, { clock: systemClock, logger, metrics }, stops)
  return url
}
