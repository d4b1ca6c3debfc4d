import type { RedisLink } from '@bigtech/redis'
import type { Cache } from './cache.ts'

/** Keys whose deletion Redis has not heard of, at most: beyond, the oldest are given up to their time to live. */
const MAX_UNTOLD = 10_000
const TRY_AGAIN_MS = 1_000

/**
 * The cache that all processes share. While Redis is away it is empty. What is deleted meanwhile is nothing to this process at once, and
 * deleted in Redis as soon as that is back; other processes may see it until then, at most for its time to live.
 */
export function createRedisCache({ client, prefix }: RedisLink): Cache & Readonly<{ close(): void }> {
  const untold = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const forget = async (key: string) => {
    untold.delete(key)
    untold.add(key)
    try {
      await client.del(prefix + key)
      untold.delete(key)
    } catch {
      // Silence is the contract; the deletion itself is not forgotten.
      if (untold.size > MAX_UNTOLD) untold.delete(untold.values().next().value!)
      timer ??= setTimeout(tryAgain, TRY_AGAIN_MS).unref()
    }
  }
  const tryAgain = () => {
    timer = undefined
    const keys = [...untold]
    for (const key of keys) void forget(key)
  }

  return {
    async get(key) {
      if (untold.has(key)) return undefined
      try {
        return (await client.get(prefix + key)) ?? undefined
      } catch {
        // A cache out of order is an empty one.
        return undefined
      }
    },
    async set(key, value, ttlS) {
      // Set and deletion would overtake each other; the next one to miss it sets it again.
      if (untold.has(key)) return
      try {
        await client.set(prefix + key, value, 'PX', Math.max(1, Math.round(ttlS * 1_000)))
      } catch {
        // The value is not cached. An older one could still be there when Redis comes back.
        await forget(key)
      }
    },
    delete: forget,
    close: () => clearTimeout(timer),
  }
}
