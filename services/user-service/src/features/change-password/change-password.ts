import type { Logger } from '@bigtech/telemetry'
import { userErrors } from '../../contract/errors.ts'
import type { SessionId, UserId } from '../../contract/ids.ts'
import { decideChangePassword } from '../../domain/decide-user.ts'
import type { CommonPasswords, PasswordHasher, Revocations, UserStore } from '../../ports.ts'
import { requireGoodPassword } from '../../access/new-passwords.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type ChangePasswordPorts = ChangeContext &
  Readonly<{
    store: UserStore
    hasher: PasswordHasher
    commonPasswords: CommonPasswords
    revocations: Revocations
    logger: Logger
  }>

/** Sets a new password and ends the other sessions. @throws PASSWORD_WRONG, PASSWORD_CHECKS_BUSY, and what requireGoodPassword throws */
export async function changePassword(
  ports: ChangePasswordPorts,
  command: { userId: UserId; sessionId: SessionId; currentPassword: string; newPassword: string },
): Promise<void> {
  const { store, hasher, clock } = ports
  const { userId, sessionId } = command
  const oldHash = await requirePassword(ports, userId, command.currentPassword)
  const { user } = (await store.users.load(userId))!
  await requireGoodPassword(ports, command.newPassword, user)
  const newHash = await hasher.hash(command.newPassword)
  const ended = await store.transaction(async (tx) => {
    if ((await tx.credentials.passwordHash(userId)) !== oldHash) throw userErrors.PASSWORD_WRONG()
    await changeUser(tx, ports, userId, (user) => decideChangePassword(user, 'user'))
    await tx.credentials.set(userId, newHash, clock.now())
    return tx.sessions.revoke(userId, { allBut: sessionId }, clock.now())
  })
  ports.revocations.announce(ended)
  ports.logger.info({ event: 'password_changed', user_id: userId }, 'security: a password was changed')
}

/** The stored hash, if the password is right. @throws PASSWORD_WRONG */
export async function requirePassword(
  ports: Pick<ChangePasswordPorts, 'store' | 'hasher' | 'logger'>,
  userId: UserId,
  password: string,
): Promise<string> {
  const hash = await ports.store.credentials.passwordHash(userId)
  if (hash !== undefined && (await ports.hasher.verify(password, hash))) return hash
  ports.logger.warn({ event: 'password_wrong', user_id: userId }, 'security: a signed-in user gave a wrong password')
  throw userErrors.PASSWORD_WRONG()
}
