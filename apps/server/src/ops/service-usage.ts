import { newId } from '@bigtech/kernel'
import type { MetricSample, Metrics } from '@bigtech/telemetry'
import { Type, type Static } from 'typebox'
import { ROUTES } from '../gateway/routes.ts'

const Count = Type.Integer({ minimum: 0 })

export const processUse = {
  rss_bytes: Count,
  heap_used_bytes: Count,
  cpu_s: Type.Number({ examples: [12.3] }),
  loop_active_ms: Type.Number({ examples: [800.5] }),
  loop_idle_ms: Type.Number({ examples: [9_200.5] }),
}
export const processUseExample = {
  rss_bytes: 180_000_000,
  heap_used_bytes: 60_000_000,
  cpu_s: 12.3,
  loop_active_ms: 800.5,
  loop_idle_ms: 9_200.5,
}

export const counted = { messages_total: Count, deliveries_total: Count, connections: Count }

/** Cumulative, `null` last. */
export const Latency = Type.Array(
  Type.Object({
    le: Type.Union([Type.Number(), Type.Null()], { description: 'seconds; null: all of them', examples: [0.25] }),
    count: Count,
  }),
  { description: 'Requests of all services that took at most `le`', examples: [[{ le: null, count: 120 }]] },
)
export type Latency = Static<typeof Latency>

/** What one service did since its process started, and what that process uses: of several services in one process it is the same. */
export const ServiceUsage = Type.Object({
  process: Type.Object({ id: Type.String({ minLength: 1 }), uptime_s: Type.Number(), ...processUse }),
  ...counted,
  requests: Type.Object({ total: Count, errors: Count }),
  latency: Latency,
})
export type ServiceUsage = Static<typeof ServiceUsage>

/** Tells this process, started this once, from all others. */
export const PROCESS_ID = newId()

const COUNTED = [
  'messages_sent_total',
  'stream_deliveries',
  'stream_connections',
  'http_requests_total',
  'http_request_duration_seconds',
]

/** Of calls that a gateway counts on their way to a service, which counts them too: services are added up here. */
const ON_THE_WAY: ReadonlySet<string | undefined> = new Set(Object.keys(ROUTES).map((segment) => `/api/${segment}`))

export async function readUsage(metrics: Metrics): Promise<ServiceUsage> {
  const samples = (await metrics.samples(COUNTED)).filter(({ labels }) => !ON_THE_WAY.has(labels['path']))
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const { active, idle } = performance.eventLoopUtilization()
  return {
    process: {
      id: PROCESS_ID,
      uptime_s: process.uptime(),
      rss_bytes: rss,
      heap_used_bytes: heapUsed,
      cpu_s: (user + system) / 1e6,
      loop_active_ms: active,
      loop_idle_ms: idle,
    },
    messages_total: sum(samples, 'messages_sent_total'),
    deliveries_total: sum(samples, 'stream_deliveries'),
    connections: sum(samples, 'stream_connections'),
    requests: {
      total: sum(samples, 'http_requests_total'),
      errors: sum(samples, 'http_requests_total', ({ status }) => status?.startsWith('5') === true),
    },
    latency: addLatencies([latencyOf(samples)]),
  }
}

const sum = (
  samples: readonly MetricSample[],
  name: string,
  where: (labels: MetricSample['labels']) => boolean = () => true,
): number => samples.reduce((total, one) => (one.name === name && where(one.labels) ? total + one.value : total), 0)

const latencyOf = (samples: readonly MetricSample[]): Latency =>
  samples
    .filter(({ name }) => name === 'http_request_duration_seconds_bucket')
    .map(({ labels, value }) => ({ le: labels['le'] === '+Inf' ? null : Number(labels['le']), count: value }))

export function addLatencies(parts: readonly Latency[]): Latency {
  const counts = new Map<number, number>()
  for (const { le, count } of parts.flat()) counts.set(le ?? Infinity, (counts.get(le ?? Infinity) ?? 0) + count)
  return [...counts].toSorted(([a], [b]) => a - b).map(([le, count]) => ({ le: le === Infinity ? null : le, count }))
}
