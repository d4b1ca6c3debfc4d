import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { connectRedis } from '@bigtech/redis'
import { eventually } from '@bigtech/testkit'
import { brokerContract } from '../broker.contract.ts'
import { createRedisBroker } from './redis-broker.ts'
import { onRedis, redisBehindProxy, singleRedis } from '@bigtech/redis/testing'

type Scope = { after(close: () => unknown): void }

async function openBroker(t: Scope, url: string, probeMs?: number) {
  const link = await connectRedis(url)
  const broker = await createRedisBroker(link, probeMs === undefined ? {} : { probeMs })
  t.after(async () => {
    broker.close()
    await link.close()
  })
  return broker
}

onRedis(['redis', 'redis-sentinel', 'redis-cluster'], (server, url) => {
  brokerContract(server, async (t) => [await openBroker(t, url), await openBroker(t, url)])
})

suite('Redis that goes away', { skip: singleRedis.skip }, () => {
  async function open(t: TestContext) {
    const { proxy, url: cuttable } = await redisBehindProxy(t)
    const here = await openBroker(t, singleRedis.value)
    const there = await openBroker(t, cuttable, 100)
    const got: string[] = []
    let gaps = 0
    const channel = `room:${Math.random()}`
    const { effective } = there.subscribe(
      channel,
      (frame) => void got.push(frame),
      () => void gaps++,
    )
    await effective
    here.publish(channel, 'before')
    await eventually(() => assert.deepEqual(got, ['before']))
    return { proxy, here, there, channel, got, gaps: () => gaps }
  }

  test('a lost connection is made anew, and its gap is told once frames arrive again', async (t) => {
    const { proxy, here, channel, got, gaps } = await open(t)
    proxy.cut()
    here.publish(channel, 'lost')
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(gaps(), 0, 'nothing is repaired while nothing arrives')
    proxy.mend()
    await eventually(() => assert.equal(gaps(), 1))
    here.publish(channel, 'after')
    await eventually(() => assert.deepEqual(got, ['before', 'after']))
  })

  test('a connection that is open but dead is found', async (t) => {
    const { proxy, here, channel, got, gaps } = await open(t)
    proxy.pause()
    here.publish(channel, 'held back')
    // New connections pass nothing either, until the proxy is mended.
    await new Promise((resolve) => setTimeout(resolve, 500))
    proxy.mend()
    await eventually(() => assert.ok(gaps() >= 1))
    here.publish(channel, 'after')
    await eventually(() => assert.equal(got.at(-1), 'after'))
  })

  test('publishing while Redis is away neither waits nor throws', async (t) => {
    const { proxy, there, channel } = await open(t)
    proxy.cut()
    for (let n = 0; n < 1_000; n++) there.publish(channel, `${n}`)
  })

  test('a subscription that begins while Redis is away is effective when it is back', async (t) => {
    const { proxy, here, there } = await open(t)
    proxy.cut()
    const got: string[] = []
    const { effective } = there.subscribe('room:late', (frame) => void got.push(frame))
    proxy.mend()
    await effective
    here.publish('room:late', 'there')
    await eventually(() => assert.deepEqual(got, ['there']))
  })

  test('one that is stopped while Redis is away is settled', async (t) => {
    const { proxy, there } = await open(t)
    proxy.cut()
    const { effective, stop } = there.subscribe('room:gone', () => {})
    stop()
    await effective
  })
})
