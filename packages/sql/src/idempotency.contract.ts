import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import type { openIdempotencyStore } from './idempotency.ts'

type Stores = Pick<Awaited<ReturnType<typeof openIdempotencyStore>>, 'storeFor' | 'prune'>

const HOUR = 3_600_000

/** What a store of answers promises, on every engine. `open` gives several pools on one empty database, as many as processes would have. */
export function idempotencyContract(name: string, open: (t: TestContext) => Promise<readonly Stores[]>): void {
  const entry = { scope: 'user:7', key: '열쇠 🔑' }
  const request = { ...entry, fingerprint: 'f', now: 1_000 }

  suite(`idempotency store: ${name}`, () => {
    test('of many equal requests at once exactly one begins; the others wait for its answer', async (t) => {
      const pools = await open(t)
      const stores = pools.map((each) => each.storeFor('a'))
      const begun = await Promise.all(Array.from({ length: 30 }, (_, i) => stores[i % stores.length]!.begin(request)))
      assert.equal(begun.filter(({ state }) => state === 'new').length, 1)
      assert.equal(begun.filter(({ state }) => state === 'pending').length, 29)
      const answer = { status: 201, body: JSON.stringify({ text: '👍 \\ "', large: 'x'.repeat(200_000) }) }
      await stores[0]!.finish({ ...entry, answer })
      for (const store of stores) assert.deepEqual(await store.begin(request), { state: 'done', answer })
    })

    test('a key with another request is refused; another service, caller or key is apart', async (t) => {
      const [pool] = await open(t)
      const store = pool!.storeFor('a')
      await store.begin(request)
      assert.deepEqual(await store.begin({ ...request, fingerprint: 'g' }), { state: 'mismatch' })
      assert.deepEqual(await store.begin({ ...request, scope: 'user:8' }), { state: 'new' })
      assert.deepEqual(await store.begin({ ...request, key: entry.key.toUpperCase() + 'K' }), { state: 'new' })
      assert.deepEqual(await store.begin({ ...request, key: entry.key.toLowerCase() + 'k' }), { state: 'new' })
      assert.deepEqual(await pool!.storeFor('b').begin(request), { state: 'new' })
    })

    test('what was abandoned, or left by a process that died, may be tried again by one', async (t) => {
      const pools = await open(t)
      const stores = pools.map((each) => each.storeFor('a'))
      const all = async (now: number) => {
        const begun = await Promise.all(
          Array.from({ length: 20 }, (_, i) => stores[i % stores.length]!.begin({ ...request, now })),
        )
        return begun.filter(({ state }) => state === 'new').length
      }
      assert.equal(await all(1_000), 1)
      assert.equal(await all(60_999), 0)
      assert.equal(await all(61_000), 1)
      await stores[0]!.abandon(entry)
      assert.equal(await all(61_001), 1)
    })

    test('an answer is kept for 24 hours', async (t) => {
      const [pool] = await open(t)
      const store = pool!.storeFor('a')
      await store.begin(request)
      await store.finish({ ...entry, answer: { status: 204, body: '' } })
      const state = async (now: number) => (await store.begin({ ...request, now })).state
      await pool!.prune(1_000 + 24 * HOUR)
      assert.equal(await state(999 + 24 * HOUR), 'done')
      await pool!.prune(1_001 + 24 * HOUR)
      assert.equal(await state(1_001 + 24 * HOUR), 'new')
    })
  })
}
