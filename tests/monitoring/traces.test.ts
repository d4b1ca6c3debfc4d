import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import { eventually, type Cleanup } from '@bigtech/testkit'
import { call, openGroup, register, spawnServer, type Urls } from '../support/index.ts'
import { spawnDistributed } from '../support/distributed-processes.ts'
import { subscriptionAt } from '../support/device.ts'
import { noEngines } from '../support/engines.ts'
import { openOwnCollector, startJaeger, type Collector, type Span } from './collectors.ts'

const JAEGER = process.env['JAEGER']
const noJaeger = JAEGER
  ? false
  : 'no Jaeger (JAEGER names its all-in-one: go build github.com/jaegertracing/jaeger/cmd/all-in-one, v1.76.0)'

const CALLER = '00f067aa0ba902b7'

/** Takes whatever devices are told. */
async function openPushService(t: Cleanup): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(201).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Somebody asks to be friends, and says something, to somebody who has a device. Each is a trace that the client began. */
async function talk(t: Cleanup, urls: Urls): Promise<{ asked: string; said: string }> {
  const [one, other] = [await register(urls, '하나'), await register(urls, '둘')]
  const device = { token: other.token, body: subscriptionAt(`${await openPushService(t)}/other`) }
  assert.equal((await call('PUT', `${urls.gateway}/api/notifications/subscriptions`, device)).status, 200)
  const room = await openGroup(one, '모임', other)
  const traced = async (path: string, body: object) => {
    const traceId = randomBytes(16).toString('hex')
    const headers = { traceparent: `00-${traceId}-${CALLER}-01` }
    const answer = await call('POST', `${urls.gateway}/api${path}`, { token: one.token, body, headers })
    assert.equal(answer.status, 201, answer.text)
    assert.equal(answer.headers.get('x-trace-id'), traceId)
    return traceId
  }
  const asked = await traced('/friends/request', { target_user_id: other.id })
  return { asked, said: await traced(`/messages/${room.id}`, { content: '저녁 먹었어?' }) }
}

/** Spans leave their processes every five seconds. */
function readTrace(collector: Collector, traceId: string, ...chain: readonly string[]): Promise<readonly Span[]> {
  return eventually(
    async () => {
      const spans = await collector.spans(traceId)
      let above = CALLER
      for (const name of chain) {
        const span = spans.find((one) => one.name === name)
        assert.ok(span, `no span ${name}: ${JSON.stringify(spans)}`)
        assert.ok(ancestors(spans, span).includes(above), `${name} hangs on what comes before it`)
        above = span.id
      }
      return spans
    },
    { timeoutMs: 15_000, everyMs: 250 },
  )
}

function ancestors(spans: readonly Span[], { parent }: Span): string[] {
  if (parent === undefined) return []
  const span = spans.find(({ id }) => id === parent)
  return [parent, ...(span ? ancestors(spans, span) : [])]
}

async function tryTraces(t: Cleanup, collector: Collector, urls: Urls): Promise<ReadonlySet<string>> {
  const { asked, said } = await talk(t, urls)
  const [consume, tell, push] = ['consume', 'tell room', 'push'].map((what) => `notification-service ${what}`) as [
    string,
    string,
    string,
  ]
  const ask = ['gateway POST /api/friends', 'POST /friends/request']
  const say = ['gateway POST /api/messages', 'POST /messages/:room_id']
  const request = await readTrace(collector, asked, ...ask, consume, push)
  const message = await readTrace(collector, said, ...say, consume)
  // Who is told of a message is decided later, of several messages at once: beside what noted them.
  await readTrace(collector, said, ...say, tell, push)
  return new Set([...request, ...message].map(({ service }) => service))
}

const COLLECTORS = [
  { name: 'a collector of a few lines', skip: false, open: openOwnCollector },
  { name: 'Jaeger', skip: noJaeger, open: (t: Cleanup) => startJaeger(t, JAEGER!) },
] as const

const settings = (endpoint: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  PUSH_TO_PRIVATE_NETWORKS: 'true',
})

for (const { name, skip, open } of COLLECTORS) {
  suite(`traces from the gateway to the consumers and the pushes, in ${name}`, { skip }, () => {
    test('embedded: one process', async (t: TestContext) => {
      const collector = await open(t)
      const program = await spawnServer(t, settings(collector.endpoint))
      await tryTraces(t, collector, await program.urls())
    })

    test('distributed: over HTTP, the log, Kafka', { skip: noEngines() }, async (t: TestContext) => {
      const collector = await open(t)
      const copies = { user: 1, friend: 1, chat: 1, gateway: 1 }
      const { urls } = await spawnDistributed(t, { env: settings(collector.endpoint), copies })
      const services = await tryTraces(t, collector, urls)
      for (const service of ['gateway', 'friend-service', 'chat-service', 'notification-service'])
        assert.ok(services.has(service), `${service}: ${[...services].join()}`)
    })
  })
}
