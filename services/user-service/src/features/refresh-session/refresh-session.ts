import type { Clock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { userErrors } from '../../contract/errors.ts'
import { requireSignInAllowed } from '../../domain/decide-user.ts'
import type { User } from '../../domain/user.ts'
import type { IssuedPair } from '../../contract/fields.ts'
import type { AccessTokens, Revocations, SessionRef, Stores, UserStore } from '../../ports.ts'
import { hashSecret, newSecret, successorOf } from '../../access/secrets.ts'

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
  | { type: 'exchanged'; user: User; session_id: string; refreshToken: string }

/**
 * Answers get lost: on the way, with the page or the process that waited for them. So a token may come again this long after it
 * was exchanged, ms, and gets the same successor as before.
 */
export const REPEAT_MS = 30_000

/**
 * Exchanges a refresh token for a new pair. The same token again within `REPEAT_MS` gives the same refresh token again, as long as that
 * one was not used: two tabs, or a client that never saw the answer, go on. A token that comes later was copied: its session ends.
 * @throws REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, ACCOUNT_INACTIVE, ACCOUNT_CLOSING
 */
export async function refreshSession(
  ports: RefreshPorts,
  command: { refreshToken: string; ip: string | null },
): Promise<IssuedPair> {
  const outcome = await exchange(ports, command)
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
  const { user, session_id, refreshToken } = outcome
  const { token, expiresInS } = ports.tokens.issue({ user_id: user.id, session_id, role: user.role })
  return { access_token: token, refresh_token: refreshToken, token_type: 'bearer', expires_in: expiresInS }
}

function exchange(
  { store, clock, sessionLifeMs }: RefreshPorts,
  { refreshToken, ip }: { refreshToken: string; ip: string | null },
): Promise<Outcome> {
  const oldHash = hashSecret(refreshToken)
  return store.transaction(async (tx): Promise<Outcome> => {
    const now = clock.now()
    const found = await tx.sessions.findByToken(oldHash)
    if (!found || found.session.revoked_at !== null || found.session.expires_at <= now) return { type: 'invalid' }
    const { id, user_id } = found.session
    const loaded = await tx.users.load(user_id)
    if (!loaded) return { type: 'invalid' }
    requireSignInAllowed(loaded.user)
    const exchanged = (successor: string): Outcome => ({
      type: 'exchanged',
      user: loaded.user,
      session_id: id,
      refreshToken: successor,
    })
    if (!found.used) {
      const salt = newSecret()
      const successor = successorOf(refreshToken, salt)
      const change = {
        sessionId: id,
        oldHash,
        newHash: hashSecret(successor),
        salt,
        now,
        expiresAt: now + sessionLifeMs,
        ip,
      }
      if (await tx.sessions.rotate(change)) return exchanged(successor)
    }
    const successor = await unusedSuccessor(tx, refreshToken, now)
    if (successor !== undefined) return exchanged(successor)
    return { type: 'reused', ended: await tx.sessions.revoke(user_id, { ids: [id] }, now) }
  })
}

/** What a used token was exchanged for, while that may be told again. */
async function unusedSuccessor(tx: Stores, refreshToken: string, now: number): Promise<string | undefined> {
  const { used } = (await tx.sessions.findByToken(hashSecret(refreshToken))) ?? {}
  if (!used?.salt || now - used.at > REPEAT_MS) return undefined
  const successor = successorOf(refreshToken, used.salt)
  const next = await tx.sessions.findByToken(hashSecret(successor))
  return next && !next.used ? successor : undefined
}
