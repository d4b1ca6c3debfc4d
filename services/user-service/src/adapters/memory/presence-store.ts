import { systemClock, type Clock } from '@bigtech/kernel'
import type { PresenceStore } from '../../ports.ts'

/** Presence of a single process. Entries stand in the order of their expiry, as long as all have the same TTL. */
export function createMemoryPresenceStore(clock: Clock = systemClock): PresenceStore {
  const expiry = new Map<number, number>()
  const isOnline = (userId: number) => (expiry.get(userId) ?? 0) > clock.now()
  return {
    async beat(userId, ttlMs) {
      // An expired entry that was not taken yet never went offline for anybody: no transition.
      const isNew = !expiry.delete(userId)
      expiry.set(userId, clock.now() + ttlMs)
      return isNew
    },
    remove: async (userId) => expiry.delete(userId),
    online: async (userIds) => new Set(userIds.filter(isOnline)),
    async takeExpired() {
      const now = clock.now()
      const expired: number[] = []
      for (const [userId, until] of expiry) {
        if (until > now) break
        expired.push(userId)
        expiry.delete(userId)
      }
      return expired
    },
    async count() {
      const now = clock.now()
      let late = 0
      for (const until of expiry.values()) {
        if (until > now) break
        late++
      }
      return expiry.size - late
    },
  }
}
