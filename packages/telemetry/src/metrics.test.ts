import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

const lines = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name))

test('requests are counted and timed by service, method, route and status', async () => {
  const metrics = createMetrics('chat-service')
  metrics.http.observe({ method: 'GET', path: '/chat-rooms/:id', status: 200, seconds: 0.2 })
  metrics.http.observe({ method: 'GET', path: '/chat-rooms/:id', status: 200, seconds: 0.02 })
  const text = (await metrics.scrape()).text
  const [total] = lines(text, 'http_requests_total{')
  for (const label of ['service="chat-service"', 'method="GET"', 'path="/chat-rooms/:id"', 'status="200"'])
    assert.ok(total!.includes(label), label)
  assert.match(total!, / 2$/)
  const bucket = lines(text, 'http_request_duration_seconds_bucket{').find((line) => line.includes('le="0.1"'))
  assert.match(bucket!, / 1$/)
})

test('services are apart; the process is measured once and shown by each', async () => {
  const a = createMetrics('a-service')
  const b = createMetrics('b-service')
  a.counter({ name: 'messages_sent_total', help: 'x' }).inc()
  const [textA = '', textB = ''] = await Promise.all([a, b].map(async (one) => (await one.scrape()).text))
  assert.equal(lines(textA, 'messages_sent_total{').length, 1)
  assert.equal(lines(textB, 'messages_sent_total').length, 0)
  for (const text of [textA, textB]) assert.equal(lines(text, 'process_cpu_seconds_total ').length, 1)
  assert.match((await a.scrape()).contentType, /^text\/plain; version=0\.0\.4/)
})

test('no metric name appears twice in one text', async () => {
  const text = (await createMetrics('c-service').scrape()).text
  const names = lines(text, '# TYPE ').map((line) => line.split(' ')[2])
  assert.equal(new Set(names).size, names.length)
})

test('asking for a metric twice gives the same one', async () => {
  const metrics = createMetrics('d-service')
  metrics.counter({ name: 'x_total', help: 'x', labelNames: ['kind'] }).inc({ kind: 'a' })
  metrics.counter({ name: 'x_total', help: 'x', labelNames: ['kind'] }).inc({ kind: 'a' })
  assert.match(lines((await metrics.scrape()).text, 'x_total{')[0]!, / 2$/)
})

test('a gauge with collect is read at the scrape', async () => {
  const metrics = createMetrics('e-service')
  let online = 1
  metrics.gauge({ name: 'online_users_count', help: 'x', collect: (gauge) => gauge.set(online) })
  online = 5
  assert.match(lines((await metrics.scrape()).text, 'online_users_count{')[0]!, / 5$/)
})

test('who takes OpenMetrics gets it, with the trace of a request beside its bucket; names stay what they are', async () => {
  const metrics = createMetrics('f-service')
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  metrics.http.observe({ method: 'GET', path: '/', status: 200, seconds: 0.2, traceId })
  const [open, plain] = await Promise.all([
    metrics.scrape('application/openmetrics-text;version=1.0.0,text/plain;q=0.5'),
    metrics.scrape('text/plain'),
  ])
  assert.match(open.contentType, /^application\/openmetrics-text/)
  assert.match(open.text, /# EOF\n$/)
  assert.equal(lines(open.text, '# EOF').length, 1)
  assert.match(
    open.text,
    new RegExp(`^http_request_duration_seconds_bucket\\{le="0.25",.* # \\{trace_id="${traceId}"\\} 0.2`, 'm'),
  )
  assert.match(open.text, /^process_cpu_seconds_total /m)
  for (const text of [plain.text, (await metrics.scrape()).text]) {
    assert.match(text, /^http_requests_total\{/m)
    assert.match(text, /^process_cpu_seconds_total /m)
    assert.doesNotMatch(text, /trace_id|_total_total|# EOF/)
  }
  assert.ok((await metrics.samples()).some(({ name }) => name === 'http_requests_total'))
  assert.ok(metrics.list().some(({ name, type }) => name === 'http_requests_total' && type === 'counter'))
})

test('methods that no route has are one series', async () => {
  const metrics = createMetrics('g-service')
  for (const method of ['PROPFIND', 'PURGE', 'M-SEARCH'])
    metrics.http.observe({ method, path: 'unknown', status: 404, seconds: 0 })
  assert.match(lines((await metrics.scrape()).text, 'http_requests_total{').join(), /^[^,]*method="other"[^\n]* 3$/)
})
