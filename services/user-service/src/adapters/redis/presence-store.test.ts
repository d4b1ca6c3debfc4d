import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { connectRedis, type RedisLink } from '@bigtech/redis'
import { findEngine, startProxy } from '@bigtech/testkit'
import { presenceStoreContract } from '../presence-store.contract.ts'
import { createRedisPresenceStore } from './presence-store.ts'

const links: RedisLink[] = []
after(() => Promise.all(links.map((link) => link.close())))
async function connect(url: string): Promise<RedisLink> {
  const link = await connectRedis(url)
  links.push(link)
  return link
}

/** Whatever a test before left there. */
async function empty({ client }: RedisLink): Promise<void> {
  for (let shard = 0; shard < 16; shard++) await client.del(`presence:{${shard}}`)
}

for (const [setting, server] of [
  ['REDIS_URL', 'redis'],
  ['REDIS_CLUSTER_URL', 'redis-cluster'],
] as const) {
  const { value: url, skip } = findEngine(setting, server)
  suite(server, { skip }, () => {
    if (skip) return
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
}

const single = findEngine('REDIS_URL', 'redis')

test('while Redis is away nobody knows', { skip: single.skip }, async (t) => {
  const proxy = await startProxy({ port: Number(new URL(single.value).port) })
  t.after(() => proxy.close())
  const store = createRedisPresenceStore(await connect(`redis://127.0.0.1:${proxy.port}`))
  proxy.cut()
  const unavailable = (error: unknown) => error instanceof AppError && error.kind === 'unavailable'
  await assert.rejects(store.beat(1, 1), unavailable)
  await assert.rejects(store.online([1]), unavailable)
  await assert.rejects(store.takeExpired(), unavailable)
})
