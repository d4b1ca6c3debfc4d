import type { Cache } from '@bigtech/cache'
import type { UserId } from '../contract/ids.ts'
import type { PublicProfile } from '../contract/schemas.ts'
import { publicProfile, type ImageUrl } from '../domain/public-events.ts'
import type { UserRecords } from '../ports.ts'

const TTL_S = 3_600

/** Public profiles, cache-aside. */
export type Profiles = {
  /** In the order of `ids`; unknown ones are left out, closed accounts come as such. */
  get(ids: readonly UserId[]): Promise<PublicProfile[]>
  /**
   * After a change: at once in the process that wrote, and once more when `user.events` brings it, which also ends what a
   * reader may have put back in between.
   */
  forget(id: UserId): Promise<void>
}

export function createProfiles(options: {
  users: Pick<UserRecords, 'byIds'>
  cache: Cache
  imageUrl: ImageUrl
}): Profiles {
  const { users, cache, imageUrl } = options
  const keyOf = (id: UserId) => `cache:user:${id}`
  return {
    async get(ids) {
      const unique = [...new Set(ids)]
      const found = new Map<UserId, PublicProfile>()
      const cached = await Promise.all(unique.map((id) => cache.get(keyOf(id))))
      const missing: UserId[] = []
      for (const [i, id] of unique.entries()) {
        const value = cached[i]
        if (value === undefined) missing.push(id)
        else found.set(id, JSON.parse(value) as PublicProfile)
      }
      for (const user of await users.byIds(missing)) {
        const profile = publicProfile(user, imageUrl)
        found.set(user.id, profile)
        await cache.set(keyOf(user.id), JSON.stringify(profile), TTL_S)
      }
      return unique.flatMap((id) => found.get(id) ?? [])
    },
    forget: (id) => cache.delete(keyOf(id)),
  }
}
