import type { HttpClient } from '@bigtech/resilience'
import { unavailable } from './remote-jwks.ts'

export type RevokedSessions = Readonly<{
  sessions: readonly Readonly<{ session_id: string; user_id: number }>[]
  /** Epoch ms, by the clock of user-service. What ended before that is in this answer, or in an earlier one. */
  as_of: number
}>

/**
 * What ended lately, as user-service has it, for the list of another process (createRevocationList).
 * @param userService its internal port, with this service's token @throws DEPENDENCY_UNAVAILABLE
 */
export function createRemoteRevocations(
  userService: Pick<HttpClient, 'get'>,
): (since?: number) => Promise<RevokedSessions> {
  return async (since) => {
    try {
      return await userService.get('/internal/sessions/revoked', { query: { since }, decode: revokedOf })
    } catch (cause) {
      throw unavailable(cause)
    }
  }
}

function revokedOf(body: unknown): RevokedSessions {
  const { sessions, as_of } = body as Partial<RevokedSessions>
  if (!Array.isArray(sessions) || typeof as_of !== 'number') throw new Error('user-service answered without sessions')
  return { sessions: sessions as RevokedSessions['sessions'], as_of }
}
