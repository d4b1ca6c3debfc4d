import type { Logger } from '@bigtech/telemetry'
import { userErrors } from '../../contract/errors.ts'
import type { UserId } from '../../contract/ids.ts'
import { decideChangePassword, decideConfirmEmail } from '../../domain/decide-user.ts'
import { composeMail, type Mail, type Mailer } from '@bigtech/mail'
import type { CommonPasswords, PasswordHasher, Revocations, UserStore } from '../../ports.ts'
import { hashSecret, newSecret, pseudonym } from '../../access/secrets.ts'
import { requireGoodPassword } from '../../access/new-passwords.ts'
import { findByTypedEmail } from '../../access/typed-email.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type ResetPasswordPorts = ChangeContext &
  Readonly<{
    store: UserStore
    hasher: PasswordHasher
    commonPasswords: CommonPasswords
    revocations: Revocations
    mailer: Mailer
    logger: Logger
    /** where the web client shows its form, e.g. `https://chat.example.com/reset-password`; the token is added */
    resetPageUrl: () => string
  }>

const RESET_LIFE_MS = 3_600_000

/** Mails a reset link if the address belongs to an account that can be signed in to. Tells the caller nothing either way. */
export async function requestReset(ports: ResetPasswordPorts, email: string): Promise<void> {
  const { store, clock, mailer, logger } = ports
  const user = await findByTypedEmail(store.users, email)
  if (!user || user.email === null || user.status !== 'active') {
    logger.info(
      { event: 'reset_unknown', account_hash: pseudonym(email) },
      'security: a reset was asked for no account',
    )
    return
  }
  const secret = newSecret()
  await store.credentials.addReset({
    tokenHash: hashSecret(secret),
    userId: user.id,
    expiresAt: clock.now() + RESET_LIFE_MS,
  })
  await mailer.send({ to: user.email, ...resetMail(user.display_name, `${ports.resetPageUrl()}?token=${secret}`) })
  logger.info({ event: 'reset_requested', user_id: user.id }, 'security: a password reset was mailed')
}

/** Sets a new password with a mailed token, which works once, and ends all sessions. @throws RESET_TOKEN_INVALID */
export async function resetPassword(
  ports: ResetPasswordPorts,
  command: { token: string; newPassword: string },
): Promise<UserId> {
  const { store, hasher, clock } = ports
  const tokenHash = hashSecret(command.token)
  const userId = await store.credentials.findReset(tokenHash, clock.now())
  if (userId === undefined) throw userErrors.RESET_TOKEN_INVALID()
  const { user } = (await store.users.load(userId))!
  await requireGoodPassword(ports, command.newPassword, user)
  const newHash = await hasher.hash(command.newPassword)
  const ended = await store.transaction(async (tx) => {
    if (!(await tx.credentials.useReset(tokenHash, clock.now()))) throw userErrors.RESET_TOKEN_INVALID()
    // The mail was read, so the address is theirs.
    await changeUser(tx, ports, userId, (user) => [...decideChangePassword(user, 'reset'), ...decideConfirmEmail(user)])
    await tx.credentials.set(userId, newHash, clock.now())
    return tx.sessions.revoke(userId, { allBut: null }, clock.now())
  })
  ports.revocations.announce(ended)
  ports.logger.info({ event: 'password_reset', user_id: userId }, 'security: a password was reset by mail')
  return userId
}

const resetMail = (name: string, url: string): Omit<Mail, 'to'> =>
  composeMail([
    {
      subject: '비밀번호 재설정',
      title: `${name}님, 안녕하세요`,
      lines: ['아래 링크에서 1시간 안에 새 비밀번호를 설정해 주세요. 링크는 한 번만 사용할 수 있습니다.'],
      button: { label: '새 비밀번호 설정', url },
      small: ['직접 요청하지 않았다면 이 메일을 무시하셔도 됩니다. 비밀번호는 바뀌지 않습니다.'],
    },
    {
      subject: 'Password reset',
      title: `Hello ${name}`,
      lines: ['Set a new password with this link within one hour. It works once.'],
      button: { label: 'Set a new password', url },
      small: ['If you did not ask for this, ignore this mail: your password stays as it is.'],
    },
  ])
