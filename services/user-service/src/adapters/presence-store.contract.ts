import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PresenceStore } from '../ports.ts'

/** @param open an empty store, and the way to let time pass for it */
export function presenceStoreContract(
  name: string,
  open: () => Promise<{ store: PresenceStore; advance: (ms: number) => Promise<void> }>,
) {
  const TTL = 60_000
  describe(`PresenceStore: ${name}`, () => {
    it('reports transitions only', async () => {
      const { store } = await open()
      assert.equal(await store.beat(1, TTL), true)
      assert.equal(await store.beat(1, TTL), false)
      assert.equal(await store.remove(1), true)
      assert.equal(await store.remove(1), false)
      assert.equal(await store.beat(1, TTL), true)
    })

    it('a heartbeat prolongs, silence ends', async () => {
      const { store, advance } = await open()
      await store.beat(1, TTL)
      await store.beat(2, TTL)
      await advance(40_000)
      await store.beat(1, TTL)
      await advance(40_000)
      assert.deepEqual(await store.online([1, 2, 3]), new Set([1]))
      assert.equal(await store.count(), 1)
      assert.deepEqual(await store.takeExpired(), [2])
      assert.deepEqual(await store.takeExpired(), [])
      assert.equal(await store.count(), 1)
    })

    it('gives one of parallel callers the transition', async () => {
      const { store, advance } = await open()
      const beats = await Promise.all(Array.from({ length: 20 }, () => store.beat(7, TTL)))
      assert.equal(beats.filter(Boolean).length, 1)
      await advance(TTL + 1)
      const taken = await Promise.all(Array.from({ length: 20 }, () => store.takeExpired()))
      assert.deepEqual(taken.flat(), [7])
    })

    it('every arrival has exactly one departure, however late the sweep', async () => {
      const { store, advance } = await open()
      assert.equal(await store.beat(1, TTL), true)
      await advance(TTL + 1)
      const back = await store.beat(1, TTL)
      const gone = await store.takeExpired()
      assert.equal(Number(back), gone.length, 'a return is a transition only if the departure was one')
      assert.deepEqual(await store.online([1]), new Set([1]))
    })
  })
}
