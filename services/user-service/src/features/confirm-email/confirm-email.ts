import type { Clock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'
import { hashSecret, newSecret } from '../../access/secrets.ts'
import { findByTypedEmail, isOfDomain } from '../../access/typed-email.ts'
import type { Mailbox } from '../../contract/mailbox.ts'
import { userErrors } from '../../contract/errors.ts'
import type { UserId } from '../../contract/ids.ts'
import { decideAskConfirmation, decideConfirmEmail } from '../../domain/decide-user.ts'
import type { UserStore } from '../../ports.ts'

export type ConfirmEmailPorts = ChangeContext &
  Readonly<{
    store: UserStore
    clock: Clock
    logger: Logger
    /** Addresses of this domain are nobody's, as those of the demo: no mail goes there. */
    confirmedDomain: string | undefined
  }>

const CONFIRMATION_LIFE_MS = 24 * 3_600_000

/** Another mail, if the address belongs to an account that has not confirmed it. Tells the caller nothing either way. */
export async function askConfirmation(ports: ConfirmEmailPorts, email: string): Promise<void> {
  const user = await findByTypedEmail(ports.store.users, email)
  if (!user) return
  await ports.store.transaction((tx) => changeUser(tx, ports, user.id, decideAskConfirmation))
}

/** Following a link twice does no harm. @throws CONFIRMATION_TOKEN_INVALID */
export async function confirmEmail(ports: ConfirmEmailPorts, token: string): Promise<void> {
  const userId = await ports.store.credentials.findConfirmation(hashSecret(token), ports.clock.now())
  if (userId === undefined) throw userErrors.CONFIRMATION_TOKEN_INVALID()
  await ports.store.transaction((tx) => changeUser(tx, ports, userId, decideConfirmEmail))
  ports.logger.info({ event: 'email_confirmed', user_id: userId }, 'an e-mail address was confirmed')
}

/**
 * For the service that sends mails: where somebody gets theirs, and who it is. The token is made for the mail that is about to be sent, and kept
 * nowhere else.
 * @param withToken of an address that is not confirmed yet, one that confirms it
 * @returns undefined when there is no such account any more
 */
export async function mailboxOf(
  { store, clock, confirmedDomain }: ConfirmEmailPorts,
  userId: UserId,
  withToken: boolean,
): Promise<Mailbox | undefined> {
  const [user] = await store.users.byIds([userId])
  if (!user || user.email === null || isOfDomain(user.email, confirmedDomain)) return undefined
  const { email, display_name, email_confirmed_at } = user
  const box = { email, display_name, email_verified: email_confirmed_at !== null }
  if (!withToken || box.email_verified) return { ...box, confirmation_token: null }
  const token = newSecret()
  await store.credentials.addConfirmation({
    tokenHash: hashSecret(token),
    userId,
    expiresAt: clock.now() + CONFIRMATION_LIFE_MS,
  })
  return { ...box, confirmation_token: token }
}
