import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually, type Cleanup } from '@bigtech/testkit'
import { noPrometheus } from './programs.ts'
import { startAlertmanager } from './prometheus.ts'

type Alert = Readonly<{
  labels: Readonly<Record<string, string>>
  status: Readonly<{ inhibitedBy: readonly string[] }>
}>

/** Labels of alerts as Prometheus makes them of the rules. */
const chat = (alertname: string, more: Record<string, string> = {}) => ({ alertname, service: 'chat-service', ...more })
const DOWN = chat('ServiceDown', { instance: 'chat-1:8002' })
const AWAY = { alertname: 'ServiceAbsent', job: 'bigtech-chat', service: 'chat-service' }

suite('what is no news beside another alert', { skip: noPrometheus }, () => {
  /** @param expected what nobody is told of, when Alertmanager has looked at all of them */
  async function inhibits(t: Cleanup, alerts: readonly Record<string, string>[], expected: readonly string[]) {
    const url = await startAlertmanager(t, { url: 'http://127.0.0.1:9/nobody', token: '' })
    const body = JSON.stringify(alerts.map((labels) => ({ labels })))
    const headers = { 'content-type': 'application/json' }
    assert.equal((await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body })).status, 200)
    await eventually(async () => {
      const told = (await (await fetch(`${url}/api/v2/alerts`)).json()) as Alert[]
      assert.equal(told.length, alerts.length)
      const hidden = told
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(({ labels }) => `${labels['alertname']} ${labels['instance'] ?? labels['host'] ?? labels['service']}`)
      assert.deepEqual(hidden.toSorted(), expected)
    })
  }

  test('one process of two that is down hides what it said itself, and nothing of the service', async (t) => {
    const alerts = [
      DOWN,
      chat('ErrorBudgetBurnsFast'),
      chat('ConsumerStuck', { topic: 'user.events' }),
      chat('NoMessages'),
      chat('EventLoopLag', { instance: 'chat-1:8002' }),
      chat('EventLoopLag', { instance: 'chat-2:8002' }),
    ]
    await inhibits(t, alerts, ['EventLoopLag chat-1:8002'])
  })

  test('a service without any process hides what it does badly, and nothing of others', async (t) => {
    const alerts = [
      AWAY,
      DOWN,
      chat('ErrorBudgetBurnsFast'),
      chat('OutboxOld'),
      chat('NoMessages'),
      { alertname: 'ErrorBudgetBurnsFast', service: 'gateway' },
      { alertname: 'DiskNearlyFull', host: 'a' },
      { alertname: 'DiskFullSoon', host: 'a' },
      { alertname: 'DiskFullSoon', host: 'b' },
    ]
    await inhibits(t, alerts, [
      'DiskFullSoon a',
      'ErrorBudgetBurnsFast chat-service',
      'NoMessages chat-service',
      'OutboxOld chat-service',
    ])
  })
})
