import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { onRedis, redisBehindProxy, redisLinks, singleRedis } from '@bigtech/redis/testing'
import { idempotencyContract } from '@bigtech/sql/idempotency-suite'
import { eventually } from '@bigtech/testkit'
import { createRedisIdempotencyStore } from './redis-idempotency.ts'

const connect = redisLinks()
const entry = { scope: 'user:7', key: 'k' }
const request = { ...entry, fingerprint: 'f', now: 1_000 }

onRedis(['redis', 'redis-cluster'], (server, url) => {
  idempotencyContract(`${server}, two connections`, async () => {
    const installation = randomUUID()
    const links = await Promise.all([connect(url), connect(url)])
    return links.map((link) => ({
      storeFor: (service: string) => createRedisIdempotencyStore({ ...link, prefix: `${installation}:` }, service),
      // Redis forgets by itself.
      async prune() {},
    }))
  })

  test('what is stored ends with its time to live, also when its answer came later', async () => {
    const link = await connect(url)
    const service = randomUUID()
    const store = createRedisIdempotencyStore(link, service)
    const ttl = () => link.client.pttl(`idempotency:${service}:user:7 k`)
    await store.begin(request)
    assert.ok((await ttl()) > 23 * 3_600_000)
    await store.finish({ ...entry, answer: { status: 200, body: '{}' } })
    assert.ok((await ttl()) > 23 * 3_600_000)
    await store.abandon(entry)
    await store.finish({ ...entry, answer: { status: 200, body: '{}' } })
    assert.equal(await ttl(), -2)
  })
})

test('while Redis is away nothing begins, and it goes on by itself', { skip: singleRedis.skip }, async (t) => {
  const { proxy, url } = await redisBehindProxy(t)
  const store = createRedisIdempotencyStore(await connect(url), randomUUID())
  proxy.cut()
  await assert.rejects(store.begin(request), { code: 'REDIS_UNAVAILABLE', kind: 'unavailable' })
  proxy.mend()
  // A key each: a call that was given up may have begun.
  await eventually(async () => assert.deepEqual(await store.begin({ ...request, key: randomUUID() }), { state: 'new' }))
})
