import { HttpStatusError, type HttpClient } from '@bigtech/resilience'
import type { Mailbox, Mailboxes } from '../../ports.ts'

/** user-service, as another process asks it. */
export const createMailboxes = (client: HttpClient): Mailboxes => ({
  async of(userId, with_token) {
    try {
      // A second token does no harm.
      return await client.post<Mailbox>(`/internal/users/${userId}/mailbox`, { with_token }, { idempotent: true })
    } catch (error) {
      if (error instanceof HttpStatusError && error.status === 404) return undefined
      throw error
    }
  },
})
