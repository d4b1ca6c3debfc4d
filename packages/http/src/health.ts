import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Metrics } from '@bigtech/telemetry'
import { Type } from 'typebox'
import { commonErrors } from './common-errors.ts'
import { OPERATIONS_TAG } from './document-operation.ts'
import type { App } from './app.ts'
import { documented, operation } from './operation.ts'

/** Resolves when the dependency works; rejects with the reason when it does not. */
export type ReadinessCheck = () => Promise<void>

const CHECK_TIMEOUT_MS = 2_000

const CheckStateSchema = Type.Object({ status: Type.Enum(['up', 'down']), detail: Type.Optional(Type.String()) })
const METRICS = 'http_requests_total{method="GET",path="/health",status="200",service="user-service"} 1\n'
const ServiceTitle = Type.String({ examples: ['User Service'] })
const Ready = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  service: ServiceTitle,
  checks: Type.Record(Type.String(), CheckStateSchema, {
    description: 'by dependency',
    examples: [{ database: { status: 'up' }, events: { status: 'up' } }],
  }),
})

/** Liveness, readiness and metrics, outside authentication. */
export function useHealth(
  app: App,
  title: string,
  checks: Readonly<Record<string, ReadinessCheck>>,
  metrics: Metrics,
  metricsToken: string | undefined,
): void {
  app.get(
    '/health',
    operation({
      id: 'health',
      tag: OPERATIONS_TAG,
      access: 'public',
      summary: 'Liveness: the process answers',
      response: { 200: Type.Object({ status: Type.Literal('healthy'), service: ServiceTitle }) },
    }),
    () => ({ status: 'healthy' as const, service: title }),
  )
  app.get(
    '/ready',
    operation({
      id: 'ready',
      tag: OPERATIONS_TAG,
      access: 'public',
      summary: 'Readiness: the state of each dependency',
      response: { 200: Ready, 503: Ready },
    }),
    async (_request, reply) => {
      const states = await runChecks(checks)
      const ready = Object.values(states).every((state) => state.status === 'up')
      return reply.code(ready ? 200 : 503).send({
        status: ready ? ('ready' as const) : ('not_ready' as const),
        service: title,
        checks: states,
      })
    },
  )
  app.get(
    '/metrics',
    operation({
      id: 'metrics',
      tag: OPERATIONS_TAG,
      access: 'public',
      summary: 'Metrics of this service in the Prometheus text format',
      description: 'For programs on the same machine; from elsewhere with METRICS_TOKEN as a bearer token.',
      response: { 200: documented('Prometheus text format', 'text/plain', { type: 'string', examples: [METRICS] }) },
      errors: [commonErrors.METRICS_FORBIDDEN],
    }),
    async (request, reply) => {
      if (!mayReadMetrics(request.raw, metricsToken)) throw commonErrors.METRICS_FORBIDDEN()
      return reply.type(metrics.contentType).send(await metrics.text())
    },
  )
}

/** They tell how busy the place is, and where: with a token nobody but its holder, without one nobody from outside. */
function mayReadMetrics({ headers, socket }: IncomingMessage, token: string | undefined): boolean {
  if (token !== undefined) return sameText(headers.authorization ?? '', `Bearer ${token}`)
  // A proxy on this machine speaks for others.
  const forwarded = Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  return !forwarded && isLoopback(socket.remoteAddress ?? '')
}

const isLoopback = (address: string): boolean => /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address)

/** In a time that does not tell how much of it was right. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

export type CheckState = { status: 'up' | 'down'; detail?: string }

/** Each dependency's state; none takes longer to tell than `timeoutMs`, 2 s if it is not said. */
export async function runChecks(
  checks: Readonly<Record<string, ReadinessCheck>>,
  timeoutMs: number = CHECK_TIMEOUT_MS,
): Promise<Record<string, CheckState>> {
  const states = Object.entries(checks).map(async ([name, check]) => [name, await run(check, timeoutMs)] as const)
  return Object.fromEntries(await Promise.all(states))
}

async function run(check: ReadinessCheck, timeoutMs: number): Promise<CheckState> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([check(), timeout])
    return { status: 'up' }
  } catch (error) {
    return { status: 'down', detail: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
