import { Registry, type Metric, type OpenMetricsContentType } from 'prom-client'

export type MetricDescription = Readonly<{
  name: string
  type: 'counter' | 'gauge' | 'histogram' | 'summary'
  help: string
  labels: readonly string[]
}>

/** The same metrics in a registry for each of the two text formats. */
export type Registries = Readonly<{
  plain: Registry
  openMetrics: Registry<OpenMetricsContentType>
  /** For `registers` of a metric: the registry of exemplars, which `plain` would not take. It is in both after `adopt`. */
  registers: Registry[]
  adopt<M>(this: void, metric: M): M
  list(): MetricDescription[]
  /** Without the `# EOF` of OpenMetrics: more may follow. */
  text(format: 'plain' | 'openMetrics'): Promise<string>
}>

/** What the classes of prom-client have and its types leave out. */
type Described = Metric & { name: string; help: string; type?: string; labelNames: readonly string[] }

export function createRegistries(labels: Readonly<Record<string, string>>): Registries {
  const plain = new Registry()
  const openMetrics = new Registry<OpenMetricsContentType>()
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const registry of [plain, openMetrics]) registry.setDefaultLabels(labels)
  const described = () => plain.getMetricsAsArray() as unknown as Described[]

  return {
    plain,
    openMetrics,
    registers: [openMetrics as unknown as Registry],
    adopt(metric) {
      plain.registerMetric(metric as Metric)
      return metric
    },
    list: () =>
      described().map((metric) => ({
        name: metric.name,
        help: metric.help,
        type: metric.constructor.name.toLowerCase() as MetricDescription['type'],
        labels: [...metric.labelNames, ...Object.keys(labels)],
      })),
    async text(format) {
      if (format === 'plain') return plain.metrics()
      const named = described().map((metric) => ({ metric, name: metric.name }))
      // At once, before anything is awaited, it takes `_total` off the names of counters, which are those of the other registry too.
      const text = openMetrics.metrics()
      for (const { metric, name } of named) metric.name = name
      return (await text).replace(/# EOF\n$/, '')
    },
  }
}
