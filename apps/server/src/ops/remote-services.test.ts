import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createHost } from '@bigtech/http'
import { createDlq, createEmbeddedBus } from '@bigtech/messaging'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { tempDir } from '@bigtech/testkit'
import { opsRoutes } from './ops.http.ts'
import { openRemote, openService } from './service-ops.fixture.ts'
import type { Services } from './services.ts'

/** The operations of a gateway, and its services somewhere else. */
async function open(t: TestContext, services: Services) {
  const bus = await createEmbeddedBus({ file: join(tempDir(t), 'events.db'), logger: nullLogger })
  t.after(() => bus.close())
  const app = await createHost({
    service: { name: 'gateway', title: 'Gateway', description: 'For tests.' },
    logger: nullLogger,
    metrics: createMetrics('gateway'),
    tokens: {
      verify: async () => ({ user_id: 1, session_id: 's', role: 'admin', expires_at: Infinity }),
    },
    readiness: {},
    corsOrigins: [],
    trustProxy: false,
  })
  opsRoutes(app, { bus, dlq: createDlq({ bus }), services })
  t.after(() => app.close())
  const call = async (method: 'GET' | 'POST', path: string, payload?: object) => {
    const answer = await app.inject({
      method,
      url: `/api/ops/${path}`,
      headers: { authorization: 'Bearer x' },
      ...(payload ? { payload } : {}),
    })
    return { status: answer.statusCode, headers: answer.headers, text: answer.body }
  }
  return { call }
}

const READS = ['metrics', 'outbox', 'outbox/friend-service/parked', 'storage', 'reports']

test('operations of services in other processes are those of this one', async (t) => {
  const service = await openService(t)
  const { remote } = await openRemote(t, service)
  const id = await service.park('비밀번호는 1234')
  const report = { user_id: 8, reason: 'spam', note: '', message_ids: [], created_at: 0 } as const
  await service.reports.add({ ...report, reporter_id: 7, limit: 10, since: 0 })
  const [here, there] = [
    await open(t, { 'friend-service': [service.ops] }),
    await open(t, { 'friend-service': [remote] }),
  ]
  for (const path of ['outbox', 'storage', 'reports']) {
    const answer = await there.call('GET', path)
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.text, (await here.call('GET', path)).text, path)
  }
  for (const path of ['metrics', 'health']) assert.equal((await there.call('GET', path)).status, 200, path)
  const parked = await there.call('GET', 'outbox/friend-service/parked')
  assert.match(parked.text, /\[10 characters, #/)
  assert.doesNotMatch(parked.text, /비밀|1234/)
  assert.equal((await there.call('POST', 'outbox/friend-service/unpark', { ids: [id] })).status, 204)
  assert.equal(service.notified(), 1)
  assert.equal((await there.call('GET', 'outbox/chat-service/parked')).status, 404)
})

test('while nobody answers: 503 with Retry-After, and health says who is away', async (t) => {
  const { remote, internal } = await openRemote(t, await openService(t))
  await internal.close()
  const { call } = await open(t, { 'friend-service': [remote, remote] })
  for (const path of READS) {
    const { status, headers, text } = await call('GET', path)
    assert.deepEqual(
      [status, (JSON.parse(text) as { code: string }).code, headers['retry-after']],
      [503, 'DEPENDENCY_UNAVAILABLE', '1'],
      path,
    )
  }
  assert.equal((await call('POST', 'outbox/friend-service/unpark', { ids: ['1'] })).status, 503)
  const health = await call('GET', 'health')
  assert.equal(health.status, 200)
  assert.match(health.text, /"status":"down"/)
})
