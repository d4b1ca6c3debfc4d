import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { commonErrors, refuseUpgrade, type App } from '@bigtech/http'

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** What answers the requests of a route: a service of this process, or one somewhere else (upstream/upstream.ts). */
export type Target = Readonly<{
  /** @param begun called when the head of a stream was sent, by who is somewhere else: a service of this process counts its own */
  request(request: IncomingMessage, response: ServerResponse, begun?: () => void): void
  upgrade: UpgradeListener
}>

/** A service of this process, without a hop over the network. To be made before its own port is guarded. */
export function localTarget(app: App): Target {
  const [upgrade] = app.server.listeners('upgrade') as UpgradeListener[]
  return {
    request: (request, response) => app.routing(request, response),
    // A service that has no streams would leave the socket open for ever.
    upgrade: upgrade ?? ((request, socket) => refuseUpgrade(request, socket, commonErrors.ROUTE_NOT_FOUND())),
  }
}
