import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import type { Cache } from './cache.ts'

/** @param open a cache and the way to let time pass for it (a test clock, or a real wait) */
export function cacheContract(
  name: string,
  open: () => Promise<{ cache: Cache; advance: (ms: number) => Promise<void> }>,
) {
  describe(`Cache: ${name}`, () => {
    const key = () => `cache:test:${randomUUID()}`

    it('returns what was set, and nothing for an unknown key', async () => {
      const { cache } = await open()
      const k = key()
      assert.equal(await cache.get(k), undefined)
      await cache.set(k, '{"name":"철수 😀"}', 60)
      assert.equal(await cache.get(k), '{"name":"철수 😀"}')
    })

    it('keeps the newest value and its time to live', async () => {
      const { cache, advance } = await open()
      const k = key()
      await cache.set(k, 'old', 1)
      await cache.set(k, 'new', 60)
      await advance(1_100)
      assert.equal(await cache.get(k), 'new')
    })

    it('forgets after the time to live', async () => {
      const { cache, advance } = await open()
      const k = key()
      await cache.set(k, 'value', 1)
      await advance(1_100)
      assert.equal(await cache.get(k), undefined)
    })

    it('deletes, and deletes again without complaint', async () => {
      const { cache } = await open()
      const [a, b] = [key(), key()]
      await cache.set(a, 'a', 60)
      await cache.set(b, '', 60)
      await cache.delete(a)
      await cache.delete(a)
      assert.equal(await cache.get(a), undefined)
      assert.equal(await cache.get(b), '')
    })
  })
}
