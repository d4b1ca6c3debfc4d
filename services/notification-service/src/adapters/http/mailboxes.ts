import { HttpStatusError, type HttpClient } from '@bigtech/resilience'
import type { Mailbox, Mailboxes } from '../../ports.ts'

/** user-service, as another process asks it. */
export const createMailboxes = (client: HttpClient): Mailboxes => ({
  async of(userId, with_token) {
    try {
      // A second token does no harm.
      return await client.post<Mailbox>(`/internal/users/${userId}/mailbox`, { with_token }, { idempotent: true })
    } catch (error) {
      // Of an older version, or at a wrong address, there is no such route: that says nothing of the account.
      if (error instanceof HttpStatusError && codeOf(error.body) === 'USER_NOT_FOUND') return undefined
      throw error
    }
  },
})

const codeOf = (body: unknown): unknown => (body as { code?: unknown } | undefined)?.code
