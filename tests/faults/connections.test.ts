import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, startProxy, type Proxy } from '@bigtech/testkit'
import { spawnDistributed } from '../support/distributed-processes.ts'
import { noEngines } from '../support/engines.ts'
import { assertThereOnce } from './afterwards.ts'
import { startCalls } from './calls.ts'

const skip = noEngines()

// Kafka's clients go where the brokers say they are, past any proxy: its outages are in engines.test.ts, and in packages/messaging.
const BEHIND_PROXIES = ['MYSQL_URL', 'REDIS_URL', 'S3_ENDPOINT'] as const

const WELL_MS = 10_000
const AWAY_MS = 4_000
/** Each way. A message is some twelve statements one after the other: it takes a second then, and still less than anybody waits. */
const SLOW_MS = 40

describe('connections to engines that are lost, or slow', { skip }, async () => {
  if (skip) return
  const proxies: Partial<Record<(typeof BEHIND_PROXIES)[number], Proxy>> = {}
  const env: Record<string, string> = {}
  for (const name of BEHIND_PROXIES) {
    const url = new URL(process.env[name]!)
    const proxy = await startProxy({ port: Number(url.port) })
    after(() => proxy.close())
    url.port = String(proxy.port)
    proxies[name] = proxy
    env[name] = url.href.replace(/\/$/, '')
  }
  const { urls } = await spawnDistributed(
    { after },
    { env, copies: { user: 1, friend: 1, chat: 1, notification: 1, analytics: 1, gateway: 1 } },
  )
  const calls = await startCalls(urls)

  for (const name of BEHIND_PROXIES) {
    const proxy = proxies[name]!
    /** @returns what one of everything was answered with during the fault, and after how many ms */
    const check = async (fault: () => void) => {
      const wrongBefore = calls.wrong.length
      fault()
      const began = performance.now()
      const during = calls.round().then((said) => ({ said, ms: performance.now() - began }))
      await sleep(AWAY_MS)
      proxy.mend()
      await eventually(async () => assert.deepEqual(await calls.round(), []), { timeoutMs: WELL_MS, everyMs: 200 })
      assert.deepEqual(calls.wrong.slice(wrongBefore, wrongBefore + 10), [])
      return during
    }
    it(`${name} cut off: refused, then well without a restart`, async () => {
      const { said } = await check(() => proxy.cut())
      assert.notDeepEqual(said, [], 'the fault had no effect')
    })
    it(`${name} where nothing passes any more: refused or late, then well without a restart`, async () => {
      const { said, ms } = await check(() => proxy.pause())
      assert.ok(said.length > 0 || ms > AWAY_MS - 100, 'the fault had no effect')
    })
    it(`${name} slow: late, and right`, async () => {
      const refused = calls.counts.refused
      const { ms } = await check(() => proxy.slow(SLOW_MS))
      assert.ok(ms > 2 * SLOW_MS, 'the fault had no effect')
      assert.equal(calls.counts.refused, refused, 'what is slow is not away')
    })
  }

  it('nothing acknowledged is lost, and nothing is there twice', async () => {
    await calls.stop()
    await assertThereOnce(calls.people[0]!, calls.roomId, calls.acknowledged)
  })
})
