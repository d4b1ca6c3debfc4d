import type { Clock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { userErrors } from '../../contract/errors.ts'
import { requireSignInAllowed } from '../../domain/decide-user.ts'
import type { User } from '../../domain/user.ts'
import type { IssuedPair } from '../../contract/fields.ts'
import type { AccessTokens, Revocations, SessionRef, UserStore } from '../../ports.ts'
import { hashSecret, newSecret } from '../../access/secrets.ts'

export type RefreshPorts = Readonly<{
  store: UserStore
  tokens: AccessTokens
  revocations: Revocations
  clock: Clock
  logger: Logger
  sessionLifeMs: number
}>

type Outcome =
  | { type: 'invalid' }
  | { type: 'reused'; ended: SessionRef[] }
  | { type: 'rotated'; user: User; session_id: string }

/**
 * Exchanges a refresh token for a new pair; each works once. A token that comes a second time was copied, so its session ends.
 * @param command.graceMs ms in which it may come again because the answer was lost
 * @throws REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, ACCOUNT_INACTIVE, ACCOUNT_CLOSING
 */
export async function refreshSession(
  ports: RefreshPorts,
  command: { refreshToken: string; ip: string | null; graceMs?: number },
): Promise<IssuedPair> {
  const refreshToken = newSecret()
  const outcome = await rotate(ports, hashSecret(command.refreshToken), hashSecret(refreshToken), command)
  if (outcome.type === 'invalid') throw userErrors.REFRESH_TOKEN_INVALID()
  if (outcome.type === 'reused') {
    ports.revocations.announce(outcome.ended)
    const { user_id, session_id } = outcome.ended[0] ?? {}
    ports.logger.warn(
      { event: 'refresh_reused', user_id, session_id, ip: command.ip },
      'security: a used refresh token came again; its session was ended',
    )
    throw userErrors.REFRESH_TOKEN_REUSED()
  }
  const { user, session_id } = outcome
  const { token, expiresInS } = ports.tokens.issue({ user_id: user.id, session_id, role: user.role })
  return { access_token: token, refresh_token: refreshToken, token_type: 'bearer', expires_in: expiresInS }
}

function rotate(
  ports: RefreshPorts,
  oldHash: string,
  newHash: string,
  { ip, graceMs = 0 }: { ip: string | null; graceMs?: number },
): Promise<Outcome> {
  const { store, clock, sessionLifeMs } = ports
  return store.transaction(async (tx): Promise<Outcome> => {
    const now = clock.now()
    const found = await tx.sessions.findByToken(oldHash)
    if (!found || found.session.revoked_at !== null || found.session.expires_at <= now) return { type: 'invalid' }
    const { id, user_id } = found.session
    const reuse = async (): Promise<Outcome> => ({
      type: 'reused',
      ended: await tx.sessions.revoke(user_id, { ids: [id] }, now),
    })
    if (found.used && graceMs === 0) return reuse()
    const loaded = await tx.users.load(user_id)
    if (!loaded) return { type: 'invalid' }
    requireSignInAllowed(loaded.user)
    const change = { sessionId: id, oldHash, newHash, now, expiresAt: now + sessionLifeMs, ip, graceMs }
    return (await tx.sessions.rotate(change)) ? { type: 'rotated', user: loaded.user, session_id: id } : reuse()
  })
}
