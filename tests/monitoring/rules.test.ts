import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { parse } from 'yaml'
import { knownSeries, MONITORING, noPrometheus, RULES, run, seriesIn } from './programs.ts'

type Rule = { alert?: string; record?: string; expr: string; annotations?: Record<string, string> }
type RuleFile = { groups: { rules: Rule[] }[] }

const read = (name: string) => readFileSync(join(RULES, name), 'utf8')
const rulesOf = (name: string) => (parse(read(name)) as RuleFile).groups.flatMap(({ rules }) => rules)
const alerts = rulesOf('alerts.yml')
const recorded = rulesOf('recording.yml')

const CASES = ['alerts.test.yml', 'requests.test.yml']

/** Not of this system: of Prometheus itself, and of the blackbox exporter. */
const OTHERS = ['up', 'probe_success', 'probe_ssl_earliest_cert_expiry']

test('every rule reads series that the code has', () => {
  const known = knownSeries().union(new Set([...recorded.map(({ record }) => record!), ...OTHERS]))
  for (const { alert, record, expr } of [...recorded, ...alerts])
    for (const name of seriesIn(expr)) assert.ok(known.has(name), `${alert ?? record} reads ${name}`)
  assert.ok(recorded.every(({ expr }) => seriesIn(expr).length > 0))
})

test('each alert has a page that says what to do, and each page its alert', () => {
  const folder = join(MONITORING, '../../docs/runbooks')
  const pages = readdirSync(folder).filter((name) => name !== 'README.md')
  assert.deepEqual(
    pages.toSorted(),
    alerts.map(({ alert }) => `${alert}.md`).toSorted((a, b) => (a < b ? -1 : 1)),
  )
  for (const { alert, annotations } of alerts) {
    assert.equal(annotations!['runbook_url'], `docs/runbooks/${alert}.md`)
    for (const text of ['summary', 'description']) assert.ok(annotations![text], `${alert}: ${text}`)
    const page = readFileSync(join(folder, `${alert}.md`), 'utf8')
    for (const part of [`# ${alert}\n`, '## How to look', '## What to do'])
      assert.ok(page.includes(part), `${alert}: ${part}`)
  }
})

test('each alert is in a case that says when it fires', () => {
  const cases = CASES.map(read).join('')
  for (const { alert } of alerts) assert.match(cases, new RegExp(`alertname(="|: )${alert}"?`), alert)
})

type Relabel = { source_labels?: string[]; target_label?: string }
type Kubernetes = {
  scrape_configs: { kubernetes_sd_configs: { namespaces: object }[]; relabel_configs: Relabel[] }[]
}

test('in Kubernetes the namespace of ours is asked, and series keep the labels that autoscalers find pods by', () => {
  const settings = parse(readFileSync(join(MONITORING, 'prometheus/kubernetes.yml'), 'utf8')) as Kubernetes
  const manifest = readFileSync(join(MONITORING, '../../k8s/manifests/base/namespace.yaml'), 'utf8')
  const { metadata } = parse(manifest) as { metadata: { name: string } }
  const [job] = settings.scrape_configs
  assert.deepEqual(job!.kubernetes_sd_configs[0]!.namespaces, { names: [metadata.name] })
  const labels = job!.relabel_configs.map(({ source_labels: [from] = [], target_label: to }) => `${from} ${to}`)
  for (const label of ['namespace namespace', 'pod_name pod', 'pod_name instance', 'pod_node_name host'])
    assert.ok(labels.includes(`__meta_kubernetes_${label}`), label)
})

suite('what the programs that read the files say', { skip: noPrometheus }, () => {
  test('promtool takes the settings of Prometheus', () => {
    for (const name of ['prometheus.yml', 'embedded.yml'])
      run('promtool', 'check', 'config', '--syntax-only', join(MONITORING, 'prometheus', name))
  })

  test('promtool takes the rules, and each alert fires when it should and only then', () => {
    run('promtool', 'check', 'rules', join(RULES, 'recording.yml'), join(RULES, 'alerts.yml'))
    run('promtool', 'test', 'rules', ...CASES.map((name) => join(RULES, name)))
  })

  test('amtool takes the settings of Alertmanager, and finds the receiver', () => {
    const file = join(MONITORING, 'alertmanager/alertmanager.yml')
    run('amtool', 'check-config', file)
    for (const label of ['severity=critical', 'severity=warning', 'alertname=Watchdog'])
      assert.equal(run('amtool', 'config', 'routes', 'test', `--config.file=${file}`, label).trim(), 'webhook')
  })
})
