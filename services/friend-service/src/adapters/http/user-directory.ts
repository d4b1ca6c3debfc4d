import type { HttpClient } from '@bigtech/resilience'
import type { Presence, Profile, UserDirectory } from '../../ports.ts'

type PublicProfile = {
  id: number
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
  status: string
}

/** user-service over HTTP, with the caller's own token; at most 100 people a call. */
export function createUserDirectory(client: HttpClient): UserDirectory {
  const ask = <T>(path: string, userIds: readonly number[], authorization: string): Promise<T> => {
    return client.get<T>(path, { query: { user_ids: userIds.join(',') }, headers: { authorization } })
  }
  return {
    async find(userIds, authorization) {
      const found = await ask<PublicProfile[]>('/users', userIds, authorization)
      return found.map(({ id, status, username, display_name, status_message, profile_image_url }): Profile => ({
        user_id: id,
        username,
        display_name,
        status_message,
        profile_image_url,
        active: status === 'active',
      }))
    },
    presence: (userIds, authorization) => ask<Presence[]>('/presence', userIds, authorization),
  }
}
