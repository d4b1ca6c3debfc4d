import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { eventually, type Cleanup } from '@bigtech/testkit'
import { call } from '../support/index.ts'
import { noEngines } from '../support/engines.ts'
import { noOwnPair, startOwnPair } from '../support/own-pair.ts'
import { assertNothingLost, assertThereOnce } from './afterwards.ts'
import { startCalls } from './calls.ts'
import { startListening } from './listener.ts'
import { startLoad } from './load.ts'

const skip = noOwnPair() || noEngines()
/** Everything is well again so long after another is the primary. */
const WELL_MS = 15_000
const ENOUGH = 30

describe('another primary of MySQL', { skip }, async () => {
  if (skip) return
  const { pair, urls } = await open({ after })

  it('takes the place of one that stands still, and wakes up later: nothing acknowledged is lost or doubled, nobody is told nonsense, and what wakes up changes nothing', async (t) => {
    const calls = await startCalls(urls)
    after(() => calls.stop())
    const load = await startLoad(urls.gateway, 2)
    after(() => load.stop())
    const listener = await startListening(urls, calls.people[1]!, calls.roomId)
    t.after(() => listener.close())
    const isUp = async (): Promise<boolean> => {
      const { checks } = (await call('GET', `${urls.user}/ready`)).json() as { checks: { mysql: { status: string } } }
      return checks.mysql.status === 'up'
    }
    const moreDone = async () => {
      const [said, done] = [calls.acknowledged.length, load.done()]
      await eventually(() => assert.ok(calls.acknowledged.length > said + ENOUGH && load.done() > done + ENOUGH), {
        timeoutMs: 60_000,
      })
    }
    await moreDone()

    pair.freeze()
    await eventually(async () => assert.equal(await isUp(), false), { timeoutMs: 15_000 })
    await pair.promote()
    const since = performance.now()
    await eventually(
      async () => {
        assert.equal(await isUp(), true)
        assert.deepEqual(await calls.round(), [])
      },
      { timeoutMs: WELL_MS, everyMs: 200 },
    )
    const { done, refused } = calls.counts
    t.diagnostic(`well ${Math.round(performance.now() - since)} ms after; ${done} done, ${refused} refused`)

    pair.thaw()
    // What it was about to write when it stood still is written, and read by nobody.
    await moreDone()
    const place = await pair.written()
    await moreDone()
    assert.equal(await pair.written(), place)

    await Promise.all([calls.stop(), load.stop()])
    assert.deepEqual(calls.wrong.slice(0, 10), [])
    await eventually(() => assert.deepEqual(listener.lacks(calls.acknowledged.slice(-200)), []))
    await assertThereOnce(calls.people[0]!, calls.roomId, calls.acknowledged)
    await assertNothingLost(load, 30_000)
  })
})

/** The product, whose MySQL are two of its own; ended in the reverse order. */
async function open(t: Cleanup) {
  const ends: (() => unknown)[] = []
  const scope: Cleanup = { after: (end) => void ends.push(end) }
  t.after(async () => {
    for (const end of ends.toReversed()) await end()
  })
  const pair = await startOwnPair(scope)
  process.env['MYSQL_URL'] = pair.url
  const { spawnDistributed } = await import('../support/distributed-processes.ts')
  const copies = { user: 1, friend: 1, chat: 2, notification: 1, ai: 1, analytics: 1, gateway: 1 }
  const { urls } = await spawnDistributed(scope, { copies, readyTimeoutMs: 150_000 })
  return { pair, urls }
}
