import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { suite, test, type TestContext } from 'node:test'
import { eventually, type Cleanup } from '@bigtech/testkit'
import { call, openGroup, register, spawnServer, type Urls } from '../support/index.ts'
import { spawnDistributed } from '../support/distributed-processes.ts'
import { noEngines } from '../support/engines.ts'
import { openOwnCollector, startJaeger, type Collector, type Span } from './collectors.ts'

const JAEGER = process.env['JAEGER']
const noJaeger = JAEGER
  ? false
  : 'no Jaeger (JAEGER names its all-in-one: go build github.com/jaegertracing/jaeger/cmd/all-in-one, v1.76.0)'

const CALLER = '00f067aa0ba902b7'

/** Somebody asks to be friends, and says something. Each is a trace that the client began. */
async function talk(urls: Urls): Promise<{ asked: string; said: string }> {
  const [one, other] = [await register(urls, '하나'), await register(urls, '둘')]
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

async function tryTraces(collector: Collector, urls: Urls): Promise<ReadonlySet<string>> {
  const { asked, said } = await talk(urls)
  const consumed = 'notification-service consume'
  const request = await readTrace(collector, asked, 'gateway POST /api/friends', 'POST /friends/request', consumed)
  const message = await readTrace(collector, said, 'gateway POST /api/messages', 'POST /messages/:room_id', consumed)
  return new Set([...request, ...message].map(({ service }) => service))
}

const COLLECTORS = [
  { name: 'a collector of a few lines', skip: false, open: openOwnCollector },
  { name: 'Jaeger', skip: noJaeger, open: (t: Cleanup) => startJaeger(t, JAEGER!) },
] as const

const settings = (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })

for (const { name, skip, open } of COLLECTORS) {
  suite(`traces from the gateway to the consumers, in ${name}`, { skip }, () => {
    test('embedded: one process', async (t: TestContext) => {
      const collector = await open(t)
      const program = await spawnServer(t, settings(collector.endpoint))
      await tryTraces(collector, await program.urls())
    })

    test('distributed: over HTTP, the log, Kafka', { skip: noEngines() }, async (t: TestContext) => {
      const collector = await open(t)
      const copies = { user: 1, friend: 1, chat: 1, gateway: 1 }
      const { urls } = await spawnDistributed(t, { env: settings(collector.endpoint), copies })
      const services = await tryTraces(collector, urls)
      for (const service of ['gateway', 'friend-service', 'chat-service', 'notification-service'])
        assert.ok(services.has(service), `${service}: ${[...services].join()}`)
    })
  })
}
