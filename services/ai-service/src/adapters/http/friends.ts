import { HttpStatusError, type HttpClient } from '@bigtech/resilience'
import type { Friends } from '../../link-ports.ts'

/** friend-service over HTTP, with the caller's own token. */
export const createFriends = (client: HttpClient): Friends => ({
  async areFriends(userId, authorization) {
    try {
      await client.get(`/friends/${userId}`, { headers: { authorization } })
      return true
    } catch (error) {
      // Of an older version, or at a wrong address, there is no such route: that says nothing of friends.
      if (error instanceof HttpStatusError && codeOf(error.body) === 'NOT_FRIENDS') return false
      throw error
    }
  },
})

const codeOf = (body: unknown): unknown => (body as { code?: unknown } | undefined)?.code
