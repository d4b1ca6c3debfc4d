import { userErrors } from '../../contract/errors.ts'
import { decideRegister, type Registration } from '../../domain/decide-user.ts'
import { usernameKey } from '../../domain/names.ts'
import type { User } from '../../domain/user.ts'
import type { CommonPasswords, IdMark, PasswordHasher, UserStore } from '../../ports.ts'
import { createConfirmedUser, createUser, type ChangeContext } from '../../access/change-user.ts'
import { requireGoodPassword } from '../../access/new-passwords.ts'
import { findByTypedEmail, isOfDomain } from '../../access/typed-email.ts'
import type { UserMetrics } from '../../telemetry/metrics.ts'

export type RegisterUserPorts = ChangeContext &
  Readonly<{
    store: UserStore
    idMark: IdMark
    hasher: PasswordHasher
    commonPasswords: CommonPasswords
    metrics: Pick<UserMetrics, 'registrations'>
    /** Addresses of this domain are nobody's, as those of the demo: they count as confirmed. */
    confirmedDomain: string | undefined
  }>

/**
 * Creates an account. Of simultaneous registrations with one address exactly one succeeds.
 * @throws EMAIL_TAKEN, USERNAME_TAKEN, PASSWORD_CHECKS_BUSY, and what decideRegister and requireGoodPassword throw
 */
export async function registerUser(
  ports: RegisterUserPorts,
  command: Registration & { password: string },
): Promise<User> {
  const { store, hasher, metrics } = ports
  const registered = decideRegister(command)
  await requireGoodPassword(ports, command.password, registered.data, 'password')
  // Asked first only to spare the hash; the unique constraints decide.
  if (await findByTypedEmail(store.users, command.email)) throw userErrors.EMAIL_TAKEN()
  if (await store.users.findByUsernameKey(usernameKey(command.username))) throw userErrors.USERNAME_TAKEN()
  const passwordHash = await hasher.hash(command.password)
  const user = await store.transaction(async (tx) => {
    const isNobodys = isOfDomain(registered.data.email, ports.confirmedDomain)
    const created = await (isNobodys ? createConfirmedUser : createUser)(tx, ports, registered)
    await tx.credentials.set(created.id, passwordHash, created.created_at)
    return created
  })
  await ports.idMark.raise(user.id)
  metrics.registrations.inc()
  return user
}
