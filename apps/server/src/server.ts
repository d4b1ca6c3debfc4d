import type { App } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import { createDlq } from '@bigtech/messaging'
import { createMetrics, startTracing, type Logger, type Metrics } from '@bigtech/telemetry'
import type { Settings } from './config.ts'
import { portOf } from './engine-settings.ts'
import { openDataDir } from './data-dir.ts'
import { aboutOf } from './gateway/about.http.ts'
import { createGateway } from './gateway/gateway.ts'
import { localTarget } from './gateway/target.ts'
import { addressOf, reachable } from './addresses.ts'
import { createListen, edgeOf, hostService } from './hosting.ts'
import { measureDisk } from './measure-disk.ts'
import { nodeName, opsOfMade } from './ops/made-ops.ts'
import { servicesReady } from './ops/services-ready.ts'
import { createEmbeddedProfile, type EmbeddedProfile } from './profiles/embedded/profile.ts'
import { createInProcessClient } from './profiles/in-process-client.ts'
import { startHttps, type Https } from './tls/start-https.ts'
import { perService, SERVICE_ROLES, type PerService, type Role, type ServiceRole } from './roles.ts'
import { createStops, type Ending } from './stops.ts'

export type Server = {
  urls: Readonly<Record<Role, string>>
  https: Https
  apps: Readonly<Record<Role, App>>
  metrics: Readonly<Record<Role, Metrics>>
  profile: EmbeddedProfile
  /** `/ready` says no from now on; requests are answered until it is closed. */
  announceEnd(): void
  close(this: void): Promise<void>
  /** What it waits for while it is closed. */
  ending(this: void): Ending
}

/** Starts everything of the embedded profile; what was started is stopped again if something fails. */
export async function startServer(
  settings: Settings,
  logger: Logger,
  options: { acceptLoss?: boolean } = {},
): Promise<Server> {
  const stops = createStops()
  const stopping = new AbortController()
  try {
    const data = openDataDir(settings.DATA_DIR)
    stops.add('the data folder', async () => data.release())
    const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    const tracing = endpoint ? await startTracing({ serviceName: 'bigtech-chat', endpoint }) : undefined
    if (tracing) stops.add('traces', () => tracing.shutdown())

    const started: { user?: App; friend?: App; chat?: App } = {}
    let gatewayPort = settings.GATEWAY_PORT
    let https: Https | undefined
    const profile = await createEmbeddedProfile(
      settings,
      data,
      logger,
      {
        user: createInProcessClient(() => started.user!),
        friend: createInProcessClient(() => started.friend!),
        chat: createInProcessClient(() => started.chat!),
      },
      () => settings.PUBLIC_URL ?? https?.url() ?? addressOf(reachable(settings.HOST), gatewayPort),
      options,
    )
    stops.add('stores and the event log', () => profile.close())

    const edge = edgeOf(settings, profile.tokens, stopping.signal, tracing?.fastifyPlugin)
    const made = profile.services
    const hosted: Partial<Record<ServiceRole, App>> = {}
    for (const role of SERVICE_ROLES) hosted[role] = await hostService(edge, made[role])
    const apps = hosted as PerService<App>
    Object.assign(started, apps)
    const node = nodeName(settings)
    const services = Object.fromEntries(
      SERVICE_ROLES.map((role) => [`${role}-service`, [opsOfMade(made[role], apps[role], node, settings)]]),
    )
    const { bus, limits, calls, idempotency } = profile
    const gatewayLogger = logger.child({ service: 'gateway' })
    const metrics = createMetrics('gateway')
    // One folder, one disk: told once, by the part that is there once.
    measureDisk(metrics, settings.DATA_DIR)
    const gateway = await createGateway(
      {
        targets: perService((role) => localTarget(apps[role])),
        guarded: SERVICE_ROLES.map((role) => ({ app: apps[role], metrics: made[role].metrics })),
        counts: 'refused',
        services,
        readiness: servicesReady(services),
        ops: () => ({ bus, dlq: createDlq({ bus }), services }),
      },
      {
        ...edge,
        logger: gatewayLogger,
        metrics,
        about: aboutOf(settings),
        limits,
        calls,
        idempotency,
      },
    )

    // Modules first: a request must find its consumers running. Their streams say goodbye before the hosts close.
    // All but the first end together: each waits for what it has in hand, and asks the others nothing.
    await made.user.module.start()
    stops.add(made.user.module.service.name, () => made.user.module.close())
    const others = stops.together()
    for (const { module } of SERVICE_ROLES.filter((role) => role !== 'user').map((role) => made[role])) {
      await module.start()
      others.add(module.service.name, () => module.close())
    }
    const start = createListen(settings, stops)
    const startGateway = async () => {
      const { port, url } = await start(gateway, 'HOST', 'GATEWAY_PORT')
      gatewayPort = port
      return url
    }
    const own: Partial<Record<ServiceRole, string>> = {}
    for (const role of SERVICE_ROLES) own[role] = (await start(apps[role], 'SERVICE_HOST', portOf(role))).url
    const urls = { ...(own as PerService<string>), gateway: await startGateway() }
    https = await startHttps(gateway, settings, { clock: systemClock, logger: gatewayLogger, metrics }, stops)
    stops.add('streams', () => made.chat.module.streams.close())
    stops.add('recordings', () => made.ai.module.interrupt())
    const measured = { ...perService((role) => made[role].metrics), gateway: metrics }
    const apart = { urls, https, apps: { ...apps, gateway }, metrics: measured }
    return { ...apart, profile, announceEnd: () => stopping.abort(), close: stops.close, ending: stops.ending }
  } catch (error) {
    await stops.close()
    throw error
  }
}
