import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { createHost, type App, type ServiceModule } from '@bigtech/http'
import { createDlq } from '@bigtech/messaging'
import { storageErrors } from '@bigtech/sql'
import { createMetrics, startTracing, type Logger } from '@bigtech/telemetry'
import { demoDataWanted, type Settings } from './config.ts'
import { demoAccounts } from './demo/world.ts'
import { openDataDir } from './data-dir.ts'
import { createGateway } from './gateway/gateway.ts'
import { listen, type Listening } from './listen.ts'
import { createEmbeddedProfile } from './profiles/embedded.ts'
import { createInProcessClient } from './profiles/in-process-client.ts'

export type Server = {
  urls: { gateway: string; user: string; friend: string; chat: string }
  apps: { gateway: App; user: App; friend: App; chat: App }
  profile: Awaited<ReturnType<typeof createEmbeddedProfile>>
  close(): Promise<void>
}

type PortVariable = 'GATEWAY_PORT' | 'USER_SERVICE_PORT' | 'FRIEND_SERVICE_PORT' | 'CHAT_SERVICE_PORT'

/** Where `npm start` builds it. */
const WEB_CLIENT = join(import.meta.dirname, '../../web/dist')

/** Requests under way have this long to end once the hosts stop listening, one after the other. */
const DRAIN_MS = 2_000
/** What is cut then is gone in this time; a stream whose peer is silent may not be. */
const CUT_MS = 200

/** Of several hosts each gets what the ones before it left of the time: all of them together end in it. */
function createDrain(): (app: App, listening: Listening) => Promise<void> {
  let cutAt = 0
  return async (app, listening) => {
    cutAt ||= performance.now() + DRAIN_MS
    const left = Math.max(0, cutAt - performance.now())
    const cut = setTimeout(() => app.server.closeAllConnections(), left)
    const given = new Promise((resolve) => setTimeout(resolve, left + CUT_MS).unref())
    await Promise.all([app.close(), Promise.race([listening.stop(), given])])
    clearTimeout(cut)
  }
}

const addressOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** For others who read a link: a gateway that listens everywhere is reached at this machine's address in its network. */
function reachable(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1'
}

/** Starts everything of the embedded profile; what was started is stopped again if something fails. */
export async function startServer(
  settings: Settings,
  logger: Logger,
  options: { acceptLoss?: boolean } = {},
): Promise<Server> {
  const stops: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    const data = openDataDir(settings.DATA_DIR)
    stops.push(() => data.release())
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

    const edge = {
      tokens: profile.tokens,
      corsOrigins: settings.CORS_ORIGINS,
      trustProxy: settings.TRUST_PROXY,
      everywhere: Object.values(storageErrors),
      ...(settings.METRICS_TOKEN ? { metricsToken: settings.METRICS_TOKEN } : {}),
      ...(tracing ? { tracing: tracing.fastifyPlugin } : {}),
    }
    const { user, friend, chat } = profile
    const hostOf = async (service: typeof user | typeof friend | typeof chat): Promise<App> => {
      const module: ServiceModule = service.module
      const { logger: serviceLogger, metrics, idempotency } = service
      const app = await createHost({
        ...edge,
        service: module.service,
        logger: serviceLogger,
        metrics,
        idempotency,
        readiness: module.readiness,
      })
      await module.routes(app)
      return app
    }
    const apps = { user: await hostOf(user), friend: await hostOf(friend), chat: await hostOf(chat) }
    Object.assign(started, apps)
    const gateway = await createGateway(
      apps,
      {
        bus: profile.bus,
        dlq: createDlq({ bus: profile.bus }),
        outboxes: {
          'user-service': { outbox: user.outbox, notify: user.module.events.notify },
          'friend-service': { outbox: friend.outbox, notify: friend.module.events.notify },
          'chat-service': { outbox: chat.outbox, notify: chat.module.events.notify },
        },
        readiness: {
          'user-service': user.module.readiness,
          'friend-service': friend.module.readiness,
          'chat-service': chat.module.readiness,
        },
        storage: {
          largest: async (limit) => {
            const { total, accounts } = await chat.files.largestUsages(limit)
            return { total, accounts: [...accounts] }
          },
          allowed: { files: settings.FILES_PER_USER, bytes: settings.STORAGE_PER_USER },
        },
        reports: friend.module.reports,
        metrics: { 'user-service': user.metrics, 'friend-service': friend.metrics, 'chat-service': chat.metrics },
      },
      {
        ...edge,
        logger: logger.child({ service: 'gateway' }),
        metrics: createMetrics('gateway'),
        about: { maxFileBytes: settings.MAX_FILE_SIZE, demoAccounts: demoDataWanted(settings) ? demoAccounts : [] },
        webClient: WEB_CLIENT,
        anonymousPerMinute: settings.RATE_LIMIT_ANONYMOUS,
        calls: profile.calls,
        idempotency: profile.idempotency,
      },
    )

    // Modules first: a request must find its consumers running. Their streams say goodbye before the hosts close.
    for (const { module } of [user, friend, chat]) {
      await module.start()
      stops.push(() => module.close())
    }
    const drain = createDrain()
    const start = async (app: App, at: 'HOST' | 'SERVICE_HOST', variable: PortVariable): Promise<string> => {
      const listening = await listen(app, settings[at], settings[variable], variable)
      stops.push(() => drain(app, listening))
      if (app === gateway) gatewayPort = listening.port
      return addressOf(settings[at] === '0.0.0.0' ? '127.0.0.1' : settings[at], listening.port)
    }
    const urls = {
      user: await start(apps.user, 'SERVICE_HOST', 'USER_SERVICE_PORT'),
      friend: await start(apps.friend, 'SERVICE_HOST', 'FRIEND_SERVICE_PORT'),
      chat: await start(apps.chat, 'SERVICE_HOST', 'CHAT_SERVICE_PORT'),
      gateway: await start(gateway, 'HOST', 'GATEWAY_PORT'),
    }
    stops.push(() => chat.module.streams.close())
    return { urls, apps: { ...apps, gateway }, profile, close }
  } catch (error) {
    await close()
    throw error
  }
}
