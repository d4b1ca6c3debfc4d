import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { createMemoryRateLimiter, createRedisRateLimiter } from './rate-limit.ts'
import { rateLimiterContract } from './rate-limiter.contract.ts'
import { onRedis, redisBehindProxy, redisLinks, singleRedis } from '@bigtech/redis/testing'

const connect = redisLinks()

rateLimiterContract('memory', async (options) => {
  const limiter = createMemoryRateLimiter(options)
  return [limiter, limiter]
})

onRedis(['redis', 'redis-cluster'], (server, url) => {
  rateLimiterContract(server, async (options) => [
    createRedisRateLimiter(await connect(url), options),
    createRedisRateLimiter(await connect(url), options),
  ])
})

test('while Redis is away a process counts for itself, and does not wait', { skip: singleRedis.skip }, async (t) => {
  const { proxy, url: cuttable } = await redisBehindProxy(t)
  const limiter = createRedisRateLimiter(await connect(cuttable), { limit: 2, windowS: 60 })
  const key = randomUUID()
  await limiter.consume(key)
  proxy.cut()
  const answers = []
  for (let n = 0; n < 3; n++) answers.push((await limiter.consume(key)).allowed)
  assert.deepEqual(answers, [true, true, false])
  assert.equal((await limiter.peek(key)).allowed, false)
  await limiter.reset(key)
})
