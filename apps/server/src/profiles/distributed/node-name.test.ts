import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bigtech/kernel'
import { onRedis, redisLinks } from '@bigtech/redis/testing'
import { eventually } from '@bigtech/testkit'
import { watchNodeName } from './node-name.ts'

onRedis(['redis', 'redis-cluster'], (_server, url) => {
  const connect = redisLinks()

  const open = async (name: string) => {
    const told: string[] = []
    const link = await connect(url)
    const logger = { error: (_fields: object, message: string) => void told.push(message) }
    const { close } = watchNodeName(link, name, logger, 30)
    return { told, close, link, turns: () => new Promise((resolve) => setTimeout(resolve, 150)) }
  }

  test('two processes with one name are told, both; with a name each, or one after the other, nobody is', async () => {
    const name = `user-${newId()}`
    const [one, stranger] = [await open(name), await open(`${name}-2`)]
    await one.turns()
    const twin = await open(name)
    await eventually(() => assert.ok(one.told.length > 0 && twin.told.length > 0))
    assert.match(one.told[0]!, /another process runs with this NODE_ID/)
    await one.close()
    await twin.turns()
    const before = twin.told.length
    await twin.turns()
    assert.equal(twin.told.length, before, 'the other has gone')
    // Killed: its mark is still there.
    await twin.close()
    await twin.link.client.set(`node:${name}`, 'of a process that was killed')
    const next = await open(name)
    await next.turns()
    assert.deepEqual([next.told, stranger.told], [[], []])
    for (const each of [next, stranger]) await each.close()
  })
})
