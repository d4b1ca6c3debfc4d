import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@bigtech/kernel'
import type { RedisLink } from '@bigtech/redis'
import { presenceStoreContract } from '../presence-store.contract.ts'
import { createRedisPresenceStore } from './presence-store.ts'
import { onRedis, redisBehindProxy, redisLinks, singleRedis } from '@bigtech/redis/testing'

const connect = redisLinks()

/** Whatever a test before left there. */
async function empty({ client }: RedisLink): Promise<void> {
  for (let shard = 0; shard < 16; shard++) await client.del(`presence:{${shard}}`)
}

onRedis(['redis', 'redis-cluster'], (server, url) => {
  presenceStoreContract(server, async () => {
    const link = await connect(url)
    await empty(link)
    let at = 1_000_000
    const store = createRedisPresenceStore(link, () => at)
    return { store, advance: async (ms) => void (at += ms) }
  })

  test('goes by the clock of Redis, sweeps many, and shows who is online to others', async () => {
    const link = await connect(url)
    await empty(link)
    const store = createRedisPresenceStore(link)
    const ids = Array.from({ length: 1_200 }, (_, n) => (n + 1) * 16)
    await Promise.all(ids.map((id) => store.beat(id, 100)))
    await store.beat(7, 60_000)
    assert.equal(await link.client.get('user:online:7'), '1')
    await new Promise((resolve) => setTimeout(resolve, 150))
    assert.deepEqual(await store.online([7, 16, 32]), new Set([7]))
    assert.equal(await store.count(), 1)
    assert.deepEqual(
      (await store.takeExpired()).toSorted((a, b) => a - b),
      ids,
    )
    await store.remove(7)
    assert.equal(await link.client.get('user:online:7'), null)
  })
})

test('while Redis is away nobody knows', { skip: singleRedis.skip }, async (t) => {
  const { proxy, url: cuttable } = await redisBehindProxy(t)
  const store = createRedisPresenceStore(await connect(cuttable))
  proxy.cut()
  const unavailable = (error: unknown) => error instanceof AppError && error.kind === 'unavailable'
  await assert.rejects(store.beat(1, 1), unavailable)
  await assert.rejects(store.online([1]), unavailable)
  await assert.rejects(store.takeExpired(), unavailable)
})
