import type { HttpClient } from '@bigtech/resilience'
import type { Profile, UserDirectory } from '../../ports.ts'

type PublicProfile = {
  id: number
  username: string
  display_name: string
  profile_image_url: string | null
  status: string
}

/** What `GET /users?user_ids=` takes at a time. */
const CHUNK = 100

/** user-service over HTTP, with the caller's own token. */
export function createUserDirectory(client: HttpClient): UserDirectory {
  return {
    async find(userIds, authorization) {
      const profiles: Profile[] = []
      for (let i = 0; i < userIds.length; i += CHUNK) {
        const user_ids = userIds.slice(i, i + CHUNK).join(',')
        const found = await client.get<PublicProfile[]>('/users', { query: { user_ids }, headers: { authorization } })
        for (const { id, username, display_name, profile_image_url, status } of found)
          profiles.push({ user_id: id, username, display_name, profile_image_url, active: status === 'active' })
      }
      return profiles
    },
  }
}
