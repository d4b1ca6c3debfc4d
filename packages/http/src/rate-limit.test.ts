import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, suite, test } from 'node:test'
import { connectRedis, type RedisLink } from '@bigtech/redis'
import { findEngine, startProxy } from '@bigtech/testkit'
import { createMemoryRateLimiter, createRedisRateLimiter } from './rate-limit.ts'
import { rateLimiterContract } from './rate-limiter.contract.ts'

const links: RedisLink[] = []
after(() => Promise.all(links.map((link) => link.close())))
async function connect(url: string): Promise<RedisLink> {
  const link = await connectRedis(url)
  links.push(link)
  return link
}

rateLimiterContract('memory', async (options) => {
  const limiter = createMemoryRateLimiter(options)
  return [limiter, limiter]
})

for (const [setting, server] of [
  ['REDIS_URL', 'redis'],
  ['REDIS_CLUSTER_URL', 'redis-cluster'],
] as const) {
  const { value: url, skip } = findEngine(setting, server)
  suite(server, { skip }, () => {
    if (!skip)
      rateLimiterContract(server, async (options) => [
        createRedisRateLimiter(await connect(url), options),
        createRedisRateLimiter(await connect(url), options),
      ])
  })
}

const single = findEngine('REDIS_URL', 'redis')

test('while Redis is away a process counts for itself, and does not wait', { skip: single.skip }, async (t) => {
  const proxy = await startProxy({ port: Number(new URL(single.value).port) })
  t.after(() => proxy.close())
  const limiter = createRedisRateLimiter(await connect(`redis://127.0.0.1:${proxy.port}`), { limit: 2, windowS: 60 })
  const key = randomUUID()
  await limiter.consume(key)
  proxy.cut()
  const answers = []
  for (let n = 0; n < 3; n++) answers.push((await limiter.consume(key)).allowed)
  assert.deepEqual(answers, [true, true, false])
  assert.equal((await limiter.peek(key)).allowed, false)
  await limiter.reset(key)
})
