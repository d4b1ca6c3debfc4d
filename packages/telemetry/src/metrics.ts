import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export type { Counter, Gauge, Histogram } from 'prom-client'

type Options<L extends string> = {
  name: string
  help: string
  labelNames?: readonly L[]
}

/** The metrics of one service. Each series carries `service`. A second request for a name returns the same metric. */
export type Metrics = {
  counter<L extends string = never>(options: Options<L>): Counter<L>
  /** @param options.collect called at each scrape, to set a value that is read rather than followed */
  gauge<L extends string = never>(
    options: Options<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L>
  /** @param options.buckets upper bounds, in the unit of the name (seconds by default: 5 ms to 5 s) */
  histogram<L extends string = never>(options: Options<L> & { buckets?: readonly number[] }): Histogram<L>
  http: HttpMetrics
  /** The service's own values of now: a histogram as its `_bucket`, `_sum` and `_count`. */
  samples(): Promise<MetricSample[]>
  /** What `GET /metrics` answers: this service's metrics, then the process's (CPU, memory, event loop, GC). */
  text(): Promise<string>
  readonly contentType: string
}

export type MetricSample = Readonly<{ name: string; labels: Readonly<Record<string, string>>; value: number }>

/** @param request.path the route pattern (`/chat-rooms/:id`), never the URL: a label per id would grow without bound */
export type HttpMetrics = {
  observe(request: { method: string; path: string; status: number; seconds: number }): void
}

/** Seconds. 0.25 is the objective (p95 ≤ 250 ms). */
export const LATENCY_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(serviceName: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service: serviceName })
  const existing = (name: string): unknown => registry.getSingleMetric(name)
  const base = <L extends string>({ name, help, labelNames = [] }: Options<L>) => ({
    name,
    help,
    labelNames,
    registers: [registry],
  })
  const metrics: Omit<Metrics, 'http'> = {
    counter: <L extends string>(options: Options<L>) =>
      (existing(options.name) as Counter<L> | undefined) ?? new Counter<L>(base(options)),
    gauge<L extends string>(options: Options<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> }) {
      const known = existing(options.name) as Gauge<L> | undefined
      if (known) return known
      const { collect } = options
      if (!collect) return new Gauge<L>(base(options))
      const gauge: Gauge<L> = new Gauge<L>({ ...base(options), collect: () => collect(gauge) })
      return gauge
    },
    histogram: <L extends string>(options: Options<L> & { buckets?: readonly number[] }) =>
      (existing(options.name) as Histogram<L> | undefined) ??
      new Histogram<L>({ ...base(options), buckets: [...(options.buckets ?? LATENCY_BUCKETS)] }),
    samples: async () =>
      (await registry.getMetricsAsJSON()).flatMap(({ name, values }) =>
        values.map((one) => ({
          name: 'metricName' in one && typeof one.metricName === 'string' ? one.metricName : name,
          labels: Object.fromEntries(Object.entries(one.labels).map(([label, value]) => [label, String(value)])),
          value: one.value,
        })),
      ),
    text: async () => (await registry.metrics()) + (await processRegistry().metrics()),
    contentType: registry.contentType,
  }
  return { ...metrics, http: httpMetrics(metrics) }
}

function httpMetrics(metrics: Pick<Metrics, 'counter' | 'histogram'>): HttpMetrics {
  const total = metrics.counter({
    name: 'http_requests_total',
    help: 'HTTP requests answered',
    labelNames: ['method', 'path', 'status'],
  })
  const duration = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'path', 'status'],
  })
  return {
    observe({ method, path, status, seconds }) {
      const labels = { method, path, status: String(status) }
      total.inc(labels)
      duration.observe(labels, seconds)
    },
  }
}

let shared: Registry | undefined

/** The process is measured once, however many services it runs. */
function processRegistry(): Registry {
  if (!shared) {
    shared = new Registry()
    collectDefaultMetrics({ register: shared })
  }
  return shared
}
