import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, freePort, tempDir, type Cleanup } from '@bigtech/testkit'
import { parse, stringify } from 'yaml'
import { MONITORING, PROGRAMS } from './programs.ts'

type ScrapeConfig = { job_name: string; static_configs: { labels: Record<string, string>; targets: string[] }[] }
type PrometheusConfig = {
  global: Record<string, string>
  rule_files: string[]
  alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] }
  scrape_configs: ScrapeConfig[]
}
type AlertmanagerConfig = {
  route: Record<string, unknown> & { routes: Record<string, unknown>[] }
  receivers: {
    webhook_configs: { url: string; http_config: { authorization: { credentials_file: string } } }[]
  }[]
}

export type Sample = { metric: Record<string, string>; value: [number, string] }

export type Prometheus = {
  /** The value of an expression now. @throws what Prometheus says of one that is wrong */
  query(expression: string): Promise<Sample[]>
  /** Trace ids beside what an expression reads. */
  exemplars(expression: string): Promise<string[]>
}

/** By service: `host:port` of each process. */
export type Targets = Readonly<Record<string, readonly string[]>>

/** The files of infrastructure/monitoring with everything sooner, for these processes. */
export async function startPrometheus(
  t: Cleanup,
  { targets, alertmanager }: { targets: Targets; alertmanager: string },
): Promise<Prometheus> {
  const start = starter(t)
  const folder = tempDir(t)
  for (const name of ['recording.yml', 'alerts.yml']) {
    const rules = readFileSync(join(MONITORING, 'prometheus/rules', name), 'utf8')
    writeFileSync(join(folder, name), rules.replaceAll(/for: \w+/g, 'for: 1s'))
  }
  const config = parse(readFileSync(join(MONITORING, 'prometheus/embedded.yml'), 'utf8')) as PrometheusConfig
  const [scraped] = config.scrape_configs as [ScrapeConfig]
  writeFileSync(
    join(folder, 'prometheus.yml'),
    stringify({
      ...config,
      global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
      rule_files: ['recording.yml', 'alerts.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager).host] }] }] },
      scrape_configs: [
        {
          ...scraped,
          static_configs: scraped.static_configs.map(({ labels }) => ({
            labels,
            targets: targets[labels['service']!],
          })),
        },
      ],
    }),
  )
  const url = `http://127.0.0.1:${await freePort()}`
  start(PROGRAMS.prometheus!, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${new URL(url).host}`,
    '--enable-feature=exemplar-storage',
    // What fires before Alertmanager was found is said again.
    '--rules.alert.resend-delay=1s',
    '--log.level=error',
  ])
  await eventually(() => fetchOk(`${url}/-/ready`))
  const ask = async (path: string, parameters: Record<string, string>) => {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`)
    const body = (await answer.json()) as { status: string; error?: string; data: unknown }
    if (body.status !== 'success') throw new Error(`${parameters['query']}: ${body.error}`)
    return body.data
  }
  return {
    query: async (query) => ((await ask('query', { query })) as { result: Sample[] }).result,
    async exemplars(query) {
      const now = Date.now() / 1_000
      const found = (await ask('query_exemplars', { query, start: String(now - 60), end: String(now + 1) })) as {
        exemplars: { labels: { trace_id: string } }[]
      }[]
      return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id))
    },
  }
}

/** Alertmanager with the file of infrastructure/monitoring, everything sooner, and this webhook. @returns its address */
export async function startAlertmanager(t: Cleanup, webhook: { url: string; token: string }): Promise<string> {
  const start = starter(t)
  const folder = tempDir(t)
  const text = readFileSync(join(MONITORING, 'alertmanager/alertmanager.yml'), 'utf8')
  const config = parse(text.replaceAll(/(group_wait|group_interval): \w+/g, '$1: 1s')) as AlertmanagerConfig
  writeFileSync(join(folder, 'token'), webhook.token, { mode: 0o600 })
  const [receiver] = config.receivers
  const [hook] = receiver!.webhook_configs
  hook!.url = webhook.url
  hook!.http_config.authorization.credentials_file = join(folder, 'token')
  writeFileSync(join(folder, 'alertmanager.yml'), stringify(config))
  const url = `http://127.0.0.1:${await freePort()}`
  start(PROGRAMS.alertmanager!, [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=${new URL(url).host}`,
    '--cluster.listen-address=',
    '--log.level=error',
  ])
  await eventually(() => fetchOk(`${url}/-/ready`))
  return url
}

async function fetchOk(url: string): Promise<void> {
  const { status } = await fetch(url)
  if (status !== 200) throw new Error(`${url}: ${status}`)
}

/** These programs would trace themselves to a collector that is not there. */
const NO_TRACES = { ...process.env, OTEL_TRACES_SAMPLER: 'always_off' }

/** To be called before the folder is made, which goes after the program then: what is to be done after a test is done in the order it was said. */
export function starter(t: Cleanup): (program: string, args: readonly string[]) => void {
  const children: ChildProcess[] = []
  t.after(() =>
    Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null) return
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        await ended
      }),
    ),
  )
  return (program, args) =>
    void children.push(spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env: NO_TRACES }))
}
