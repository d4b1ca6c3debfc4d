import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, suite, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectRedis, type RedisLink } from '@bigtech/redis'
import { eventually, findEngine, startProxy } from '@bigtech/testkit'
import { cacheContract } from './cache.contract.ts'
import { createRedisCache } from './redis-cache.ts'

const links: RedisLink[] = []
after(() => Promise.all(links.map((link) => link.close())))

async function open(url: string) {
  const link = await connectRedis(url)
  links.push(link)
  return createRedisCache(link)
}

for (const [setting, server] of [
  ['REDIS_URL', 'redis'],
  ['REDIS_CLUSTER_URL', 'redis-cluster'],
] as const) {
  const { value: url, skip } = findEngine(setting, server)
  suite(server, { skip }, () => {
    if (!skip) cacheContract(server, async () => ({ cache: await open(url), advance: (ms) => sleep(ms) }))
  })
}

const single = findEngine('REDIS_URL', 'redis')

suite('a cache whose Redis goes away', { skip: single.skip }, () => {
  async function behindProxy(t: TestContext) {
    const proxy = await startProxy({ port: Number(new URL(single.value).port) })
    t.after(() => proxy.close())
    return { proxy, cache: await open(`redis://127.0.0.1:${proxy.port}`), other: await open(single.value) }
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
