import { Type, type Static } from 'typebox'
import { addLatencies, counted, Latency, processUse, processUseExample, type ServiceUsage } from './service-usage.ts'

const Count = Type.Integer({ minimum: 0 })
const PROCESS = '0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a11'

export const OpsMetrics = Type.Object(
  {
    at: Type.Integer({ description: 'epoch ms', examples: [1_769_508_000_000] }),
    uptime_s: Type.Number({ description: 'Of the process that runs longest', examples: [3_600.5] }),
    ...counted,
    requests: Type.Array(
      Type.Object({
        service: Type.String({ examples: ['chat-service'] }),
        total: Count,
        errors: Type.Integer({ description: 'answered with 5xx', minimum: 0 }),
      }),
      { examples: [[{ service: 'chat-service', total: 120, errors: 0 }]] },
    ),
    latency: Latency,
    process: Type.Object(processUse, { description: 'All processes together', examples: [processUseExample] }),
    processes: Type.Array(
      Type.Object({
        id: Type.String({ description: 'Another one after each start' }),
        name: Type.String(),
        services: Type.Array(Type.String()),
        uptime_s: Type.Number(),
        ...processUse,
      }),
      {
        description:
          'Each process that answered. A difference of two totals means something only when the same ones did',
        examples: [
          [{ id: PROCESS, name: 'node-1', services: ['chat-service'], uptime_s: 3_600.5, ...processUseExample }],
        ],
      },
    ),
    away: Type.Array(Type.Object({ service: Type.String(), name: Type.String(), detail: Type.String() }), {
      description: 'Instances that did not answer; nothing of theirs is in the totals',
      examples: [[]],
    }),
  },
  { $id: 'OpsMetrics', description: 'Totals since the start; rates are the difference of two' },
)
export type OpsMetrics = Static<typeof OpsMetrics>

/** An instance of a service, and its usage or why there is none. */
export type InstanceUsage = Readonly<{ service: string; name: string }> &
  (Readonly<{ usage: ServiceUsage }> | Readonly<{ detail: string }>)

/** What the charts of the operations screen are drawn from: a process that runs several services is counted once. */
export function addUp(instances: readonly InstanceUsage[], now: number): OpsMetrics {
  const here = instances.flatMap((one) => ('usage' in one ? [one] : []))
  const away = instances.flatMap((one) => ('usage' in one ? [] : [one]))
  const processes = processesOf(here)
  const inAll = (field: keyof typeof counted) => total(here.map(({ usage }) => usage[field]))
  const used = (field: keyof typeof processUse) => total(processes.map((one) => one[field]))
  return {
    at: now,
    uptime_s: Math.max(0, ...processes.map(({ uptime_s }) => uptime_s)),
    messages_total: inAll('messages_total'),
    deliveries_total: inAll('deliveries_total'),
    connections: inAll('connections'),
    requests: [...Map.groupBy(here, ({ service }) => service)].map(([service, some]) => ({
      service,
      total: total(some.map(({ usage }) => usage.requests.total)),
      errors: total(some.map(({ usage }) => usage.requests.errors)),
    })),
    latency: addLatencies(here.map(({ usage }) => usage.latency)),
    process: {
      rss_bytes: used('rss_bytes'),
      heap_used_bytes: used('heap_used_bytes'),
      cpu_s: used('cpu_s'),
      loop_active_ms: used('loop_active_ms'),
      loop_idle_ms: used('loop_idle_ms'),
    },
    processes,
    away,
  }
}

const processesOf = (
  instances: readonly Readonly<{ service: string; name: string; usage: ServiceUsage }>[],
): OpsMetrics['processes'] =>
  [...Map.groupBy(instances, ({ usage }) => usage.process.id).values()].map((some) => ({
    ...some[0]!.usage.process,
    name: some[0]!.name,
    services: [...new Set(some.map(({ service }) => service))],
  }))

const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)
