import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, suite, test, type TestContext } from 'node:test'
import { eventually, freePort, type Cleanup } from '@bigtech/testkit'
import { SERVICE_ROLES } from '@bigtech/server/roles'
import { DASHBOARDS } from '../../tools/dashboards/dashboards.ts'
import { knownSeries, noPrometheus, seriesIn } from '../monitoring/programs.ts'
import { startAlertmanager, startPrometheus } from '../monitoring/prometheus.ts'
import { befriend, openDirect, register, startTestServer, testProfile, type Person } from '../support/index.ts'

type Told = {
  status: string
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[]
}

const TOKEN = 'of the webhook'
const queries = DASHBOARDS.flatMap(({ title, panels }) =>
  panels.flatMap((panel) => panel.queries.map(({ expr }) => ({ where: `${title}: ${panel.title}`, expr, panel }))),
)

test('every panel reads series that the code has', () => {
  const known = knownSeries().add('up')
  for (const { where, expr } of queries)
    for (const name of seriesIn(expr).filter((series) => !series.startsWith('service:')))
      assert.ok(known.has(name), `${where} reads ${name}`)
})

async function listen(t: Cleanup, server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/** What Alertmanager tells, of whoever has the token. */
async function openWebhook(t: Cleanup) {
  const told: Told[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.headers.authorization === `Bearer ${TOKEN}`)
        told.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Told)
      response.end()
    })
  })
  const url = `http://127.0.0.1:${await listen(t, server)}/alerts`
  const alert = (name: string, status: string) =>
    told.flatMap(({ alerts }) => alerts).find((one) => one.labels['alertname'] === name && one.status === status)
  const names = () =>
    told.flatMap(({ alerts }) => alerts.map(({ labels, status }) => `${labels['alertname']} ${status}`))
  return { url, alert, names }
}

suite('Prometheus and Alertmanager beside the running system', { skip: noPrometheus }, async () => {
  if (noPrometheus) return
  const t = { after }
  const { urls, chats } = await startTestServer(t)
  const webhook = await openWebhook(t)
  const alertmanager = await startAlertmanager(t, { url: webhook.url, token: TOKEN })
  // One process of chat that is not there.
  const missing = await freePort()
  const host = (url: string) => new URL(url).host
  const targets = {
    gateway: [host(urls.gateway)],
    ...Object.fromEntries(SERVICE_ROLES.map((role) => [`${role}-service`, [host(urls[role])]])),
    'chat-service': [...chats.map(host), `127.0.0.1:${missing}`],
  }
  const prometheus = await startPrometheus(t, { targets, alertmanager })

  test('no panel fails, and none is empty while people talk', async (context) => {
    const world = await openWorld(context)
    const failing = new Map(queries.map((query) => [query, 'not asked']))
    await eventually(
      async () => {
        await world.turn()
        for (const query of failing.keys()) {
          // Grafana makes it four scrapes at least.
          const samples = await prometheus.query(query.expr.replaceAll('$__rate_interval', '5s'))
          const hasValue = samples.some(({ value: [, text] }) => text !== 'NaN')
          if (hasValue || (query.panel.only === 'distributed' && testProfile === 'embedded')) failing.delete(query)
        }
        const left = [...failing.keys()].map(({ where, expr }) => `${where}: ${expr}`)
        assert.deepEqual(left, [], 'empty panels')
      },
      { timeoutMs: 45_000, everyMs: 200 },
    )
  })

  test('beside the buckets of response times are the traces of requests', async () => {
    const traces = await eventually(async () => {
      const found = await prometheus.exemplars('http_request_duration_seconds_bucket{service="chat-service"}')
      assert.ok(found.length > 0)
      return found
    })
    for (const trace of traces) assert.match(trace, /^[0-9a-f]{32}$/)
  })

  test('a process that does not answer is told of over Alertmanager, and that it is back', async (context) => {
    const fired = await eventually(() => {
      const found = webhook.alert('ServiceDown', 'firing')
      assert.ok(found)
      return found
    })
    assert.equal(fired.labels['service'], 'chat-service')
    assert.equal(fired.annotations['summary'], `127.0.0.1:${missing} 서비스가 다운되었습니다`)
    assert.equal(fired.annotations['runbook_url'], 'docs/runbooks/ServiceDown.md')
    await eventually(() => assert.ok(webhook.alert('Watchdog', 'firing'), JSON.stringify(webhook.names())))
    const back = createServer((_request, response) => response.setHeader('content-type', 'text/plain').end('a 1\n'))
    await listen(context, back, missing)
    await eventually(() => assert.ok(webhook.alert('ServiceDown', 'resolved')))
  })

  /** People who do a little of everything, again and again. */
  async function openWorld(context: TestContext) {
    const [one, other] = [await register(urls, '하나'), await register(urls, '둘')]
    await befriend(one, other)
    const room = await openDirect(one, other)
    await other.sse(context)
    await other.ws(context)
    let turns = 0
    const strangers = async (who: Person) => {
      const stranger = await register(urls, '셋')
      await who.post('/friends/request', { target_user_id: stranger.id })
      await stranger.post('/presence/heartbeat')
      await stranger.sse(context)
      return stranger
    }
    return {
      async turn(): Promise<void> {
        turns++
        for (let n = 0; n < 5; n++) await one.say(room.id, `${turns} ${n}`)
        await one.post('/presence/heartbeat')
        await one.call('GET', '/chat-rooms/999999')
        for (const path of ['/friends', '/chat-rooms', '/notifications', '/profile/me', '/care/contacts'])
          await one.get(path)
        if (turns % 5 === 1) await strangers(one)
      },
    }
  }
})
