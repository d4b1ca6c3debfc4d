import { userErrors } from '../contract/errors.ts'
import type { UserId, UserRole } from '../contract/ids.ts'
import { normalizeEmail, normalizeName, optionalText, requireClear, requirePlain } from './names.ts'
import type { ProfileFields, User, UserEvent } from './user.ts'

export type Registration = Readonly<{
  email: string
  username: string
  display_name?: string | null
  age?: number | null
  phone?: string | null
}>

/** @throws TEXT_NOT_PLAIN, NAME_CONFUSABLE */
export function decideRegister(command: Registration, role: UserRole = 'user'): UserEvent & { type: 'UserRegistered' } {
  const username = normalizeName(command.username)
  const email = normalizeEmail(command.email)
  const display_name = optionalText(command.display_name) ?? username
  requireClear('email', email)
  requireClear('username', username)
  requirePlain('display_name', display_name)
  return {
    type: 'UserRegistered',
    data: {
      email,
      username,
      display_name,
      age: command.age ?? null,
      phone: optionalText(command.phone),
      role,
    },
  }
}

export type ProfileChange = Readonly<{
  username?: string
  display_name?: string | null
  status_message?: string | null
  age?: number | null
  phone?: string | null
}>

/**
 * Only what differs becomes part of the event; no difference, no event. A cleared display name falls back to the username.
 * @throws TEXT_NOT_PLAIN, NAME_CONFUSABLE
 */
export function decideUpdateProfile(user: User, change: ProfileChange): UserEvent[] {
  requireOpen(user)
  const username = change.username === undefined ? user.username : normalizeName(change.username)
  const wanted: ProfileFields = {
    username,
    display_name:
      change.display_name === undefined ? user.display_name : (optionalText(change.display_name) ?? username),
    status_message: change.status_message === undefined ? user.status_message : optionalText(change.status_message),
    age: change.age === undefined ? user.age : change.age,
    phone: change.phone === undefined ? user.phone : optionalText(change.phone),
  }
  const keys = Object.keys(wanted) as (keyof ProfileFields)[]
  const changed = keys.filter((key) => wanted[key] !== user[key])
  if (changed.length === 0) return []
  if (changed.includes('username')) requireClear('username', username)
  for (const field of ['display_name', 'status_message'] as const)
    if (changed.includes(field)) requirePlain(field, wanted[field])
  return [{ type: 'UserProfileUpdated', data: Object.fromEntries(changed.map((key) => [key, wanted[key]])) }]
}

export function decideChangeImage(user: User, image_key: string | null): UserEvent[] {
  requireOpen(user)
  return user.image_key === image_key ? [] : [{ type: 'UserProfileImageChanged', data: { image_key } }]
}

/** Called when the password was right. @param known devices of other sessions, open or ended lately; null: one that does not say what it is */
export function decideLogIn(
  user: User,
  { id: session_id, device }: { id: string; device: string | null },
  known: readonly (string | null)[],
): UserEvent[] {
  requireSignInAllowed(user)
  const kind = kindOfDevice(device)
  // The very first one is no news.
  const is_new_device = known.length > 0 && known.every((other) => kindOfDevice(other) !== kind)
  return [{ type: 'UserLoggedIn', data: { session_id, device, is_new_device } }]
}

/** A browser that was updated is the same device. */
const kindOfDevice = (device: string | null): string => (device ?? '').replaceAll(/[\d.]+/g, '')

/** @throws ACCOUNT_INACTIVE, ACCOUNT_CLOSING; CREDENTIALS_INVALID for a closed account, which is as if it never was */
export function requireSignInAllowed(user: User): void {
  if (user.status === 'inactive') throw userErrors.ACCOUNT_INACTIVE()
  if (user.status === 'closing') throw userErrors.ACCOUNT_CLOSING()
  if (user.status === 'closed') throw userErrors.CREDENTIALS_INVALID()
}

export function decideLogOut(user: User, session_id: string): UserEvent[] {
  return user.status === 'closed' ? [] : [{ type: 'UserLoggedOut', data: { session_id } }]
}

export function decideChangePassword(user: User, by: 'user' | 'reset' | 'operator'): UserEvent[] {
  requireOpen(user)
  return [{ type: 'UserPasswordChanged', data: { by } }]
}

/** Again: nothing. */
export function decideConfirmEmail(user: User): UserEvent[] {
  requireOpen(user)
  return user.email_confirmed_at === null ? [{ type: 'UserEmailConfirmed', data: {} }] : []
}

/** Where there is nothing to confirm, nobody is asked to, and the caller is not told. */
export function decideAskConfirmation(user: User): UserEvent[] {
  const isOpen = user.status === 'active' && user.email_confirmed_at === null
  return isOpen ? [{ type: 'UserEmailConfirmationAsked', data: {} }] : []
}

export function decideChangeStatus(user: User, status: 'active' | 'inactive', by: UserId): UserEvent[] {
  if (user.id === by) throw userErrors.OWN_ACCOUNT()
  requireOpen(user)
  return user.status === status ? [] : [{ type: 'UserStatusChanged', data: { status, by } }]
}

/** @param by null for the operator's command line */
export function decideChangeRole(user: User, role: UserRole, by: UserId | null): UserEvent[] {
  if (user.id === by) throw userErrors.OWN_ACCOUNT()
  requireOpen(user)
  return user.role === role ? [] : [{ type: 'UserRoleChanged', data: { role, by } }]
}

export function decideRequestClosure(user: User, saga_id: string): UserEvent[] {
  requireSignInAllowed(user)
  return [{ type: 'UserClosureRequested', data: { saga_id } }]
}

/** Only the closure that is under way can end; a late or repeated call decides nothing. */
export function decideEndClosure(
  user: User,
  saga_id: string,
  outcome: { closed: true } | { closed: false; reason: string },
): UserEvent[] {
  if (user.status !== 'closing' || user.saga_id !== saga_id) return []
  return outcome.closed
    ? [{ type: 'UserClosed', data: { saga_id } }]
    : [{ type: 'UserClosureCancelled', data: { saga_id, reason: outcome.reason } }]
}

function requireOpen(user: User): void {
  if (user.status === 'closed') throw userErrors.USER_NOT_FOUND()
  if (user.status === 'closing') throw userErrors.ACCOUNT_CLOSING()
}
