import type { Clock } from '@bigtech/kernel'
import { activeTrace, childTraceparent } from '@bigtech/telemetry'
import { userErrors } from '../contract/errors.ts'
import type { UserId } from '../contract/ids.ts'
import { decideConfirmEmail } from '../domain/decide-user.ts'
import { toPublicEvent, type ImageUrl } from '../domain/public-events.ts'
import { evolve, type User, type UserEvent } from '../domain/user.ts'
import type { NewEvent, Stores } from '../ports.ts'

export type ChangeContext = Readonly<{ clock: Clock; imageUrl: ImageUrl }>

/**
 * One step of a user's life: loads the state, decides, appends the events with what the outbox publishes of them.
 * No events, no write. To be called in a transaction.
 * @throws USER_NOT_FOUND, and what `decide` throws
 */
export async function changeUser(
  tx: Pick<Stores, 'users'>,
  context: ChangeContext,
  id: UserId,
  decide: (user: User) => readonly UserEvent[],
): Promise<User> {
  const loaded = await tx.users.load(id)
  if (!loaded) throw userErrors.USER_NOT_FOUND()
  const decided = decide(loaded.user)
  if (decided.length === 0) return loaded.user
  // A stream's times never go back, even if the machine's clock did: "state as of" relies on it.
  const at = Math.max(context.clock.now(), loaded.user.updated_at)
  let user = loaded.user
  const events = decided.map((event) => {
    user = evolve(user, id, event, at)
    return toNewEvent(context, user, event, at)
  })
  await tx.users.save(user, loaded.version, events)
  return user
}

/** @throws EMAIL_TAKEN, USERNAME_TAKEN */
export async function createUser(
  tx: Pick<Stores, 'users'>,
  context: ChangeContext,
  event: UserEvent & { type: 'UserRegistered' },
): Promise<User> {
  const at = context.clock.now()
  const draft = evolve(undefined, 0, event, at)
  const id = await tx.users.create(draft, (id) => [toNewEvent(context, { ...draft, id }, event, at)])
  return { ...draft, id }
}

/** An account whose address needs no mail to be confirmed. @throws EMAIL_TAKEN, USERNAME_TAKEN */
export async function createConfirmedUser(...[tx, context, event]: Parameters<typeof createUser>): Promise<User> {
  const { id } = await createUser(tx, context, event)
  return changeUser(tx, context, id, decideConfirmEmail)
}

function toNewEvent({ imageUrl }: ChangeContext, user: User, event: UserEvent, at: number): NewEvent {
  const record = toPublicEvent(user, event, imageUrl, {
    clock: { now: () => at },
    ...(activeTrace() ? { traceparent: childTraceparent() } : {}),
  })
  return { event, at, record }
}
