import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock } from '@bigtech/kernel'
import { onRedis, redisBehindProxy, redisLinks, singleRedis } from '@bigtech/redis/testing'
import { focusStoreContract } from './focus-store.contract.ts'
import { createMemoryFocus } from './memory/focus.ts'
import { createRedisFocus } from './redis/focus.ts'

focusStoreContract('memory', async (clock) => {
  const focus = createMemoryFocus(clock)
  return [focus, focus]
})

const connect = redisLinks()
const fails = (error: unknown) => assert.fail(String(error))

onRedis(['redis', 'redis-cluster'], (server, url) => {
  focusStoreContract(server, async (clock) => [
    createRedisFocus(await connect(url), clock, fails),
    createRedisFocus(await connect(url), clock, fails),
  ])

  it('nothing is kept for longer than a minute', async () => {
    const link = await connect(url)
    const room = Math.floor(Math.random() * 1e9)
    await createRedisFocus(link, systemClock, fails).set({ user_id: 1, connection_id: `of ${room}` }, room)
    for (const key of [`focus:room:${room}`, `focus:of:1/of ${room}`]) {
      const left = await link.client.pttl(link.prefix + key)
      assert.ok(left > 50_000 && left <= 60_000, `${key}: ${left}`)
    }
  })
})

it('while Redis is away nobody shows anything, and nobody waits for it', { skip: singleRedis.skip }, async (t) => {
  const { proxy, url } = await redisBehindProxy(t)
  const troubles: unknown[] = []
  const focus = createRedisFocus(await connect(url), systemClock, (error) => void troubles.push(error))
  proxy.cut()
  await focus.set({ user_id: 1, connection_id: 'c' }, 7)
  assert.deepEqual(await focus.focused(7), new Set())
  assert.equal(troubles.length, 2)
})
