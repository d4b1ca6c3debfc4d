/** What is told of in the list of notifications, in the order of the settings. */
export const NOTE_KINDS = [
  'mention',
  'reply',
  'reaction',
  'friend_request',
  'friend_accepted',
  'invited',
  'care_asked',
  'care_granted',
  'care_alert',
  'care_renewal',
  'new_device',
  'password_changed',
] as const
export type NoteKind = (typeof NOTE_KINDS)[number]

/** What a device can be told of. Plain messages are no notes: the list of rooms has them. */
export const PUSH_KINDS = ['message', ...NOTE_KINDS] as const
export type PushKind = (typeof PUSH_KINDS)[number]

export type Channel = 'push' | 'in_app' | 'mail'

/** Ways by which somebody can be told, and can refuse to be. What concerns the safety of the account, or of somebody one looks after, is always in the list. */
export const CHANNELS = {
  message: ['push'],
  mention: ['push', 'in_app'],
  reply: ['push', 'in_app'],
  reaction: ['push', 'in_app'],
  friend_request: ['push', 'in_app'],
  friend_accepted: ['push', 'in_app'],
  invited: ['push', 'in_app'],
  care_asked: ['push', 'in_app'],
  care_granted: ['push', 'in_app'],
  care_alert: ['push'],
  care_renewal: ['push', 'in_app'],
  new_device: ['push', 'mail'],
  password_changed: ['push', 'mail'],
} as const satisfies Record<PushKind, readonly Channel[]>
