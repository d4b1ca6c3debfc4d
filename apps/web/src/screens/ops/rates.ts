import type { OpsMetrics, ProcessUse } from '@bigtech/client'

/** One moment of the charts: rates per second since the moment before, latencies in ms, memory in MB, shares in percent. */
export type Point = {
  at: number
  messages: number
  deliveries: number
  requests: number
  errors: number
  p50: number | null
  p95: number | null
  p99: number | null
  connections: number
  rss: number
  heap: number
  cpu: number
  loop: number
}

const MB = 1024 * 1024

/** Whether the same processes told both: each counts from its own start, and what one did that was away meanwhile is in no difference. */
export function areComparable(before: OpsMetrics, now: OpsMetrics): boolean {
  const known = new Set(before.processes.map(({ id }) => id))
  return known.size === now.processes.length && now.processes.every(({ id }) => known.has(id))
}

/** How much of the time the event loop worked, in percent: between two moments, or since the start. */
export function loopShare(before: ProcessUse | undefined, now: ProcessUse): number {
  const active = now.loop_active_ms - (before?.loop_active_ms ?? 0)
  const idle = now.loop_idle_ms - (before?.loop_idle_ms ?? 0)
  return active + idle > 0 ? (active / (active + idle)) * 100 : 0
}

export function pointOf(before: OpsMetrics, now: OpsMetrics): Point {
  const seconds = Math.max(0.001, (now.at - before.at) / 1_000)
  const all = (metrics: OpsMetrics, pick: 'total' | 'errors') =>
    metrics.requests.reduce((sum, one) => sum + one[pick], 0)
  const rate = (a: number, b: number) => Math.max(0, b - a) / seconds
  const [from, to] = [before.process, now.process]
  const quantile = (share: number) => quantileOf(before.latency, now.latency, share)
  return {
    at: now.at,
    messages: rate(before.messages_total, now.messages_total),
    deliveries: rate(before.deliveries_total, now.deliveries_total),
    requests: rate(all(before, 'total'), all(now, 'total')),
    errors: rate(all(before, 'errors'), all(now, 'errors')),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    connections: now.connections,
    rss: to.rss_bytes / MB,
    heap: to.heap_used_bytes / MB,
    cpu: rate(from.cpu_s, to.cpu_s) * 100,
    loop: loopShare(from, to),
  }
}

/**
 * The latency (ms) that a share of the requests between two moments stayed below: linear within its bucket, as Prometheus'
 * histogram_quantile does. null when there were none.
 */
export function quantileOf(before: OpsMetrics['latency'], now: OpsMetrics['latency'], share: number): number | null {
  const known = new Map(before.map(({ le, count }) => [le, count]))
  const counts = now.map(({ le, count }) => ({ le, count: count - (known.get(le) ?? 0) }))
  const total = counts.at(-1)?.count ?? 0
  if (total <= 0) return null
  const wanted = total * share
  let [lower, below] = [0, 0]
  for (const { le, count } of counts) {
    if (count >= wanted)
      return (le === null ? lower : lower + ((le - lower) * (wanted - below)) / Math.max(1, count - below)) * 1_000
    if (le !== null) [lower, below] = [le, count]
  }
  return lower * 1_000
}
