import { Value } from 'typebox/value'
import { decideChangePassword, decideChangeRole, decideConfirmEmail, decideRegister } from '../../domain/decide-user.ts'
import type { User } from '../../domain/user.ts'
import { EmailField, NewPasswordField, UsernameField } from '../../contract/fields.ts'
import type { CommonPasswords, IdMark, PasswordHasher, Revocations, UserStore } from '../../ports.ts'
import { requireGoodPassword } from '../../access/new-passwords.ts'
import { findByTypedEmail } from '../../access/typed-email.ts'
import { changeUser, createConfirmedUser, type ChangeContext } from '../../access/change-user.ts'

export type CreateAdminPorts = ChangeContext &
  Readonly<{
    store: UserStore
    idMark: IdMark
    hasher: PasswordHasher
    commonPasswords: CommonPasswords
    revocations: Revocations
  }>

/**
 * For the operator's command line: creates an administrator, or makes the account of that address one and sets its password.
 * @throws Error naming the field that is not valid; USERNAME_TAKEN
 */
export async function createAdmin(
  ports: CreateAdminPorts,
  command: { email: string; username: string; password: string },
): Promise<{ user: User; created: boolean }> {
  const fields = { email: EmailField, username: UsernameField, password: NewPasswordField }
  for (const [field, schema] of Object.entries(fields))
    if (!Value.Check(schema, command[field as keyof typeof fields])) throw new Error(`the ${field} is not valid`)

  await requireGoodPassword(ports, command.password, command, 'password')
  const { store, hasher, clock } = ports
  const passwordHash = await hasher.hash(command.password)
  const result = await store.transaction(async (tx) => {
    const known = await findByTypedEmail(tx.users, command.email)
    const user = known
      ? await changeUser(tx, ports, known.id, (user) => [
          ...decideChangeRole(user, 'admin', null),
          ...decideChangePassword(user, 'operator'),
          ...decideConfirmEmail(user),
        ])
      : // The operator knows whose address it is.
        await createConfirmedUser(tx, ports, decideRegister(command, 'admin'))
    await tx.credentials.set(user.id, passwordHash, clock.now())
    const ended = await tx.sessions.revoke(user.id, { allBut: null }, clock.now())
    return { user, created: known === undefined, ended }
  })
  await ports.idMark.raise(result.user.id)
  ports.revocations.announce(result.ended)
  return { user: result.user, created: result.created }
}
