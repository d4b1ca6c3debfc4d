import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import type { RateLimiter } from './rate-limit.ts'

type Open = (options: { limit: number; windowS: number }) => Promise<readonly [RateLimiter, RateLimiter]>

/** @param open two nodes that count together; in one process they are one */
export function rateLimiterContract(name: string, open: Open): void {
  const key = () => randomUUID()

  suite(`rate limiter: ${name}`, () => {
    test('counts the calls of a key on all nodes together, and refuses beyond the limit', async () => {
      const [here, there] = await open({ limit: 3, windowS: 60 })
      const [k, other] = [key(), key()]
      assert.deepEqual(
        [await here.consume(k), await there.consume(k), await here.consume(k), await there.consume(k)].map(
          ({ remaining, allowed, limit }) => [remaining, allowed, limit],
        ),
        [
          [2, true, 3],
          [1, true, 3],
          [0, true, 3],
          [0, false, 3],
        ],
      )
      assert.equal((await here.consume(other)).allowed, true)
      const { resetS } = await here.peek(k)
      assert.ok(resetS > 0 && resetS <= 60, String(resetS))
    })

    test('of many calls at once exactly so many are allowed', async () => {
      const [here, there] = await open({ limit: 10, windowS: 60 })
      const k = key()
      const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? here : there).consume(k)))
      assert.equal(answers.filter(({ allowed }) => allowed).length, 10)
    })

    test('a window ends', async () => {
      const [here] = await open({ limit: 1, windowS: 1 })
      const k = key()
      await here.consume(k)
      assert.equal((await here.peek(k)).allowed, false)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      assert.equal((await here.consume(k)).allowed, true)
    })

    test('looking counts nothing; calls can be given back, one or all', async () => {
      const [here, there] = await open({ limit: 2, windowS: 60 })
      const k = key()
      assert.deepEqual(await here.peek(k), { limit: 2, remaining: 2, resetS: 60, allowed: true })
      await here.giveBack(k)
      await here.consume(k)
      await here.consume(k)
      await there.giveBack(k)
      assert.equal((await here.peek(k)).remaining, 1)
      await here.consume(k)
      await there.reset(k)
      assert.equal((await here.peek(k)).remaining, 2)
    })
  })
}
