import { MalformedEvent } from '@bigtech/kernel'
import { CARE_MEASURES } from './care.ts'
import { fingerprint } from './fingerprint.ts'
import { LANGUAGES, traitsOf } from './text.ts'

/** An event as it is told: flat, with these and its own fields. */
export type EventValue = Readonly<{ event_id: string; event_type: string; timestamp: string } & Record<string, unknown>>

/** What can be counted. The place in this list is what a fact has on disk: kinds are added at the end and never taken out. */
export const KINDS = [
  'sent',
  'edited',
  'deleted',
  'reacted',
  'unreacted',
  'pinned',
  'unpinned',
  'read',
  'registered',
  'closed',
  'signed_in',
  'signed_out',
  'befriended',
  'was_befriended',
  'friend_asked',
  'blocked',
  'direct_made',
  'group_made',
  'came_online',
  'profile_changed',
  'password_changed',
  'added_members',
  'status_changed',
  'left_room',
  'care_counted',
] as const
export type Kind = (typeof KINDS)[number]
export const codeOf = (kind: Kind): number => KINDS.indexOf(kind)

/** What a person does with the own hands: who has one of these in a day is active in it. */
export const ACTIVE_KINDS: readonly Kind[] = KINDS.filter(
  (kind) => !['closed', 'was_befriended', 'status_changed', 'left_room', 'care_counted'].includes(kind),
)

/** The place in this list is what a fact has on disk. */
export const MESSAGE_TYPES = ['text', 'image', 'file', 'voice', 'other'] as const

/**
 * One thing that happened, as it is kept: numbers alone, and of people their ids. What does not apply is 0.
 * An event makes one fact of a kind at most.
 */
export type Fact = Readonly<{
  /** When it happened, ms since the epoch, by the clock of the service that told of it. */
  at: number
  /** Of the event (fingerprint.ts): with `at` and `kind` what a repeat is known by. */
  event: number
  kind: number
  user_id: number
  room_id: number
  /** Of a message its place in the room; of reading the place up to which. */
  seq: number
  /** Index in MESSAGE_TYPES and in LANGUAGES; of care in CARE_MEASURES. */
  type: number
  language: number
  /** Characters; of care entries. */
  length: number
  /** 1 when the message has a file. */
  file: number
  /** Of care people. */
  mentions: number
}>

/** Facts of an event, and who is to be forgotten because of it. */
export type Told = Readonly<{ facts: readonly Fact[]; forget?: number }>

/** Times outside are no times of this system: 2000 to 2200. What carries one is a broken event. */
const [EARLIEST, LATEST] = [946_684_800_000, 7_258_118_400_000]

/**
 * What there is to count in an event; nothing in those of other types.
 * @throws MalformedEvent for one that lacks what its type says
 */
export function toldBy(value: EventValue): Told {
  const type = value.event_type
  if (!Object.hasOwn(READERS, type)) return { facts: [] }
  const read: Read = READERS[type as keyof typeof READERS]
  const at = timeIn(value, 'timestamp')
  if (typeof value.event_id !== 'string' || value.event_id === '') throw new MalformedEvent(`${type} has no event_id`)
  const event = fingerprint(value.event_id)
  const { facts, forget } = read(value)
  const whole = facts.map((part) => wholeOf(part, at, event))
  return forget === undefined ? { facts: whole } : { facts: whole, forget }
}

/** Each with the same fields in the same order: spreads would cost more than all else that is done with an event. */
const wholeOf = (part: Part, at: number, event: number): Fact => ({
  at: part.at ?? at,
  event,
  kind: part.kind,
  user_id: part.user_id ?? 0,
  room_id: part.room_id ?? 0,
  seq: part.seq ?? 0,
  type: part.type ?? 0,
  language: part.language ?? 0,
  length: part.length ?? 0,
  file: part.file ?? 0,
  mentions: part.mentions ?? 0,
})

type Part = Partial<Fact> & { kind: number }
type Read = (value: EventValue) => { facts: Part[]; forget?: number }

function id(value: EventValue, field: string): number {
  const found = value[field]
  if (!Number.isSafeInteger(found) || (found as number) < 0)
    throw new MalformedEvent(`${value.event_type}.${field} must be an id`)
  return found as number
}

function timeIn(value: EventValue, field: string): number {
  const said = text(value, field)
  const at = Date.parse(said)
  if (!(at >= EARLIEST && at < LATEST)) throw new MalformedEvent(`${value.event_type}.${field} is no time: ${said}`)
  return at
}

function text(value: EventValue, field: string): string {
  const found = value[field]
  if (typeof found !== 'string') throw new MalformedEvent(`${value.event_type}.${field} must be a string`)
  return found
}

const byUser =
  (kind: Kind, field = 'user_id'): Read =>
  (value) => ({ facts: [{ kind: codeOf(kind), user_id: id(value, field) }] })

const inRoom =
  (kind: Kind): Read =>
  (value) => ({ facts: [{ kind: codeOf(kind), user_id: id(value, 'user_id'), room_id: id(value, 'room_id') }] })

const onMessage =
  (kind: Kind): Read =>
  (value) => ({
    facts: [
      {
        kind: codeOf(kind),
        user_id: id(value, 'user_id'),
        room_id: id(value, 'room_id'),
        seq: id(value, 'seq'),
      },
    ],
  })

const sent: Read = (value) => {
  const type = MESSAGE_TYPES.indexOf(text(value, 'message_type') as never)
  const traits = traitsOf(text(value, 'content'))
  return {
    facts: [
      {
        kind: codeOf('sent'),
        user_id: id(value, 'user_id'),
        room_id: id(value, 'room_id'),
        seq: id(value, 'seq'),
        type: type < 0 ? MESSAGE_TYPES.length - 1 : type,
        language: LANGUAGES.indexOf(traits.language),
        length: traits.length,
        file: (value['file_id'] ?? null) === null ? 0 : 1,
        mentions: traits.mentions,
      },
    ],
  }
}

/** Of nobody: ai-service tells of groups alone. A measure of a later version is not counted. */
const careCounted: Read = (value) => {
  const measure = CARE_MEASURES.indexOf(text(value, 'measure') as never)
  const at = timeIn(value, 'week_start')
  const [length, mentions] = [id(value, 'entries'), id(value, 'people')]
  return { facts: measure < 0 ? [] : [{ kind: codeOf('care_counted'), at, type: measure, length, mentions }] }
}

const READERS = {
  MessageSent: sent,
  MessageEdited: onMessage('edited'),
  MessageDeleted: onMessage('deleted'),
  MessageReactionAdded: onMessage('reacted'),
  MessageReactionRemoved: onMessage('unreacted'),
  MessagePinned: onMessage('pinned'),
  MessageUnpinned: onMessage('unpinned'),
  MessagesRead: (value) => ({
    facts: [
      {
        kind: codeOf('read'),
        user_id: id(value, 'user_id'),
        room_id: id(value, 'room_id'),
        seq: id(value, 'read_seq'),
      },
    ],
  }),
  UserRegistered: byUser('registered'),
  UserClosed: (value) => ({
    facts: [{ kind: codeOf('closed'), user_id: id(value, 'user_id') }],
    forget: id(value, 'user_id'),
  }),
  UserLoggedIn: byUser('signed_in'),
  UserLoggedOut: byUser('signed_out'),
  UserProfileUpdated: byUser('profile_changed'),
  UserPasswordChanged: byUser('password_changed'),
  UserStatusChanged: byUser('status_changed'),
  UserOnlineStatusChanged: (value) => (value['is_online'] === true ? byUser('came_online')(value) : { facts: [] }),
  FriendRequestSent: byUser('friend_asked', 'from_user_id'),
  // Whoever accepts does something; both have a friend now.
  FriendRequestAccepted: (value) => ({
    facts: [
      { kind: codeOf('befriended'), user_id: id(value, 'to_user_id') },
      { kind: codeOf('was_befriended'), user_id: id(value, 'from_user_id') },
    ],
  }),
  UserBlocked: byUser('blocked'),
  ChatRoomCreated: (value) => ({
    facts: [
      {
        kind: codeOf(value['room_type'] === 'group' ? 'group_made' : 'direct_made'),
        user_id: id(value, 'created_by'),
        room_id: id(value, 'room_id'),
      },
    ],
  }),
  RoomMembersJoined: inRoom('added_members'),
  RoomMemberLeft: inRoom('left_room'),
  CareWeekCounted: careCounted,
} as const satisfies Record<string, Read>

/** The types of events that something is counted of. */
export const COUNTED_TYPES: readonly string[] = Object.keys(READERS)
