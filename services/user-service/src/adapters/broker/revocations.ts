import { systemClock, type Clock } from '@bigtech/kernel'
import { onSessionRevoked, sessionRevoked, SESSIONS_CHANNEL, type Broker } from '@bigtech/realtime'
import type { Revocations } from '../../ports.ts'

export const createBrokerRevocations = (broker: Broker): Revocations => ({
  announce(sessions) {
    for (const session of sessions) broker.publish(SESSIONS_CHANNEL, sessionRevoked(session))
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
  const { stop } = onSessionRevoked(broker, ({ session_id }) => {
    const now = clock.now()
    revoked.delete(session_id)
    revoked.set(session_id, now + REMEMBER_MS)
    for (const [id, until] of revoked) {
      if (until > now) break
      revoked.delete(id)
    }
  })
  return { isRevoked: (sessionId) => (revoked.get(sessionId) ?? 0) > clock.now(), close: stop }
}
