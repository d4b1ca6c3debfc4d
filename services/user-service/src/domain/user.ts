import type { SessionId, UserId, UserRole, UserStatus } from '../contract/ids.ts'
import { CLOSED_DISPLAY_NAME, closedUsername } from '../contract/ids.ts'

/** The event-sourced account. Times in ms since the epoch. The password is no part of it (see Credentials in ports.ts). */
export type User = Readonly<{
  id: UserId
  /** null once the account is closed */
  email: string | null
  /** since when the address is known to be theirs; null: it is not */
  email_confirmed_at: number | null
  username: string
  display_name: string
  status_message: string | null
  /** key of the image in the blob store */
  image_key: string | null
  age: number | null
  phone: string | null
  status: UserStatus
  role: UserRole
  login_count: number
  last_login_at: number | null
  /** the closure under way */
  saga_id: string | null
  created_at: number
  updated_at: number
}>

/** The fields users edit themselves. */
export type ProfileFields = Readonly<{
  username: string
  display_name: string
  status_message: string | null
  age: number | null
  phone: string | null
}>

export type UserEvent =
  | Readonly<{
      type: 'UserRegistered'
      data: Readonly<{
        email: string | null
        username: string
        display_name: string
        age: number | null
        phone: string | null
        role: UserRole
      }>
    }>
  | Readonly<{ type: 'UserProfileUpdated'; data: Readonly<Partial<ProfileFields>> }>
  | Readonly<{ type: 'UserProfileImageChanged'; data: Readonly<{ image_key: string | null }> }>
  | Readonly<{
      type: 'UserLoggedIn'
      /** `is_new_device`: of an older version it is not known. */
      data: Readonly<{ session_id: SessionId; device: string | null; is_new_device?: boolean }>
    }>
  | Readonly<{ type: 'UserLoggedOut'; data: Readonly<{ session_id: SessionId }> }>
  | Readonly<{ type: 'UserPasswordChanged'; data: Readonly<{ by: 'user' | 'reset' | 'operator' }> }>
  | Readonly<{ type: 'UserEmailConfirmationAsked'; data: Readonly<Record<string, never>> }>
  | Readonly<{ type: 'UserEmailConfirmed'; data: Readonly<Record<string, never>> }>
  | Readonly<{ type: 'UserStatusChanged'; data: Readonly<{ status: 'active' | 'inactive'; by: UserId }> }>
  | Readonly<{ type: 'UserRoleChanged'; data: Readonly<{ role: UserRole; by: UserId | null }> }>
  | Readonly<{ type: 'UserClosureRequested'; data: Readonly<{ saga_id: string }> }>
  | Readonly<{ type: 'UserClosureCancelled'; data: Readonly<{ saga_id: string; reason: string }> }>
  | Readonly<{ type: 'UserClosed'; data: Readonly<{ saga_id: string }> }>

export type UserEventType = UserEvent['type']

/** Stands in a stream for its first events, which are kept no longer: the account as it was after them. */
export type HistoryFolded = Readonly<{ type: 'HistoryFolded'; data: Omit<User, 'id'> }>

export type StoredUserEvent = UserEvent | HistoryFolded

/** Applies one event. Total: it decides nothing, and only UserRegistered or HistoryFolded may come first. */
export function evolve(user: User | undefined, id: UserId, event: StoredUserEvent, at: number): User {
  // One that an older version folded knows nothing of confirmed addresses.
  if (event.type === 'HistoryFolded') return { ...NOT_CONFIRMED, ...event.data, id }
  if (event.type === 'UserRegistered')
    return {
      ...event.data,
      ...NOT_CONFIRMED,
      id,
      status_message: null,
      image_key: null,
      status: 'active',
      login_count: 0,
      last_login_at: null,
      saga_id: null,
      created_at: at,
      updated_at: at,
    }
  if (!user) throw new Error(`the stream of user ${id} starts with ${event.type}`)
  return { ...user, ...change(user, event, at), updated_at: at }
}

function change(user: User, event: Exclude<UserEvent, { type: 'UserRegistered' }>, at: number): Partial<User> {
  switch (event.type) {
    case 'UserProfileUpdated':
    case 'UserProfileImageChanged':
      return event.data
    case 'UserLoggedIn':
      return { login_count: user.login_count + 1, last_login_at: at }
    case 'UserLoggedOut':
    case 'UserPasswordChanged':
    case 'UserEmailConfirmationAsked':
      return {}
    case 'UserEmailConfirmed':
      return { email_confirmed_at: at }
    case 'UserStatusChanged':
      return { status: event.data.status }
    case 'UserRoleChanged':
      return { role: event.data.role }
    case 'UserClosureRequested':
      return { status: 'closing', saga_id: event.data.saga_id }
    case 'UserClosureCancelled':
      return { status: 'active', saga_id: null }
    case 'UserClosed':
      return {
        ...NOBODY,
        status: 'closed',
        saga_id: null,
        username: closedUsername(user.id),
        role: 'user',
      }
  }
}

/** The state after a whole stream, oldest event first. */
export function replay(
  id: UserId,
  stream: Iterable<Readonly<{ event: StoredUserEvent; at: number }>>,
): User | undefined {
  let user: User | undefined
  for (const { event, at } of stream) user = evolve(user, id, event, at)
  return user
}

const NOT_CONFIRMED = { email_confirmed_at: null }

const NOBODY = {
  ...NOT_CONFIRMED,
  email: null,
  display_name: CLOSED_DISPLAY_NAME,
  status_message: null,
  image_key: null,
  age: null,
  phone: null,
} as const

/**
 * An event without what could identify a person, for the stream of a closed account. Replaying a redacted stream gives the same
 * closed user, because UserClosed sets every field that is redacted.
 */
export function redactEvent<E extends StoredUserEvent>(id: UserId, event: E): E
export function redactEvent(id: UserId, event: StoredUserEvent): StoredUserEvent {
  switch (event.type) {
    case 'HistoryFolded':
      return { type: event.type, data: { ...event.data, ...NOBODY, username: closedUsername(id) } }
    case 'UserRegistered':
      return {
        type: event.type,
        data: {
          ...event.data,
          email: null,
          username: closedUsername(id),
          display_name: CLOSED_DISPLAY_NAME,
          age: null,
          phone: null,
        },
      }
    case 'UserProfileUpdated':
      return { type: event.type, data: {} }
    case 'UserProfileImageChanged':
      return { type: event.type, data: { image_key: null } }
    case 'UserLoggedIn':
      return { type: event.type, data: { ...event.data, device: null } }
    default:
      return event
  }
}
