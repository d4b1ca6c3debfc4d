import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { readAtScrape, type Metrics } from '@bigtech/telemetry'
import { Type, type TObject } from 'typebox'
import { commonErrors } from './common-errors.ts'
import { OPERATIONS_TAG } from './document-operation.ts'
import type { App } from './app.ts'
import { documented, operation } from './operation.ts'
import { isFromThisMachine } from './this-machine.ts'

/**
 * Resolves when the dependency works; rejects with the reason when it does not. Without one that is not `essential` the service does its main
 * work, and stays ready: if all processes were taken out of service because a cache is away, its outage would be everybody's.
 */
export type ReadinessCheck = (() => Promise<void>) & Readonly<{ essential?: false }>

/** A check of a dependency without which the service does its main work. */
export const notEssential = (check: () => Promise<void>): ReadinessCheck =>
  Object.assign(() => check(), { essential: false as const })

const CHECK_TIMEOUT_MS = 2_000
/** Of a check for `/metrics`, ms: what takes longer counts as away. */
const SCRAPE_CHECK_MS = 1_000

/** What is not essential says so. */
export const CheckStateSchema = Type.Object({
  status: Type.Enum(['up', 'down']),
  detail: Type.Optional(Type.String()),
  essential: Type.Optional(Type.Literal(false)),
})
const METRICS = 'http_requests_total{method="GET",path="/health",status="200",service="user-service"} 1\n'
const ServiceTitle = Type.String({ examples: ['User Service'] })
const Ready = Type.Object({
  status: Type.Enum(['ready', 'degraded', 'not_ready'], {
    description: '`degraded`: something is away without which the main work is done',
  }),
  service: ServiceTitle,
  checks: Type.Record(Type.String(), CheckStateSchema, {
    description: 'by dependency',
    examples: [{ database: { status: 'up' }, events: { status: 'up' } }],
  }),
})

/** What a service says of itself in `/health` beside being alive. It never throws, and waits for nobody. */
export type MoreHealth = Readonly<{ schema: TObject; state(): Promise<object> }>
const NOTHING_MORE: MoreHealth = { schema: Type.Object({}), state: async () => ({}) }

/** Liveness, readiness and metrics, outside authentication. */
export function useHealth(
  app: App,
  title: string,
  checks: Readonly<Record<string, ReadinessCheck>>,
  metrics: Metrics,
  {
    metricsToken,
    stopping,
    health = NOTHING_MORE,
  }: Readonly<{ metricsToken: string | undefined; stopping: AbortSignal | undefined; health: MoreHealth | undefined }>,
): void {
  app.get(
    '/health',
    operation({
      id: 'health',
      tag: OPERATIONS_TAG,
      access: 'public',
      summary: 'Liveness: the process answers',
      response: {
        200: Type.Object({ status: Type.Literal('healthy'), service: ServiceTitle, ...health.schema.properties }),
      },
    }),
    async () => ({ ...(await health.state()), status: 'healthy' as const, service: title }),
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
      // Requests are still answered: who sends them is to go elsewhere before they are not.
      if (stopping?.aborted) states['process'] = { status: 'down', detail: 'it is being stopped' }
      const down = Object.values(states).filter(({ status }) => status === 'down')
      const status = isReady(states) ? (down.length > 0 ? 'degraded' : 'ready') : 'not_ready'
      return reply.code(status === 'not_ready' ? 503 : 200).send({
        status,
        service: title,
        checks: states,
      })
    },
  )
  measureDependencies(metrics, checks)
  app.get(
    '/metrics',
    operation({
      id: 'metrics',
      tag: OPERATIONS_TAG,
      access: 'public',
      summary: 'Metrics of this service in the Prometheus text format',
      description:
        'For programs on the same machine; from elsewhere with METRICS_TOKEN as a bearer token. Who accepts `application/openmetrics-text` gets that, with trace ids as exemplars.',
      response: { 200: documented('Prometheus text format', 'text/plain', { type: 'string', examples: [METRICS] }) },
      errors: [commonErrors.METRICS_FORBIDDEN],
    }),
    async (request, reply) => {
      if (!mayReadMetrics(request.raw, metricsToken)) throw commonErrors.METRICS_FORBIDDEN()
      const { contentType, text } = await metrics.scrape(request.headers.accept)
      return reply.type(contentType).send(text)
    },
  )
}

/** The checks of `/ready`, seen from here: a server that runs may still not be reached by one of its users. */
function measureDependencies(metrics: Metrics, checks: Readonly<Record<string, ReadinessCheck>>): void {
  const read = readAtScrape(() => runChecks(checks, SCRAPE_CHECK_MS), { patienceMs: 2 * SCRAPE_CHECK_MS })
  metrics.gauge({
    name: 'dependency_up',
    help: '1 when what the service needs answers it, 0 when it does not',
    labelNames: ['dependency'],
    async collect(series) {
      for (const [dependency, { status }] of Object.entries((await read()) ?? {}))
        series.set({ dependency }, status === 'up' ? 1 : 0)
    },
  })
}

/** They tell how busy the place is, and where: with a token nobody but its holder, without one nobody from outside. */
function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  if (token !== undefined) return sameText(request.headers.authorization ?? '', `Bearer ${token}`)
  return isFromThisMachine(request)
}

/** In a time that does not tell how much of it was right. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

export type CheckState = { status: 'up' | 'down'; detail?: string; essential?: false }

/** All that is essential works. */
export const isReady = (states: Readonly<Record<string, CheckState>>): boolean =>
  Object.values(states).every(({ status, essential }) => status === 'up' || essential === false)

/** Each dependency's state; none takes longer to tell than `timeoutMs`, 2 s if it is not said. */
export async function runChecks(
  checks: Readonly<Record<string, ReadinessCheck>>,
  timeoutMs: number = CHECK_TIMEOUT_MS,
): Promise<Record<string, CheckState>> {
  const states = Object.entries(checks).map(async ([name, check]) => [name, await run(check, timeoutMs)] as const)
  return Object.fromEntries(await Promise.all(states))
}

async function run(check: ReadinessCheck, timeoutMs: number): Promise<CheckState> {
  const weight = check.essential === false ? { essential: false as const } : {}
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([check(), timeout])
    return { status: 'up', ...weight }
  } catch (error) {
    return { status: 'down', detail: error instanceof Error ? error.message : String(error), ...weight }
  } finally {
    clearTimeout(timer)
  }
}
