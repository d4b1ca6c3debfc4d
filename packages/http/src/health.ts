import type { Metrics } from '@bigtech/telemetry'
import { Type } from 'typebox'
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
      response: { 200: documented('Prometheus text format', 'text/plain', { type: 'string', examples: [METRICS] }) },
    }),
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  )
}

export type CheckState = { status: 'up' | 'down'; detail?: string }

/** Each dependency's state; none takes longer than 2 s to tell. */
export async function runChecks(checks: Readonly<Record<string, ReadinessCheck>>): Promise<Record<string, CheckState>> {
  const states = Object.entries(checks).map(async ([name, check]) => [name, await run(check)] as const)
  return Object.fromEntries(await Promise.all(states))
}

async function run(check: ReadinessCheck): Promise<CheckState> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS)
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
