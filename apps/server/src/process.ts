import { createInternalHost, createServiceTokenVerifier, type App, type ServiceModule } from '@bigtech/http'
import { startTracing, type Logger } from '@bigtech/telemetry'
import type { Settings } from './config.ts'
import { internalPortOf, portOf, rolesOf } from './engine-settings.ts'
import { createListen, edgeOf, hostService, type Listen } from './hosting.ts'
import { measureDisk } from './measure-disk.ts'
import { internalOpsRoutes } from './ops/internal-ops.http.ts'
import { nodeName, opsOfMade } from './ops/made-ops.ts'
import type { OwnAddresses } from './profiles/distributed/peers.ts'
import { createDistributedProfile, type DistributedProfile } from './profiles/distributed/profile.ts'
import { checkSecret } from './profiles/distributed/secret.ts'
import type { MadeService } from './profiles/profile.ts'
import { SERVICE_ROLES, type Role, type ServiceRole } from './roles.ts'
import { createStops, type Ending } from './stops.ts'

/** One process of the distributed profile, with the roles it has. */
export type Process = Readonly<{
  urls: Partial<Record<Role, string>>
  internalUrls: Partial<Record<ServiceRole, string>>
  profile: DistributedProfile
  /** `/ready` says no from now on; requests are answered until it is closed. */
  announceEnd(): void
  close(this: void): Promise<void>
  /** What it waits for while it is closed. */
  ending(this: void): Ending
}>

/** Starts what ROLES says; what was started is stopped again if something fails. */
export async function startProcess(settings: Settings, logger: Logger): Promise<Process> {
  const stops = createStops()
  const stopping = new AbortController()
  try {
    const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    const tracing = endpoint ? await startTracing({ serviceName: namesOf(settings), endpoint }) : undefined
    if (tracing) stops.add('traces', () => tracing.shutdown())
    const own: OwnAddresses = {}
    const profile = await createDistributedProfile(settings, logger, own)
    stops.add('stores and engines', () => profile.close())

    // The services' own ports are in their network: who comes there comes from a gateway, which says for whom.
    const edge = { ...edgeOf(settings, profile.tokens, stopping.signal, tracing?.fastifyPlugin), trustProxy: true }
    const made = SERVICE_ROLES.flatMap((role) => {
      const service = profile.services[role]
      return service ? [{ role, service }] : []
    })
    // One folder, one disk: told once, by the first of the services.
    if (made[0]) measureDisk(made[0].service.metrics, settings.DATA_DIR)
    const hosts = await Promise.all(
      made.map(async ({ role, service }) => {
        const app = await hostService(edge, service)
        return { role, service, app, internal: await hostInternally(settings, service, app, stopping.signal) }
      }),
    )
    if (settings.SERVICE_LIMITS) await limitCalls(hosts, profile)
    for (const { service } of hosts) {
      await profile.engines.reach(`what ${service.module.service.name} needs`, () => service.module.start())
      stops.add(service.module.service.name, () => service.module.close())
    }
    const listen = createListen(settings, stops)
    for (const host of hosts) own[host.role] = await listenTo(listen, host)
    const urls: Partial<Record<Role, string>> = Object.fromEntries(hosts.map(({ role }) => [role, own[role]!.public]))
    const internalUrls = Object.fromEntries(hosts.map(({ role }) => [role, own[role]!.internal]))
    await checkSecret(settings)
    for (const { service } of hosts) {
      const { leave, join }: ServiceModule = service.module
      if (leave) stops.add('handing partitions over', () => leave())
      await join?.()
    }
    if (profile.roles.has('gateway')) {
      const { startRemoteGateway } = await import('./gateway/remote-gateway.ts')
      urls.gateway = await startRemoteGateway(settings, logger, profile, edge, listen, stops)
    }
    const { ai, chat } = profile.services
    if (chat) stops.add('streams', () => chat.module.streams.close())
    if (ai) stops.add('recordings', () => ai.module.interrupt())
    return {
      urls,
      internalUrls,
      profile,
      announceEnd: () => stopping.abort(),
      close: stops.close,
      ending: stops.ending,
    }
  } catch (error) {
    await stops.close()
    throw error
  }
}

/** What a collector of traces knows this process by. */
const namesOf = (settings: Settings): string =>
  [...rolesOf(settings)].map((role) => (role === 'gateway' ? role : `${role}-service`)).join('+')

/** Each process counts for itself what users call, as gateways do; what strangers call is counted in Redis. */
async function limitCalls(
  hosts: readonly Readonly<{ app: App; service: MadeService }>[],
  { limits, calls, tokens }: DistributedProfile,
): Promise<void> {
  const { createCallLimits } = await import('./gateway/call-limits.ts')
  const { guardPort } = await import('./gateway/dispatch.ts')
  const { ROUTES } = await import('./gateway/routes.ts')
  for (const { app, service } of hosts) {
    const { logger, metrics } = service
    guardPort({ app, metrics }, ROUTES, createCallLimits({ ...limits, calls, tokens, trustProxy: true, logger }))
  }
}

async function hostInternally(
  settings: Settings,
  service: Parameters<typeof opsOfMade>[0],
  own: App,
  stopping: AbortSignal,
): Promise<App> {
  const { logger, metrics } = service
  const module: ServiceModule = service.module
  const { name } = module.service
  const app = await createInternalHost({
    service: name,
    tokens: createServiceTokenVerifier({ service: name, secrets: settings.SERVICE_SECRET }),
    logger,
    metrics,
    readiness: module.readiness,
    stopping,
    ...(settings.METRICS_TOKEN ? { metricsToken: settings.METRICS_TOKEN } : {}),
  })
  module.internalRoutes?.(app)
  internalOpsRoutes(app, opsOfMade(service, own, nodeName(settings), settings))
  return app
}

async function listenTo(
  listen: Listen,
  { role, app, internal }: { role: ServiceRole; app: App; internal: App },
): Promise<{ public: string; internal: string }> {
  const inside = await listen(internal, 'SERVICE_HOST', internalPortOf(role))
  const outside = await listen(app, 'SERVICE_HOST', portOf(role))
  return { public: outside.url, internal: inside.url }
}
