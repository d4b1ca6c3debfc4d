import type { MetricSample, Metrics } from '@bigtech/telemetry'
import { Type, type Static } from 'typebox'

const Count = Type.Integer({ minimum: 0 })

export const OpsMetrics = Type.Object(
  {
    at: Type.Integer({ description: 'epoch ms', examples: [1_769_508_000_000] }),
    uptime_s: Type.Number({ examples: [3_600.5] }),
    messages_total: Count,
    deliveries_total: Count,
    connections: Count,
    requests: Type.Array(
      Type.Object({
        service: Type.String({ examples: ['chat-service'] }),
        total: Count,
        errors: Type.Integer({ description: 'answered with 5xx', minimum: 0 }),
      }),
      { examples: [[{ service: 'chat-service', total: 120, errors: 0 }]] },
    ),
    latency: Type.Array(
      Type.Object({
        le: Type.Union([Type.Number(), Type.Null()], { description: 'seconds; null: all of them', examples: [0.25] }),
        count: Count,
      }),
      { description: 'Requests of all services that took at most `le`', examples: [[{ le: null, count: 120 }]] },
    ),
    process: Type.Object(
      {
        rss_bytes: Count,
        heap_used_bytes: Count,
        cpu_s: Type.Number({ examples: [12.3] }),
        loop_active_ms: Type.Number({ examples: [800.5] }),
        loop_idle_ms: Type.Number({ examples: [9_200.5] }),
      },
      {
        examples: [
          {
            rss_bytes: 180_000_000,
            heap_used_bytes: 60_000_000,
            cpu_s: 12.3,
            loop_active_ms: 800.5,
            loop_idle_ms: 9_200.5,
          },
        ],
      },
    ),
  },
  { $id: 'OpsMetrics', description: 'Totals since the start; rates are the difference of two' },
)
export type OpsMetrics = Static<typeof OpsMetrics>

/** What the charts of the operations screen are drawn from. @param services by name */
export async function readOpsMetrics(services: Readonly<Record<string, Metrics>>, now: number): Promise<OpsMetrics> {
  const found = await Promise.all(
    Object.entries(services).map(async ([service, metrics]) => ({ service, samples: await metrics.samples() })),
  )
  const all = found.flatMap(({ samples }) => samples)
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const { active, idle } = performance.eventLoopUtilization()
  return {
    at: now,
    uptime_s: process.uptime(),
    messages_total: sum(all, 'messages_sent_total'),
    deliveries_total: sum(all, 'stream_deliveries'),
    connections: sum(all, 'stream_connections'),
    requests: found.map(({ service, samples }) => ({
      service,
      total: sum(samples, 'http_requests_total'),
      errors: sum(samples, 'http_requests_total', ({ status }) => status?.startsWith('5') === true),
    })),
    latency: latencyOf(all),
    process: {
      rss_bytes: rss,
      heap_used_bytes: heapUsed,
      cpu_s: (user + system) / 1e6,
      loop_active_ms: active,
      loop_idle_ms: idle,
    },
  }
}

const sum = (
  samples: readonly MetricSample[],
  name: string,
  where: (labels: MetricSample['labels']) => boolean = () => true,
): number => samples.reduce((total, one) => (one.name === name && where(one.labels) ? total + one.value : total), 0)

function latencyOf(samples: readonly MetricSample[]): OpsMetrics['latency'] {
  const counts = new Map<number, number>()
  for (const { name, labels, value } of samples) {
    if (name !== 'http_request_duration_seconds_bucket') continue
    const le = labels['le'] === '+Inf' ? Infinity : Number(labels['le'])
    counts.set(le, (counts.get(le) ?? 0) + value)
  }
  return [...counts].toSorted(([a], [b]) => a - b).map(([le, count]) => ({ le: le === Infinity ? null : le, count }))
}
