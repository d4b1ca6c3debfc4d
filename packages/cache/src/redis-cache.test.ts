import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@bigtech/testkit'
import { cacheContract } from './cache.contract.ts'
import { createRedisCache } from './redis-cache.ts'
import { onRedis, redisBehindProxy, redisLinks, singleRedis } from '@bigtech/redis/testing'

const connect = redisLinks()
const open = async (url: string) => createRedisCache(await connect(url))

onRedis(['redis', 'redis-cluster'], (server, url) => {
  cacheContract(server, async () => ({ cache: await open(url), advance: (ms) => sleep(ms) }))
})

suite('a cache whose Redis goes away', { skip: singleRedis.skip }, () => {
  async function behindProxy(t: TestContext) {
    const { proxy, url: cuttable } = await redisBehindProxy(t)
    return { proxy, cache: await open(cuttable), other: await open(singleRedis.value) }
  }
  const key = () => `cache:test:${randomUUID()}`

  test('is empty, and no call rejects', async (t) => {
    const { proxy, cache } = await behindProxy(t)
    const k = key()
    await cache.set(k, 'value', 60)
    proxy.cut()
    assert.equal(await cache.get(k), undefined)
    await cache.set(key(), 'value', 60)
    await cache.delete(key())
  })

  test('does not bring back what was deleted, or set anew, meanwhile', async (t) => {
    const { proxy, cache, other } = await behindProxy(t)
    const [deleted, changed] = [key(), key()]
    await cache.set(deleted, 'old', 60)
    await cache.set(changed, 'old', 60)
    proxy.cut()
    await cache.delete(deleted)
    await cache.set(changed, 'new', 60)
    proxy.mend()
    await eventually(async () => {
      assert.equal(await other.get(deleted), undefined)
      assert.equal(await other.get(changed), undefined)
    })
    assert.equal(await cache.get(deleted), undefined)
    await eventually(async () => {
      await cache.set(changed, 'newest', 60)
      assert.equal(await other.get(changed), 'newest')
    })
  })
})
