import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import Fastify from 'fastify'
import { withConsumerSpan, withKeptTrace, withProducerSpan } from './spans.ts'
import { currentTraceId, keptTrace, newTraceparent, parseTraceparent, runWithTrace } from './trace.ts'
import { startTracing } from './tracing.ts'

type OtlpSpan = { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number }
type OtlpBody = { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }

async function collector() {
  const spans: OtlpSpan[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      assert.equal(req.url, '/v1/traces')
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as OtlpBody
      spans.push(...body.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)))
      res.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { spans, server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('tracing off: the ids still cross from producer to consumer, and the SDK is not loaded', async () => {
  const traceparent = newTraceparent()
  assert.equal(runWithTrace(traceparent, keptTrace), null)
  assert.equal(await withKeptTrace(traceparent, 'later', async () => 'done'), 'done')
  const headers = await runWithTrace(traceparent, () => withProducerSpan({ ce_id: '1' }, 'send', async (h) => h))
  assert.equal(headers['ce_id'], '1')
  assert.equal(parseTraceparent(headers['traceparent'])!.traceId, parseTraceparent(traceparent)!.traceId)
  await withConsumerSpan(headers, 'handle', async () => {
    assert.equal(currentTraceId(), parseTraceparent(traceparent)!.traceId)
  })
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
    console.log(loaded.join('\\n'))`
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  assert.match(loaded, /node_modules\/pino\//)
  assert.doesNotMatch(loaded, /sdk-node|otlp|@fastify\/otel/)
})

test('tracing on: one trace crosses HTTP, outbox and consumer, and reaches the collector', async (t) => {
  const { spans, server, endpoint } = await collector()
  t.after(() => server.close())
  const tracing = await startTracing({ serviceName: 'test', endpoint })
  const app = Fastify()
  t.after(() => app.close())
  await app.register(tracing.fastifyPlugin)
  app.addHook('onRequest', (req, _reply, done) => {
    runWithTrace(req.headers['traceparent'] as string | undefined, done)
  })
  let outbox: Record<string, string> = {}
  let seen = ''
  app.post('/messages/:room_id', async () => {
    seen = currentTraceId()
    outbox = await withProducerSpan({}, 'publish message.events', async (headers) => headers)
    return {}
  })
  const traceparent = newTraceparent()
  const traceId = parseTraceparent(traceparent)!.traceId
  await app.inject({ method: 'POST', url: '/messages/7', headers: { traceparent }, payload: { content: 'x' } })
  assert.equal(seen, traceId)
  let kept: string | null = null
  await withConsumerSpan(outbox, 'handle message.events', async () => {
    assert.equal(currentTraceId(), traceId)
    kept = keptTrace()
  })
  await withKeptTrace(kept, 'tell of it later', async () => assert.equal(currentTraceId(), traceId))
  await withKeptTrace(null, 'tell of something else', async () => assert.equal(keptTrace(), null))
  for (const bad of ['', 'nonsense', 'x'.repeat(10_000)])
    assert.equal(keptTrace({ headers: { traceparent: bad } }), null)
  const ofFuture = { headers: { traceparent: `cc${traceparent.slice(2)}-what-the-future-brings` } }
  assert.equal(keptTrace(ofFuture), traceparent, 'no longer than what it is kept in')
  await assert.rejects(
    withConsumerSpan({}, 'broken', () => Promise.reject(new Error('no'))),
    /no/,
  )
  await tracing.shutdown()

  const named = (name: string) => spans.find((span) => span.name === name)!
  const request = named('POST /messages/:room_id')
  const publish = named('publish message.events')
  const handle = named('handle message.events')
  const later = named('tell of it later')
  for (const span of [request, publish, handle, later]) assert.equal(span.traceId, traceId, span.name)
  assert.equal(request.parentSpanId, parseTraceparent(traceparent)!.spanId)
  assert.equal(handle.parentSpanId, publish.spanId)
  assert.equal(later.parentSpanId, handle.spanId)
  assert.equal(named('tell of something else'), undefined)
  assert.notEqual(named('broken').traceId, traceId)
})

test('a collector that is down neither fails the shutdown nor holds it up', () => {
  const program = `
    import { startTracing, withSpan } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
    const tracing = await startTracing({ serviceName: 'test', endpoint: 'http://127.0.0.1:1' })
    await withSpan('work', async () => {})
    await tracing.shutdown()
    console.log('stopped')`
  const options = { encoding: 'utf8', timeout: 6_000 } as const
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], options)
  assert.match(output, /stopped/)
})
