import type { Metrics } from '@bigtech/telemetry'
import { Type } from 'typebox'
import type { App } from './host.ts'
import { operation } from './operation.ts'

/** Resolves when the dependency works; rejects with the reason when it does not. */
export type ReadinessCheck = () => Promise<void>

const CHECK_TIMEOUT_MS = 2_000

const CheckState = Type.Object({ status: Type.String(), detail: Type.Optional(Type.String()) })
const Ready = Type.Object({
  status: Type.String(),
  service: Type.String(),
  checks: Type.Record(Type.String(), CheckState),
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
      tag: 'operations',
      access: 'public',
      summary: 'Liveness: the process answers',
      response: { 200: Type.Object({ status: Type.String(), service: Type.String() }) },
    }),
    () => ({ status: 'healthy', service: title }),
  )
  app.get(
    '/ready',
    operation({
      id: 'ready',
      tag: 'operations',
      access: 'public',
      summary: 'Readiness: the state of each dependency',
      response: { 200: Ready, 503: Ready },
    }),
    async (_request, reply) => {
      const states = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, await run(check)] as const),
      )
      const ready = states.every(([, state]) => state.status === 'up')
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? 'ready' : 'not_ready', service: title, checks: Object.fromEntries(states) })
    },
  )
  app.get('/metrics', { schema: { hide: true }, config: { access: 'public' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
}

async function run(check: ReadinessCheck): Promise<{ status: string; detail?: string }> {
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
