import { collectDefaultMetrics, Counter, Gauge, Histogram } from 'prom-client'
import { createRegistries, type MetricDescription, type Registries } from './registries.ts'

export type { MetricDescription } from './registries.ts'
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
  /**
   * @param options.buckets upper bounds, in the unit of the name (seconds by default: 5 ms to 5 s)
   * @param options.exemplars observations may name what they are an example of
   */
  histogram<L extends string = never>(
    options: Options<L> & { buckets?: readonly number[]; exemplars?: true },
  ): Histogram<L>
  http: HttpMetrics
  /**
   * The service's own values of now: a histogram as its `_bucket`, `_sum` and `_count`.
   * @param names of metrics; those that ask an engine at each look are left alone when they are not named
   */
  samples(names?: readonly string[]): Promise<MetricSample[]>
  /** What there is, whether it has values yet or not; the process's own (CPU, memory, event loop, GC) included. */
  list(): MetricDescription[]
  /**
   * What `GET /metrics` answers: this service's metrics, then the process's.
   * @param accept of the request: who takes OpenMetrics gets it, with a trace id beside some observations (exemplars); others get the
   *   text format of Prometheus, which has no place for them
   */
  scrape(accept?: string): Promise<Readonly<{ contentType: string; text: string }>>
  /** As `scrape` for who says nothing. */
  text(): Promise<string>
}

export type MetricSample = Readonly<{ name: string; labels: Readonly<Record<string, string>>; value: number }>

/**
 * @param request.path the route pattern (`/chat-rooms/:id`), never the URL: a label per id would grow without bound
 * @param request.traceId becomes the exemplar of the bucket: the newest request that took so long
 */
export type HttpMetrics = {
  observe(request: { method: string; path: string; status: number; seconds: number; traceId?: string }): void
}

/** Node takes some thirty methods, from anybody; those that no route has are one series. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Seconds. 0.25 is the objective (p95 ≤ 250 ms). */
export const LATENCY_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(serviceName: string): Metrics {
  const registries = createRegistries({ service: serviceName })
  const { plain, adopt } = registries
  const existing = (name: string): unknown => plain.getSingleMetric(name)
  const base = <L extends string>({ name, help, labelNames = [] }: Options<L>) => ({
    name,
    help,
    labelNames,
    registers: registries.registers,
  })
  const metrics: Omit<Metrics, 'http' | 'text'> = {
    counter: <L extends string>(options: Options<L>) =>
      (existing(options.name) as Counter<L> | undefined) ?? adopt(new Counter<L>(base(options))),
    gauge<L extends string>(options: Options<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> }) {
      const known = existing(options.name) as Gauge<L> | undefined
      if (known) return known
      const { collect } = options
      if (!collect) return adopt(new Gauge<L>(base(options)))
      const gauge: Gauge<L> = new Gauge<L>({ ...base(options), collect: () => collect(gauge) })
      return adopt(gauge)
    },
    histogram: <L extends string>(options: Options<L> & { buckets?: readonly number[]; exemplars?: true }) =>
      (existing(options.name) as Histogram<L> | undefined) ??
      adopt(
        new Histogram<L>({
          ...base(options),
          buckets: [...(options.buckets ?? LATENCY_BUCKETS)],
          ...(options.exemplars ? { enableExemplars: true } : {}),
        }),
      ),
    async samples(names) {
      const chosen = names?.flatMap((name) => plain.getSingleMetric(name) ?? []) ?? plain.getMetricsAsArray()
      const read = await Promise.all(chosen.map((metric) => (metric as unknown as Read).get()))
      return read.flatMap(({ name, values }) =>
        values.map((one) => ({
          name: one.metricName ?? name,
          labels: Object.fromEntries(
            [...Object.entries(one.labels), ['service', serviceName] as const].map(([label, value]) => [
              label,
              String(value),
            ]),
          ),
          value: one.value,
        })),
      )
    },
    list: () => [...registries.list(), ...processRegistries().list()],
    async scrape(accept) {
      const format = accept?.includes('application/openmetrics-text') ? 'openMetrics' : 'plain'
      const parts = await Promise.all([registries.text(format), processRegistries().text(format)])
      return {
        contentType: registries[format].contentType,
        text: parts.join('') + (format === 'plain' ? '' : '# EOF\n'),
      }
    },
  }
  return { ...metrics, text: async () => (await metrics.scrape()).text, http: httpMetrics(metrics) }
}

/** What each metric of prom-client answers, whatever its kind. */
type Read = {
  get(): Promise<{
    name: string
    values: readonly { metricName?: string; labels: Readonly<Record<string, string | number>>; value: number }[]
  }>
}

/** Labels of an exemplar are its own; the types of prom-client know those of the metric only. */
const exemplarOf = (traceId: string | undefined): object => (traceId === undefined ? {} : { trace_id: traceId })

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
    exemplars: true,
  })
  return {
    observe({ method, path, status, seconds, traceId }) {
      const labels = { method: METHODS.has(method) ? method : 'other', path, status: String(status) }
      total.inc(labels)
      duration.observe({
        labels,
        value: seconds,
        exemplarLabels: exemplarOf(traceId),
      })
    },
  }
}

let shared: Registries | undefined

/** The process is measured once, however many services it runs. */
function processRegistries(): Registries {
  if (!shared) {
    shared = createRegistries({})
    const { openMetrics, registers, adopt } = shared
    collectDefaultMetrics({ register: registers[0]! })
    openMetrics.getMetricsAsArray().forEach(adopt)
  }
  return shared
}
