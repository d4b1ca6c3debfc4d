import { LRUCache } from 'lru-cache'
import type { Cache } from './cache.ts'

/**
 * The cache of a single process; the least recently used entries give way.
 * @param options.maxChars size of all keys and values together, in UTF-16 units (default 16 Mi, at most 32 MiB of memory)
 * @param options.now milliseconds, for tests
 */
export function createMemoryCache(options: { maxChars?: number; now?: () => number } = {}): Cache {
  const { maxChars = 16 * 1024 * 1024, now = Date.now } = options
  const entries = new LRUCache<string, { value: string; until: number }>({
    maxSize: maxChars,
    sizeCalculation: ({ value }, key) => value.length + key.length + 1,
  })
  return {
    async get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      if (now() < entry.until) return entry.value
      entries.delete(key)
      return undefined
    },
    async set(key, value, ttlS) {
      entries.set(key, { value, until: now() + ttlS * 1000 })
    },
    async delete(key) {
      entries.delete(key)
    },
  }
}
