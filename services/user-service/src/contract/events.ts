import { defineEvent } from '@bigtech/messaging/contract'
import { Type } from 'typebox'
import { PublicProfile } from './schemas.ts'

/** Structurally messaging's TopicConfig. */
type Topic = Readonly<{ name: string; partitions: number; retentionMs: number }>

const HOUR_MS = 3_600_000

export const USER_EVENTS = 'user.events'
export const USER_ONLINE_STATUS = 'user.online_status'

export const userTopics: readonly Topic[] = [
  { name: USER_EVENTS, partitions: 3, retentionMs: 7 * 24 * HOUR_MS },
  { name: USER_ONLINE_STATUS, partitions: 6, retentionMs: HOUR_MS },
]

const user_id = Type.Integer({ minimum: 1 })
const saga_id = Type.String()
const { username, display_name, profile_image_url, status_message, status } = PublicProfile.properties

/** The whole public profile, so that a read model can upsert from any one event that carries it. */
const snapshot = { user_id, username, display_name, profile_image_url, status_message, status }

const key = (fields: { user_id: number }): string => String(fields.user_id)
const common = { topic: USER_EVENTS, version: 1, source: '/user-service', key } as const

export const UserRegistered = defineEvent({
  ...common,
  type: 'UserRegistered',
  summary: 'An account was created. Carries the public profile.',
  schema: Type.Object({ ...snapshot, email: Type.String() }),
})
export const UserProfileUpdated = defineEvent({
  ...common,
  type: 'UserProfileUpdated',
  summary: 'The public profile (or its image) may have changed. Carries the public profile.',
  schema: Type.Object(snapshot),
})
export const UserStatusChanged = defineEvent({
  ...common,
  type: 'UserStatusChanged',
  summary: 'An administrator activated or deactivated the account. Carries the public profile.',
  schema: Type.Object(snapshot),
})
export const UserRoleChanged = defineEvent({
  ...common,
  type: 'UserRoleChanged',
  summary: 'An administrator changed the role.',
  schema: Type.Object({ user_id, role: Type.Union([Type.Literal('user'), Type.Literal('admin')]) }),
})
export const UserLoggedIn = defineEvent({
  ...common,
  type: 'UserLoggedIn',
  summary: 'A session began.',
  schema: Type.Object({ user_id, is_new_device: Type.Boolean() }),
})
export const UserLoggedOut = defineEvent({
  ...common,
  type: 'UserLoggedOut',
  summary: 'A session was ended by its user.',
  schema: Type.Object({ user_id }),
})
export const UserPasswordChanged = defineEvent({
  ...common,
  type: 'UserPasswordChanged',
  summary: 'The password was changed or reset.',
  schema: Type.Object({ user_id }),
})
export const UserEmailConfirmationAsked = defineEvent({
  ...common,
  type: 'UserEmailConfirmationAsked',
  summary: 'Somebody asked for another mail with which to confirm the address of the account.',
  schema: Type.Object({ user_id }),
})
export const UserEmailConfirmed = defineEvent({
  ...common,
  type: 'UserEmailConfirmed',
  summary: "The address of the account is known to be its owner's.",
  schema: Type.Object({ user_id }),
})
export const UserClosureRequested = defineEvent({
  ...common,
  type: 'UserClosureRequested',
  summary:
    'Account closure began. Participants answer UserClosurePrepared or UserClosureRejected with this saga_id on their own topic, and erase nothing yet. Carries the address that is told when it is done.',
  schema: Type.Object({ user_id, saga_id, email: Type.String() }),
})
export const UserClosureCancelled = defineEvent({
  ...common,
  type: 'UserClosureCancelled',
  summary: 'Account closure failed or took too long; participants undo their preparation.',
  schema: Type.Object({ user_id, saga_id, reason: Type.String() }),
})
export const UserClosed = defineEvent({
  ...common,
  type: 'UserClosed',
  summary: 'The account is closed for good; participants erase what they hold of the user.',
  schema: Type.Object({ user_id, saga_id }),
})
export const UserOnlineStatusChanged = defineEvent({
  ...common,
  topic: USER_ONLINE_STATUS,
  type: 'UserOnlineStatusChanged',
  summary: 'A user came online or went offline. Best effort: some changes may be missing.',
  schema: Type.Object({
    user_id,
    is_online: Type.Boolean(),
    last_seen_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  }),
})

export const userEvents = [
  UserRegistered,
  UserProfileUpdated,
  UserStatusChanged,
  UserRoleChanged,
  UserLoggedIn,
  UserLoggedOut,
  UserPasswordChanged,
  UserEmailConfirmationAsked,
  UserEmailConfirmed,
  UserClosureRequested,
  UserClosureCancelled,
  UserClosed,
  UserOnlineStatusChanged,
] as const
