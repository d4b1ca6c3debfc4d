import type { Profile } from '../../ports.ts'
import type { Result } from './log.ts'

/** Profiles kept; beyond, all are read anew. */
const MAX_PROFILES = 50_000

export type ProfileCache = Readonly<{
  get(userId: number): Profile | undefined
  remember(profile: Profile): void
  /** Takes the result of any command, before anybody else learns of it. */
  observe(result: Partial<Result<unknown>> | null | undefined): void
}>

/** Profiles in memory. The one writer of the file tells whose it changed: one is here until it is another. */
export function createProfileCache(max = MAX_PROFILES): ProfileCache {
  const profiles = new Map<number, Profile>()
  return {
    get: (userId) => profiles.get(userId),
    remember(profile) {
      if (profiles.size >= max) profiles.clear()
      profiles.set(profile.user_id, profile)
    },
    observe(result) {
      for (const userId of result?.people ?? []) profiles.delete(userId)
    },
  }
}
