import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { commonErrors, refuseUpgrade, type App } from '@bigtech/http'
import type { CallLimits } from './call-limits.ts'

/** First path segment below /api → the service that answers. */
export type RouteTable = Readonly<Record<string, App>>

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Takes the requests of a port, in the place of the app that listens on it. */
function serve(
  app: App,
  request: (request: IncomingMessage, response: ServerResponse, own: () => void) => void,
  upgrade: UpgradeListener,
): void {
  const [own] = app.server.listeners('request')
  app.server.removeAllListeners('request').removeAllListeners('upgrade')
  app.server.on('request', (message, response) => request(message, response, () => own!(message, response)))
  app.server.on('upgrade', upgrade)
}

const upgradesOf = (app: App): UpgradeListener | undefined =>
  app.server.listeners('upgrade')[0] as UpgradeListener | undefined

const segmentOf = (url: string, index: number): string => url.split(/[/?#]/, index + 1)[index] ?? ''

/**
 * The gateway of a single process: requests under /api go to the services' own routers with the prefix cut off, without a hop over
 * the network, after the call limits. Everything else is the gateway's own. The same limits guard the services' own ports.
 */
export function servePorts(gateway: App, table: RouteTable, limits: CallLimits): void {
  // As they are before the own ports are guarded: what comes through the gateway is counted there.
  const upgrades = new Map(Object.values(table).map((app) => [app, upgradesOf(app)]))
  const target = (url: string): App | undefined => {
    const segment = segmentOf(url, 2)
    return segmentOf(url, 1) === 'api' && Object.hasOwn(table, segment) ? table[segment] : undefined
  }
  serve(
    gateway,
    (request, response, own) => {
      const app = target(request.url ?? '')
      const rest = () => {
        if (!app) return own()
        request.url = request.url!.slice('/api'.length)
        app.routing(request, response)
      }
      // A browser's question whether it may ask is not yet the call; health and metrics are for probes.
      if (request.method === 'OPTIONS' || !request.url?.startsWith('/api/')) return rest()
      limits.request(request, response, rest)
    },
    (request, socket, head) => {
      const app = target(request.url ?? '')
      const upgrade = app && upgrades.get(app)
      // A service that has no streams would leave the socket open for ever.
      if (!upgrade) return refuseUpgrade(request, socket, commonErrors.ROUTE_NOT_FOUND())
      limits.upgrade(request, socket, () => {
        request.url = request.url!.slice('/api'.length)
        upgrade(request, socket, head)
      })
    },
  )
  for (const [app, upgrade] of upgrades)
    serve(
      app,
      (request, response, own) => {
        const counted = request.method !== 'OPTIONS' && Object.hasOwn(table, segmentOf(request.url ?? '', 1))
        if (counted) limits.request(request, response, own)
        else own()
      },
      (request, socket, head) => {
        if (!upgrade) return refuseUpgrade(request, socket, commonErrors.ROUTE_NOT_FOUND())
        limits.upgrade(request, socket, () => upgrade(request, socket, head))
      },
    )
}
