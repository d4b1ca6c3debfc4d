import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { newId } from '@bigtech/kernel'
import { onRedis, redisLinks } from '@bigtech/redis/testing'
import { eventually } from '@bigtech/testkit'
import { watchNodeName } from './node-name.ts'

onRedis(['redis', 'redis-cluster'], (_server, url) => {
  const connect = redisLinks()

  const open = async (t: TestContext, name: string) => {
    const told: string[] = []
    const link = await connect(url)
    const logger = { error: (_fields: object, message: string) => void told.push(message) }
    const set = t.mock.method(link.client, 'set')
    const { close } = watchNodeName(link, name, logger, 30)
    /** It has written three times more, and heard what was there. */
    const turns = async () => {
      const before = set.mock.callCount()
      await eventually(() => assert.ok(set.mock.callCount() > before + 3))
    }
    return { told, close, link, turns }
  }

  test('two processes with one name are told, both; with a name each, or one after the other, nobody is', async (t) => {
    const name = `user-${newId()}`
    const [one, stranger] = [await open(t, name), await open(t, `${name}-2`)]
    await one.turns()
    const twin = await open(t, name)
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
    const next = await open(t, name)
    await next.turns()
    assert.deepEqual([next.told, stranger.told], [[], []])
    for (const each of [next, stranger]) await each.close()
  })
})
