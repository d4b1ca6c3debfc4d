import { createHost, type App, type HostOptions } from '@bigtech/http'
import { storageErrors } from '@bigtech/sql'
import { addressOf, besideIt } from './addresses.ts'
import type { Settings } from './config.ts'
import { listen, type Listening } from './listen.ts'
import type { MadeService } from './profiles/profile.ts'
import { hasTls } from './tls/tls-settings.ts'
import type { Stops } from './stops.ts'

/** What the hosts of a process have in common. */
export type Edge = Pick<
  HostOptions,
  'tokens' | 'corsOrigins' | 'trustProxy' | 'overTls' | 'everywhere' | 'metricsToken' | 'tracing' | 'stopping'
>

export const edgeOf = (
  settings: Settings,
  tokens: Edge['tokens'],
  stopping: AbortSignal,
  tracing?: HostOptions['tracing'],
): Edge => ({
  tokens,
  stopping,
  corsOrigins: settings.CORS_ORIGINS,
  trustProxy: settings.TRUST_PROXY,
  overTls: settings.TRUST_PROXY || hasTls(settings),
  everywhere: Object.values(storageErrors),
  ...(settings.METRICS_TOKEN ? { metricsToken: settings.METRICS_TOKEN } : {}),
  ...(tracing ? { tracing } : {}),
})

/** A service on a host of its own, with its routes. */
export async function hostService(edge: Edge, made: MadeService): Promise<App> {
  const { module, logger, metrics, idempotency } = made
  const app = await createHost({
    ...edge,
    service: module.service,
    logger,
    metrics,
    idempotency,
    readiness: module.readiness,
    ...(module.health ? { health: module.health } : {}),
  })
  await module.routes(app)
  return app
}

/** Requests under way have this long to end once the hosts stop listening, one after the other. */
const DRAIN_MS = 2_000
/** What is cut then is gone in this time; a stream whose peer is silent may not be. */
const CUT_MS = 200
/** A connection that was busy when its host stopped to listen is kept for another request by Node, which none may be any more. */
const IDLE_EVERY_MS = 25

/** Of several hosts each gets what the ones before it left of the time: all of them together end in it. */
function createDrain(limitMs: number): (app: App, listening: Listening) => Promise<void> {
  let cutAt = 0
  return async (app, listening) => {
    cutAt ||= performance.now() + limitMs
    const left = Math.max(0, cutAt - performance.now())
    const cut = setTimeout(() => app.server.closeAllConnections(), left)
    const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_EVERY_MS)
    const given = new Promise((resolve) => setTimeout(resolve, left + CUT_MS).unref())
    try {
      await Promise.all([app.close(), Promise.race([listening.stop(), given])])
    } finally {
      clearInterval(idle)
      clearTimeout(cut)
    }
  }
}

type PortVariable = Exclude<Extract<keyof Settings, `${string}_PORT`>, 'HTTP_PORT' | 'HTTPS_PORT'>

/** Listens, and drains in the end; gives the address under which this machine reaches it. */
export type Listen = (app: App, at: 'HOST' | 'SERVICE_HOST', variable: PortVariable) => Promise<Listened>
export type Listened = Readonly<{ port: number; url: string }>

/** @param stops gets what ends it */
export function createListen(
  settings: Pick<Settings, Parameters<Listen>[1] | PortVariable>,
  stops: Pick<Stops, 'add'>,
  drainMs = DRAIN_MS,
): Listen {
  const drain = createDrain(drainMs)
  return async (app, at, variable) => {
    const listening = await listen(app, settings[at], settings[variable], variable)
    stops.add(`requests at ${variable}`, () => drain(app, listening))
    return { port: listening.port, url: addressOf(besideIt(settings[at]), listening.port) }
  }
}
