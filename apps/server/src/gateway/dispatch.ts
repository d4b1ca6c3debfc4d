import type { IncomingMessage, ServerResponse } from 'node:http'
import { commonErrors, refuseUpgrade, type App } from '@bigtech/http'
import { startRequestSpan, type HttpMetrics } from '@bigtech/telemetry'
import type { CallLimits } from './call-limits.ts'
import { followCall } from './follow-call.ts'
import { localTarget, type Target, type UpgradeListener } from './target.ts'

/** First path segment below /api → the service that answers. */
export type RouteTable = Readonly<Record<string, Target>>

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

const segmentOf = (url: string, index: number): string => url.split(/[/?#]/, index + 1)[index] ?? ''

/** The first segment as routers read it: `%61pi` is `api`. */
function decodedSegmentOf(url: string): string {
  const segment = segmentOf(url, 1)
  try {
    return decodeURIComponent(segment)
  } catch {
    // No router takes it.
    return segment
  }
}

/** The gateway's own part of a trace; the service's hangs on it. The first segment is of the table: names stay few. */
function traceThrough(request: IncomingMessage, response: ServerResponse): void {
  const { traceparent } = request.headers
  const name = `gateway ${request.method} /api/${segmentOf(request.url!, 2)}`
  const span = startRequestSpan(typeof traceparent === 'string' ? traceparent : undefined, name)
  if (!span) return
  request.headers['traceparent'] = span.traceparent
  response.once('close', () => span.end(response.statusCode))
}

/**
 * What a port counts of the calls that its host does not see. `refused`: those that the gateway answers itself; the others come to a host of
 * this process. `all`: those of services somewhere else as well.
 */
export type Counting = Readonly<{ http: HttpMetrics; calls: 'refused' | 'all' }>

/** Requests under /api go to the services with the prefix cut off, after the call limits. Everything else is the gateway's own. */
export function serveGateway(gateway: App, table: RouteTable, limits: CallLimits, { http, calls }: Counting): void {
  const find = (url: string): Target | undefined => {
    const segment = segmentOf(url, 2)
    return segmentOf(url, 1) === 'api' && Object.hasOwn(table, segment) ? table[segment] : undefined
  }
  serve(
    gateway,
    (request, response, own) => {
      const target = find(request.url ?? '')
      const path = target ? `/api/${segmentOf(request.url!, 2)}` : 'unknown'
      const call = followCall(http, request, response, path)
      const rest = () => {
        if (target) {
          traceThrough(request, response)
          request.url = request.url!.slice('/api'.length)
          target.request(request, response, call.begun)
        } else own()
        if (!target || calls === 'refused') call.leave()
      }
      // A browser's question whether it may ask is not yet the call; health and metrics are for probes.
      if (request.method === 'OPTIONS' || decodedSegmentOf(request.url ?? '') !== 'api') return rest()
      limits.request(request, response, rest)
    },
    (request, socket, head) => {
      const target = find(request.url ?? '')
      if (!target) return refuseUpgrade(request, socket, commonErrors.ROUTE_NOT_FOUND())
      limits.upgrade(request, socket, () => {
        request.url = request.url!.slice('/api'.length)
        target.upgrade(request, socket, head)
      })
    },
  )
}

/** A service's own port. */
export type GuardedPort = Readonly<{ app: App; metrics: Readonly<{ http: HttpMetrics }> }>

/**
 * The gateway's call limits before a service's own port. What they refuse is counted as the service's.
 * @param segments the first segments of the paths that are limited
 */
export function guardPort(
  { app, metrics }: GuardedPort,
  segments: Readonly<Record<string, unknown>>,
  limits: CallLimits,
): void {
  const { upgrade } = localTarget(app)
  serve(
    app,
    (request, response, own) => {
      const segment = decodedSegmentOf(request.url ?? '')
      if (request.method === 'OPTIONS' || !Object.hasOwn(segments, segment)) return own()
      const call = followCall(metrics.http, request, response, `/${segment}`)
      limits.request(request, response, () => {
        own()
        call.leave()
      })
    },
    (request, socket, head) => limits.upgrade(request, socket, () => upgrade(request, socket, head)),
  )
}
