import type { App } from '@bigtech/http'
import { createDlq } from '@bigtech/messaging'
import { createMetrics, startTracing, type Logger } from '@bigtech/telemetry'
import type { Settings } from './config.ts'
import { openDataDir } from './data-dir.ts'
import { aboutOf } from './gateway/about.http.ts'
import { createGateway } from './gateway/gateway.ts'
import { localTarget } from './gateway/target.ts'
import { addressOf, createListen, edgeOf, hostService, reachable } from './hosting.ts'
import { nodeName, opsOfMade } from './ops/made-ops.ts'
import { servicesReady } from './ops/services-ready.ts'
import { createEmbeddedProfile, type EmbeddedProfile } from './profiles/embedded.ts'
import { createInProcessClient } from './profiles/in-process-client.ts'
import type { Role } from './roles.ts'

export type Server = {
  urls: Readonly<Record<Role, string>>
  apps: Readonly<Record<Role, App>>
  profile: EmbeddedProfile
  /** `/ready` says no from now on; requests are answered until it is closed. */
  announceEnd(): void
  close(): Promise<void>
}

/** Starts everything of the embedded profile; what was started is stopped again if something fails. */
export async function startServer(
  settings: Settings,
  logger: Logger,
  options: { acceptLoss?: boolean } = {},
): Promise<Server> {
  const stops: (() => Promise<void>)[] = []
  const stopping = new AbortController()
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    const data = openDataDir(settings.DATA_DIR)
    stops.push(async () => data.release())
    const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    const tracing = endpoint ? await startTracing({ serviceName: 'bigtech-chat', endpoint }) : undefined
    if (tracing) stops.push(() => tracing.shutdown())

    const started: { user?: App; chat?: App } = {}
    let gatewayPort = settings.GATEWAY_PORT
    const profile = await createEmbeddedProfile(
      settings,
      data,
      logger,
      { user: createInProcessClient(() => started.user!), chat: createInProcessClient(() => started.chat!) },
      () => settings.PUBLIC_URL ?? addressOf(reachable(settings.HOST), gatewayPort),
      options,
    )
    stops.push(() => profile.close())

    const edge = edgeOf(settings, profile.tokens, stopping.signal, tracing?.fastifyPlugin)
    const { user, friend, chat, analytics } = profile.services
    const apps = {
      user: await hostService(edge, user),
      friend: await hostService(edge, friend),
      chat: await hostService(edge, chat),
      analytics: await hostService(edge, analytics),
    }
    Object.assign(started, apps)
    const node = nodeName(settings)
    const services = {
      'user-service': [opsOfMade(user, apps.user, node, settings)],
      'friend-service': [opsOfMade(friend, apps.friend, node, settings)],
      'chat-service': [opsOfMade(chat, apps.chat, node, settings)],
      'analytics-service': [opsOfMade(analytics, apps.analytics, node, settings)],
    }
    const { bus, limits, calls, idempotency } = profile
    const gateway = await createGateway(
      {
        targets: {
          user: localTarget(apps.user),
          friend: localTarget(apps.friend),
          chat: localTarget(apps.chat),
          analytics: localTarget(apps.analytics),
        },
        guarded: [apps.user, apps.friend, apps.chat, apps.analytics],
        services,
        readiness: servicesReady(services),
        ops: () => ({ bus, dlq: createDlq({ bus }), services }),
      },
      {
        ...edge,
        logger: logger.child({ service: 'gateway' }),
        metrics: createMetrics('gateway'),
        about: aboutOf(settings),
        limits,
        calls,
        idempotency,
      },
    )

    // Modules first: a request must find its consumers running. Their streams say goodbye before the hosts close.
    for (const { module } of [user, friend, chat, analytics]) {
      await module.start()
      stops.push(() => module.close())
    }
    const start = createListen(settings, stops)
    const startGateway = async () => {
      const { port, url } = await start(gateway, 'HOST', 'GATEWAY_PORT')
      gatewayPort = port
      return url
    }
    const urls = {
      user: (await start(apps.user, 'SERVICE_HOST', 'USER_SERVICE_PORT')).url,
      friend: (await start(apps.friend, 'SERVICE_HOST', 'FRIEND_SERVICE_PORT')).url,
      chat: (await start(apps.chat, 'SERVICE_HOST', 'CHAT_SERVICE_PORT')).url,
      analytics: (await start(apps.analytics, 'SERVICE_HOST', 'ANALYTICS_SERVICE_PORT')).url,
      gateway: await startGateway(),
    }
    stops.push(() => chat.module.streams.close())
    return { urls, apps: { ...apps, gateway }, profile, announceEnd: () => stopping.abort(), close }
  } catch (error) {
    await close()
    throw error
  }
}
