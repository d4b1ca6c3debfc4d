/** Seconds and bytes are shown in the unit that fits; `short` is a number. */
export type Unit = 'reqps' | 's' | 'percentunit' | 'short' | 'bytes' | 'ops'

export type Query = Readonly<{
  /** PromQL; `$__rate_interval` is Grafana's: at least four scrapes. */
  expr: string
  legend: string
}>

export type Panel = Readonly<{
  /** Korean, then English. */
  title: string
  kind: 'timeseries' | 'stat'
  unit: Unit
  queries: readonly Query[]
  /** Shows the traces of slow requests as points. */
  exemplars?: true
  /** Has values in the `distributed` profile alone. */
  only?: 'distributed'
}>

export type Dashboard = Readonly<{ uid: string; title: string; panels: readonly Panel[] }>

type More = Pick<Panel, 'exemplars' | 'only'>

export const graph = (
  title: string,
  unit: Unit,
  queries: Readonly<Record<string, string>>,
  more: More = {},
): Panel => ({
  title,
  kind: 'timeseries',
  unit,
  queries: Object.entries(queries).map(([legend, expr]) => ({ legend, expr })),
  ...more,
})

export const stat = (title: string, unit: Unit, expr: string, more: More = {}): Panel => ({
  title,
  kind: 'stat',
  unit,
  queries: [{ legend: '', expr }],
  ...more,
})

/** What happens seldom, or never: none of it is 0, not "no data". */
export const orNone = (expr: string): string => `(${expr}) or vector(0)`

/** Probes and scrapes are nobody's requests. */
const CALLS = 'path!~"/health|/ready|/metrics"'

/** Rate, errors and duration of a service (RED), and what its processes use. */
export function ofService(service: string): Panel[] {
  const calls = `service="${service}",${CALLS}`
  const rate = (status: string) => `sum(rate(http_requests_total{${calls},status=~"${status}"}[$__rate_interval]))`
  const part = (status: string) => orNone(`${rate(status)} / ${rate('.*')}`)
  const quantile = (q: number) =>
    `histogram_quantile(${q}, sum by (le) (rate(http_request_duration_seconds_bucket{${calls}}[$__rate_interval])))`
  return [
    graph('API 트래픽 · Requests', 'reqps', {
      '{{method}} {{path}}': `topk(12, sum by (method, path) (rate(http_requests_total{${calls}}[$__rate_interval])))`,
    }),
    graph('에러율 · Errors', 'percentunit', { '5xx': part('5..'), '4xx': part('4..') }),
    graph(
      '응답 시간 · Response time',
      's',
      { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
      { exemplars: true },
    ),
    graph('느린 경로 · Slowest routes, p95', 's', {
      '{{path}}': `topk(8, histogram_quantile(0.95, sum by (path, le) (rate(http_request_duration_seconds_bucket{${calls}}[$__rate_interval]))))`,
    }),
    graph('CPU', 'short', {
      '{{instance}}': `rate(process_cpu_seconds_total{job="bigtech-chat"}[$__rate_interval]) and on (instance) up{service="${service}"}`,
    }),
    graph('메모리 · Memory', 'bytes', {
      '{{instance}}': `process_resident_memory_bytes{job="bigtech-chat"} and on (instance) up{service="${service}"}`,
    }),
  ]
}
