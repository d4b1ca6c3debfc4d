import { systemClock, type Clock } from '@bigtech/kernel'
import type { Broker } from '@bigtech/realtime'
import type { Revocations } from '../../ports.ts'

export const SESSIONS_CHANNEL = 'sessions'

export const createBrokerRevocations = (broker: Broker): Revocations => ({
  announce(sessions) {
    for (const { session_id, user_id } of sessions)
      broker.publish(SESSIONS_CHANNEL, JSON.stringify({ type: 'session_revoked', session_id, user_id }))
  },
})

/** Longer than any access token lives. */
const REMEMBER_MS = 20 * 60_000

export type RevocationList = {
  isRevoked(sessionId: string): boolean
  close(): void
}

/** What a process that checks access tokens knows of ended sessions (`isRevoked` of createTokenVerifier). */
export function createRevocationList(broker: Broker, clock: Clock = systemClock): RevocationList {
  const revoked = new Map<string, number>()
  const close = broker.subscribe(SESSIONS_CHANNEL, (frame) => {
    const { type, session_id } = JSON.parse(frame) as { type?: string; session_id?: string }
    if (type !== 'session_revoked' || session_id === undefined) return
    const now = clock.now()
    revoked.delete(session_id)
    revoked.set(session_id, now + REMEMBER_MS)
    for (const [id, until] of revoked) {
      if (until > now) break
      revoked.delete(id)
    }
  })
  return { isRevoked: (sessionId) => (revoked.get(sessionId) ?? 0) > clock.now(), close }
}
