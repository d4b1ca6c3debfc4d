import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { openServer } from './server.fixture.ts'

type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string }
type OtlpBody = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }

/** An OpenTelemetry collector of a few lines. */
async function openCollector(t: TestContext) {
  const spans: Span[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as OtlpBody
      spans.push(...body.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)))
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { spans, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const SECRET_TEXT = '비밀 이야기 7f3a9c'

test('one trace goes from the request through outbox and bus to the consumers, and into the log', async (t) => {
  const { spans, endpoint } = await openCollector(t)
  const { server, lines, call, person } = await openServer(t, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })
  const [alice, bob] = [await person('alice'), await person('bob')]
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }

  const body = { target_user_id: bob.id }
  const request = await call<{ id: number }>('POST', '/friends/request', { token: alice.token, body })
  const accepted = await call('POST', `/friends/requests/${request.body.id}/accept`, { token: bob.token, headers })
  assert.equal(accepted.status, 200, accepted.text)
  assert.equal(accepted.headers.get('x-trace-id'), traceId)

  // On the bus: the event carries the trace.
  const records = await eventually(async () => {
    const found = []
    for (const partition of [0, 1, 2])
      found.push(...(await server.profile.bus.admin.read({ topic: 'friend.events', partition, offset: 0, limit: 100 })))
    const events = found.filter(({ value }) => value.event_type === 'FriendRequestAccepted')
    assert.equal(events.length, 1)
    return events
  })
  assert.match(records[0]!.headers['traceparent']!, new RegExp(`^00-${traceId}-`))

  // In the log: the request's line.
  const line = lines.find(({ msg, path }) => msg === 'request' && path === '/friends/requests/:id/accept')
  assert.equal(line?.['trace_id'], traceId)

  // At the collector: the request's span and the consumers' spans, below the caller's.
  await server.close()
  const ours = spans.filter((span) => span.traceId === traceId)
  const http = ours.find((span) => span.name === 'POST /friends/requests/:id/accept')
  const consumer = ours.find((span) => span.name === 'user-service consume')
  const gateway = ours.find((span) => span.name === 'gateway POST /api/friends')
  assert.equal(gateway?.parentSpanId, '00f067aa0ba902b7', JSON.stringify(ours))
  assert.equal(http?.parentSpanId, gateway.spanId)
  assert.ok(consumer, JSON.stringify(ours))
  assert.ok(
    ours.some((span) => span.spanId === consumer.parentSpanId),
    'the consumer hangs on the request',
  )
})

test('the log of a run holds no message, password, token or e-mail address', async (t) => {
  const { server, lines, call, person, befriend } = await openServer(t)
  const [alice, bob] = [await person('alice'), await person('bob')]
  await befriend(alice, bob)
  const open = { type: 'direct', user_id: bob.id }
  const room = await call<{ id: number }>('POST', '/chat-rooms', { token: alice.token, body: open })
  const secrets = [SECRET_TEXT, 'Test1234!@', alice.token, bob.token, 'alice@example.com', 'Wrong-pass-99']

  // What goes right …
  const sent = await call<{ id: string }>('POST', `/messages/${room.body.id}`, {
    token: alice.token,
    body: { content: SECRET_TEXT },
  })
  assert.equal(sent.status, 201, sent.text)
  const path = `/messages/${room.body.id}/${sent.body.id}`
  await call('PATCH', path, { token: alice.token, body: { content: `${SECRET_TEXT} 2` } })
  await call('GET', `/messages/search?q=${encodeURIComponent('비밀')}`, { token: bob.token })
  const ticket = await call<{ ticket: string }>('POST', '/stream/ticket', { token: bob.token })
  const stream = await fetch(`${server.urls.gateway}/api/stream?ticket=${ticket.body.ticket}`)
  await stream.body!.cancel()
  const login = await call<{ refresh_token: string }>('POST', '/auth/login/json', {
    body: { email: 'alice@example.com', password: 'Test1234!@' },
  })
  await call('POST', '/auth/refresh', { body: { refresh_token: login.body.refresh_token } })
  secrets.push(ticket.body.ticket, login.body.refresh_token)
  // … and what goes wrong
  await call('POST', '/auth/login/json', { body: { email: 'alice@example.com', password: 'Wrong-pass-99' } })
  await call('POST', '/auth/refresh', { body: { refresh_token: login.body.refresh_token } })
  await call('POST', `/messages/${room.body.id}`, { token: alice.token, body: `{"content":"${SECRET_TEXT}` })
  await call('POST', `/messages/999`, { token: alice.token, body: { content: SECRET_TEXT } })
  await call('GET', '/profile/me', { token: `${alice.token}x` })
  await server.profile.bus.publish([
    {
      topic: 'user.events',
      key: '1',
      value: {
        event_id: 'poison',
        event_type: 'UserProfileUpdated',
        timestamp: '',
        user_id: 1,
        display_name: SECRET_TEXT,
      },
      headers: { 'content-type': 'application/json' },
    },
  ])
  await eventually(() => assert.ok(lines.some(({ msg }) => msg === 'an event was dead-lettered')))
  await server.close()

  assert.ok(lines.length > 20, `${lines.length} lines`)
  const log = JSON.stringify(lines)
  for (const secret of secrets) assert.ok(!log.includes(secret), `the log holds ${secret.slice(0, 12)}…`)
  for (const { level, time, msg } of lines) assert.ok(level && time && msg)
  for (const line of lines.filter(({ msg }) => msg === 'request'))
    assert.match(String(line['trace_id']), /^[0-9a-f]{32}$/)
})

test('the metrics of the sources, on each service', async (t) => {
  const { server, call, person } = await openServer(t)
  const { token } = await person('minsu')
  await call('POST', '/presence/heartbeat', { token })
  await call('GET', '/friends', { token })
  const room = await call<{ id: number }>('POST', '/chat-rooms', {
    token,
    body: { type: 'group', name: '모임', member_ids: [] },
  })
  await call('POST', `/messages/${room.body.id}`, { token, body: { content: '안녕' } })
  const { user, friend, chat, gateway } = server.urls
  const names = { user: 'user-service', friend: 'friend-service', chat: 'chat-service', gateway: 'gateway' }
  for (const [key, url] of Object.entries({ user, friend, chat, gateway })) {
    const service = names[key as keyof typeof names]
    await call('GET', `${url}/health`)
    const answer = await call<string>('GET', `${url}/metrics`)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    const text = answer.text
    assert.match(
      text,
      new RegExp(`^http_requests_total\\{method="GET",path="/health",status="200",service="${service}"\\} [1-9]`, 'm'),
    )
    assert.match(text, new RegExp(`^http_request_duration_seconds_bucket\\{le="0.25",[^}]*service="${service}"`, 'm'))
    assert.match(text, /^http_request_duration_seconds_sum\{/m)
    assert.match(text, /^process_resident_memory_bytes /m)
    const series = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/ \S+$/, ''))
    assert.equal(new Set(series).size, series.length, `${service}: no series twice`)
  }
  // The order of labels is nobody's business.
  const metrics = async (url: string) => (await call<string>('GET', `${url}/metrics`)).text
  assert.match(await metrics(user), /^online_users_count\{service="user-service"\} 1$/m)
  assert.match(await metrics(user), /^user_registrations_total\{service="user-service"\} 1$/m)
  assert.match(await metrics(user), /^user_logins_total\{result="success",service="user-service"\} 1$/m)
  assert.match(await metrics(chat), /^messages_sent_total\{message_type="text",service="chat-service"\} 1$/m)
  assert.match(await metrics(chat), /^messages_sent_total\{message_type="voice",service="chat-service"\} 0$/m)
  assert.match(
    await metrics(chat),
    /^http_requests_total\{method="POST",path="\/messages\/:room_id",status="201",service="chat-service"\} 1$/m,
  )
})
