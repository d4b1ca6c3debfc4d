import { ROLES } from '@bigtech/server/roles'
import type { MetricDescription } from '@bigtech/telemetry'
import type { System } from './system.ts'

export type ListedMetric = MetricDescription & Readonly<{ services: readonly string[] }>

/** Every metric once, with the services that have it. */
export function listMetrics(system: Pick<System, 'metrics' | 'metricsOfLog'>): ListedMetric[] {
  const found = new Map<string, ListedMetric>()
  const add = (service: string, metrics: readonly MetricDescription[]) => {
    for (const metric of metrics) {
      const services = found.get(metric.name)?.services ?? []
      found.set(metric.name, { ...metric, services: services.includes(service) ? services : [...services, service] })
    }
  }
  for (const role of ROLES) add(role === 'gateway' ? role : `${role}-service`, system.metrics[role])
  add('chat-service', system.metricsOfLog)
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** The tables of docs/metrics.md. */
export function metricTables(system: System): Record<string, string> {
  const all = listMetrics(system)
  const ofLog = new Set(system.metricsOfLog.map(({ name }) => name))
  const isOfProcess = ({ name }: ListedMetric) => /^(process|nodejs)_/.test(name)
  const isEverywhere = ({ services }: ListedMetric) => services.length > 1
  const own = all.filter((metric) => !isOfProcess(metric) && !ofLog.has(metric.name))
  return {
    'of every service': table(own.filter(isEverywhere)),
    'of one service': table(own.filter((metric) => !isEverywhere(metric))),
    'of the log of rooms': table(all.filter(({ name }) => ofLog.has(name))),
    'of the process': table(all.filter(isOfProcess)),
  }
}

function table(metrics: readonly ListedMetric[]): string {
  const rows = metrics.map(({ name, type, labels, services, help }) => {
    const who = services.length === ROLES.length ? 'all' : services.join(', ')
    return `| \`${name}\` | ${type} | ${labels.filter((label) => label !== 'service').join(', ')} | ${who} | ${help} |`
  })
  return ['| metric | type | labels | of | what it says |', '|---|---|---|---|---|', ...rows].join('\n')
}
