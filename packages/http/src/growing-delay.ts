import { LRUCache } from 'lru-cache'

/** More keys than one server meets in a day of honest use; beyond it the one that was quiet longest is forgotten. */
const MAX_KEYS = 100_000

export interface GrowingDelay {
  /** Counts an attempt, unless the key has to wait. @returns seconds to wait; 0 when the attempt may be made */
  attempt(key: string): number
  /** Takes an attempt back that was none. */
  giveBack(key: string): void
  /** From here on the key is a new one. */
  forget(key: string): void
}

type Attempts = { count: number; waitsUntil: number }

/**
 * After some free attempts each further one makes its key wait, twice as long as the one before, up to a limit. What comes while a key
 * waits is refused and not counted, so that nobody's wait is longer for the attempts of others.
 * @param options.forgetS quiet seconds after which a key is new again
 * @param options.now epoch ms
 */
export function createGrowingDelay(options: {
  free: number
  firstS: number
  maxS: number
  forgetS: number
  now: () => number
}): GrowingDelay {
  const { free, firstS, maxS, now } = options
  const keys = new LRUCache<string, Attempts>({
    max: MAX_KEYS,
    ttl: options.forgetS * 1_000,
    perf: { now },
    ttlResolution: 0,
  })
  return {
    attempt(key) {
      const before = keys.get(key) ?? { count: 0, waitsUntil: 0 }
      const waits = before.waitsUntil - now()
      if (waits > 0) return Math.ceil(waits / 1_000)
      const count = before.count + 1
      const delayS = count < free ? 0 : Math.min(maxS, firstS * 2 ** (count - free))
      keys.set(key, { count, waitsUntil: now() + delayS * 1_000 })
      return 0
    },
    giveBack(key) {
      const found = keys.get(key)
      if (found) keys.set(key, { count: Math.max(0, found.count - 1), waitsUntil: 0 })
    },
    forget: (key) => void keys.delete(key),
  }
}
