import { AppError, newId } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { userErrors } from '../../contract/errors.ts'
import { decideLogIn, requireSignInAllowed } from '../../domain/decide-user.ts'
import type { User } from '../../domain/user.ts'
import type { IssuedPair } from '../../contract/fields.ts'
import type { UserMetrics } from '../../telemetry/metrics.ts'
import type { AccessTokens, PasswordHasher, Revocations, UserStore } from '../../ports.ts'
import { hashSecret, newSecret, pseudonym } from '../../access/secrets.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type SignInPorts = ChangeContext &
  Readonly<{
    store: UserStore
    hasher: PasswordHasher
    tokens: AccessTokens
    metrics: Pick<UserMetrics, 'logins'>
    logger: Logger
    /** ms an unused session lives */
    sessionLifeMs: number
    /** Open sessions of one account. */
    sessionLimit: number
    /** Nobody signs in before the address is confirmed. */
    mustConfirmEmail: boolean
    revocations: Revocations
  }>

export type SignIn = Readonly<{
  /** an e-mail address, or a username (which has no @), as it was typed */
  account: string
  /** whose it is, if anybody's */
  user: User | undefined
  password: string
  device: string | null
  ip: string | null
}>

/**
 * Opens a session; beyond the limit the one that was unused longest ends. Unknown accounts and wrong passwords get the same answer after the same work; what is wrong with an account is
 * told only to who knows its password.
 * @throws CREDENTIALS_INVALID, ACCOUNT_INACTIVE, ACCOUNT_CLOSING, EMAIL_NOT_CONFIRMED, PASSWORD_CHECKS_BUSY
 */
export async function signIn(ports: SignInPorts, command: SignIn): Promise<IssuedPair> {
  try {
    const pair = await openSession(ports, command)
    ports.metrics.logins.inc({ result: 'success' })
    return pair
  } catch (error) {
    if (error instanceof AppError && error.kind !== 'unavailable') {
      ports.metrics.logins.inc({ result: error.kind === 'unauthenticated' ? 'invalid' : 'refused' })
      const who = { account_hash: pseudonym(command.account), ip: command.ip, code: error.code }
      ports.logger.warn({ event: 'login_failed', ...who }, 'security: a sign-in failed')
    }
    throw error
  }
}

async function openSession(ports: SignInPorts, command: SignIn): Promise<IssuedPair> {
  const { store, hasher, tokens, clock } = ports
  const { user: known } = command
  const passwordHash = known && (await store.credentials.passwordHash(known.id))
  const right = await hasher.verify(command.password, passwordHash)
  if (!known || !right) throw userErrors.CREDENTIALS_INVALID()
  requireSignInAllowed(known)
  if (ports.mustConfirmEmail && known.email_confirmed_at === null) throw userErrors.EMAIL_NOT_CONFIRMED()

  const refreshToken = newSecret()
  const session_id = newId()
  const { user, ended } = await store.transaction(async (tx) => {
    // The password may have been changed while the old one was being checked.
    if ((await tx.credentials.passwordHash(known.id)) !== passwordHash) throw userErrors.CREDENTIALS_INVALID()
    const devices = await tx.sessions.devicesOf(known.id)
    const changed = await changeUser(tx, ports, known.id, (user) =>
      decideLogIn(user, { id: session_id, device: command.device }, devices),
    )
    const now = clock.now()
    const { device, ip } = command
    const times = { created_at: now, last_used_at: now, expires_at: now + ports.sessionLifeMs }
    await tx.sessions.create({ id: session_id, user_id: known.id, device, ip, ...times }, hashSecret(refreshToken))
    const surplus = (await tx.sessions.active(known.id, now)).slice(ports.sessionLimit).map(({ id }) => id)
    return { user: changed, ended: await tx.sessions.revoke(known.id, { ids: surplus }, now) }
  })
  ports.revocations.announce(ended)
  const { token, expiresInS } = tokens.issue({ user_id: user.id, session_id, role: user.role })
  return { access_token: token, refresh_token: refreshToken, token_type: 'bearer', expires_in: expiresInS }
}
