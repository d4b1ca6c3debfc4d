import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createServiceTokens } from '@bigtech/http'
import { createOpsClient, createRemoteOps } from './remote-ops.ts'
import { serviceOpsContract } from './service-ops.contract.ts'
import { openRemote, openService, SECRET, SERVICE } from './service-ops.fixture.ts'

serviceOpsContract('in this process', async (_t, { ops }) => ops)
serviceOpsContract('over its internal port', async (t, service) => (await openRemote(t, service)).remote)

test('a service without outbox, storage, reports and partitions has none of their routes', async (t) => {
  const { ops } = await openService(t)
  const { name, usage, health, document } = ops
  const { internal } = await openRemote(t, { ops: { name, usage, health, document } })
  const authorization = createServiceTokens({ service: 'gateway', secrets: [SECRET] }).authorization(SERVICE)
  const status = async (url: string) => (await internal.inject({ url, headers: { authorization } })).statusCode
  assert.equal(await status('/internal/ops/usage'), 200)
  for (const path of ['outbox', 'outbox/parked?limit=1', 'storage?limit=1', 'reports?limit=1', 'partitions'])
    assert.equal(await status(`/internal/ops/${path}`), 404, path)
})

test('only services are answered', async (t) => {
  const { internal, url } = await openRemote(t, await openService(t))
  for (const path of [
    'usage',
    'health',
    'document',
    'outbox',
    'outbox/parked?limit=1',
    'storage?limit=1',
    'partitions',
  ])
    assert.equal((await internal.inject({ url: `/internal/ops/${path}` })).statusCode, 401, path)
  const unpark = { method: 'POST', url: '/internal/ops/outbox/unpark', payload: { ids: ['1'] } } as const
  assert.equal((await internal.inject(unpark)).statusCode, 401)
  const stranger = createServiceTokens({ service: 'gateway', secrets: [`not ${SECRET}`] })
  const ops = createRemoteOps({ name: url.host, client: createOpsClient(url, SERVICE, stranger), has: [] })
  await assert.rejects(ops.usage(), { name: 'HttpStatusError', status: 401 })
})

test('an answer of another kind is an outage, not an answer', async (t) => {
  const { ops } = await openService(t)
  const { remote } = await openRemote(t, {
    ops: { ...ops, document: () => Promise.resolve({ tags: [] }) },
  })
  await assert.rejects(remote.document(), { code: 'DEPENDENCY_UNAVAILABLE' })
})

test('a call ends with its signal, however long the instance takes', async (t) => {
  const { ops } = await openService(t)
  const asked = Promise.withResolvers<void>()
  const late = Promise.withResolvers<never>()
  t.after(() => late.reject(new Error('the test is over')))
  const { remote } = await openRemote(t, {
    ops: {
      ...ops,
      storage() {
        asked.resolve()
        return late.promise
      },
    },
  })
  const controller = new AbortController()
  const answer = remote.storage!(1, controller.signal)
  await asked.promise
  controller.abort(new Error('enough'))
  await assert.rejects(answer, /enough/)
})
