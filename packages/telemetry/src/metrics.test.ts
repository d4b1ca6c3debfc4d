import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

const lines = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name))

test('requests are counted and timed by service, method, route and status', async () => {
  const metrics = createMetrics('chat-service')
  metrics.http.observe({ method: 'GET', path: '/chat-rooms/:id', status: 200, seconds: 0.2 })
  metrics.http.observe({ method: 'GET', path: '/chat-rooms/:id', status: 200, seconds: 0.02 })
  const text = await metrics.text()
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
  const [textA, textB] = await Promise.all([a.text(), b.text()])
  assert.equal(lines(textA, 'messages_sent_total{').length, 1)
  assert.equal(lines(textB, 'messages_sent_total').length, 0)
  for (const text of [textA, textB]) assert.equal(lines(text, 'process_cpu_seconds_total ').length, 1)
  assert.match(a.contentType, /^text\/plain; version=0\.0\.4/)
})

test('no metric name appears twice in one text', async () => {
  const text = await createMetrics('c-service').text()
  const names = lines(text, '# TYPE ').map((line) => line.split(' ')[2])
  assert.equal(new Set(names).size, names.length)
})

test('asking for a metric twice gives the same one', async () => {
  const metrics = createMetrics('d-service')
  metrics.counter({ name: 'x_total', help: 'x', labelNames: ['kind'] }).inc({ kind: 'a' })
  metrics.counter({ name: 'x_total', help: 'x', labelNames: ['kind'] }).inc({ kind: 'a' })
  assert.match(lines(await metrics.text(), 'x_total{')[0]!, / 2$/)
})

test('a gauge with collect is read at the scrape', async () => {
  const metrics = createMetrics('e-service')
  let online = 1
  metrics.gauge({ name: 'online_users_count', help: 'x', collect: (gauge) => gauge.set(online) })
  online = 5
  assert.match(lines(await metrics.text(), 'online_users_count{')[0]!, / 5$/)
})
