import type { NoteKind } from '../contract/kinds.ts'

/** Something to tell somebody of. */
export type Note = Readonly<{
  user_id: number
  kind: NoteKind
  /** Unread ones of one person with the same group are one, of several people: "민수님 외 2명". */
  group: string
  /** Whose doing it is; null: nobody's, as of a new device. */
  actor_id: number | null
  room_id: number | null
  message_id: string | null
  seq: number | null
  /** What belongs to its text: an emoji; of care NOW when it cannot wait; empty otherwise. */
  detail: string
}>

/** As it is kept. Times: ms since the epoch. */
export type KeptNote = Note &
  Readonly<{
    id: number
    /** The latest first, three at most. */
    actor_ids: readonly number[]
    actor_count: number
    created_at: number
    updated_at: number
    read_at: number | null
  }>

const DAY_MS = 86_400_000
/** Then it is forgotten, read or not. */
export const NOTE_LIFE_MS = 90 * DAY_MS

const none = { actor_id: null, room_id: null, message_id: null, seq: null, detail: '' }

export const friendRequestNote = (to: number, from: number): Note => ({
  ...none,
  user_id: to,
  kind: 'friend_request',
  group: `friend_request:${from}`,
  actor_id: from,
})

export const friendAcceptedNote = (to: number, by: number): Note => ({
  ...none,
  user_id: to,
  kind: 'friend_accepted',
  group: `friend_accepted:${by}`,
  actor_id: by,
})

type Place = Readonly<{ room_id: number; message_id: string; seq: number; actor_id: number }>

export const mentionNote = (user_id: number, place: Place): Note => ({
  ...none,
  ...place,
  user_id,
  kind: 'mention',
  group: `mention:${place.message_id}`,
})

export const replyNote = (user_id: number, place: Place): Note => ({
  ...none,
  ...place,
  user_id,
  kind: 'reply',
  group: `reply:${place.message_id}`,
})

export const reactionNote = (user_id: number, place: Place, emoji: string): Note => ({
  ...none,
  ...place,
  user_id,
  kind: 'reaction',
  group: `reaction:${place.message_id}`,
  detail: emoji,
})

export const invitedNote = (user_id: number, room_id: number, by: number): Note => ({
  ...none,
  user_id,
  kind: 'invited',
  group: `invited:${room_id}`,
  actor_id: by,
  room_id,
})

export const newDeviceNote = (user_id: number, event_id: string): Note => ({
  ...none,
  user_id,
  kind: 'new_device',
  group: `new_device:${event_id}`,
})

export const passwordChangedNote = (user_id: number, event_id: string): Note => ({
  ...none,
  user_id,
  kind: 'password_changed',
  group: `password_changed:${event_id}`,
})

export const careAskedNote = (to: number, from: number): Note => ({
  ...none,
  user_id: to,
  kind: 'care_asked',
  group: `care_asked:${from}`,
  actor_id: from,
})

export const careGrantedNote = (to: number, by: number): Note => ({
  ...none,
  user_id: to,
  kind: 'care_granted',
  group: `care_granted:${by}`,
  actor_id: by,
})

/** What is told at any hour. */
export const NOW = 'now'

/** That there is something about somebody one looks after: what it is stays with ai-service, which shows it only as long as they agree to that. */
export const careAlertNote = (guardian: number, senior: number, detail: typeof NOW | ''): Note => ({
  ...none,
  user_id: guardian,
  kind: 'care_alert',
  group: `care_alert:${senior}${detail === NOW ? ':now' : ''}`,
  actor_id: senior,
  detail,
})

/** That words have changed that somebody agreed to: of all of them once, until none is left. */
export const careRenewalNote = (user_id: number): Note => ({
  ...none,
  user_id,
  kind: 'care_renewal',
  group: 'care_renewal',
})
