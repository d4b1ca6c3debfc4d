import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cacheContract } from './cache.contract.ts'
import { createMemoryCache } from './memory-cache.ts'

cacheContract('memory', async () => {
  let time = 0
  return {
    cache: createMemoryCache({ now: () => time }),
    async advance(ms) {
      time += ms
    },
  }
})

it('memory cache stays within its size', async () => {
  const cache = createMemoryCache({ maxChars: 1_000 })
  for (let i = 0; i < 100; i++) await cache.set(`cache:test:${i}`, 'x'.repeat(85), 60)
  const kept = await Promise.all(Array.from({ length: 100 }, (_, i) => cache.get(`cache:test:${i}`)))
  assert.ok(kept.filter((value) => value !== undefined).length <= 10)
  assert.notEqual(kept[99], undefined, 'the newest stays')
})
