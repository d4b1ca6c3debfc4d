import type { RoomMember, RoomMessage } from './domain/decide-push.ts'
import type { MailKind } from './domain/mail.ts'
import type { KeptNote, Note } from './domain/note.ts'
import type { Settings, SettingsChange } from './domain/settings.ts'
import type { Language } from './domain/text.ts'

/** An event that has an effect once, in the transaction of its id. */
export type Once = Readonly<{ event_id: string; now: number }>

/** What a note of a message is about. */
export type NotesOf = Readonly<{ room_id: number; message_id: string }>

export type ReadWhich = 'all' | readonly number[]

/** What is withdrawn or read is taken off the devices that show it, as far as they may be sent that (`decideClose`). */
export interface NoteStore {
  /**
   * Keeps notes. An unread one of the same group takes the new one in.
   * @param wanted where its person wants it: in the list, on the devices from `pushAt` on
   * @returns those in lists, as they now are; none when the event had its effect before
   */
  add(
    event: Once,
    wanted: readonly Readonly<{ note: Note; isListed: boolean; isPushed: boolean }>[],
    pushAt: number,
  ): Promise<KeptNote[]>
  /** Nobody is told of a message any more. @returns whose notes it were */
  withdrawMessage(event: Once, message: NotesOf): Promise<number[]>
  /** An actor takes back what a group tells; without others of the group nothing is left. @returns whether there was any */
  withdraw(event: Once, note: { user_id: number; group: string; actor_id: number }): Promise<boolean>
  /** All that somebody is told of a group, or of a room, is over, whoever did it. @returns whether there was any */
  withdrawAll(event: Once, notes: { user_id: number } & ({ group: string } | { room_id: number })): Promise<boolean>
  /** An actor takes back one reaction: they are told of as long as they have another. @returns whose notes it was in */
  withdrawReaction(event: Once, reaction: { message_id: string; actor_id: number; emoji: string }): Promise<number[]>
  /** Unread before read, each newest first. @param before `read` (0 or 1), time and id of the last of the page before */
  list(query: {
    user_id: number
    before: readonly [number, number, number] | undefined
    limit: number
    now: number
  }): Promise<KeptNote[]>
  get(id: number): Promise<KeptNote | undefined>
  unread(userId: number, now: number): Promise<number>
  /** Of each of these people. */
  unreadOf(userIds: readonly number[], now: number): Promise<Map<number, number>>
  /** @returns whether any was unread */
  read(command: { user_id: number; which: ReadWhich; now: number }): Promise<boolean>
  /** What was seen in its room. @returns whose notes were read by it */
  readRooms(
    reads: readonly Readonly<{ user_id: number; room_id: number; read_seq: number }>[],
    now: number,
  ): Promise<number[]>
  prune(now: number): Promise<void>
}

export interface SettingsStore {
  of(userIds: readonly number[]): Promise<Map<number, Settings>>
  /** @param digestAt when the first digest comes; of a change that wants it */
  change(userId: number, change: SettingsChange, digestAt?: number): Promise<Settings>
}

export type Subscription = Readonly<{
  id: number
  user_id: number
  endpoint: string
  p256dh: string
  auth: string
  language: Language
  device: string
  session_id: string
  created_at: number
}>

export interface SubscriptionStore {
  /** One of the same endpoint is replaced, whoever's it was; of more than `most` of a person the oldest go. */
  put(subscription: Omit<Subscription, 'id'>, most: number): Promise<Subscription>
  list(userId: number): Promise<Subscription[]>
  remove(which: { user_id: number; endpoint: string } | { id: number } | { session_id: string }): Promise<void>
  /** Of these people, who has any. */
  subscribers(userIds: readonly number[]): Promise<Set<number>>
  isAny(): Promise<boolean>
}

/** A room with messages that its members may have to be told of. `trace`: the `traceparent` of the latest, where spans are recorded. */
export type DueRoom = Readonly<{ room_id: number; after_seq: number; last_seq: number; trace: string | null }>

/** A device of somebody is to be told what `payload` says or a note; the latest of a tag. Times: ms since the epoch. */
export type Delivery = Readonly<{
  id: number
  subscription: Subscription
  /** Its push service. */
  host: string
  tag: string
  note_id: number | null
  payload: string
  attempts: number
  created_at: number
  expires_at: number
  /** The `traceparent` of what it tells of, where spans are recorded. */
  trace: string | null
}>

export interface PushStore {
  /** There are messages up to `last_seq`, the first after `after_seq`. */
  messagesCame(rooms: readonly DueRoom[], dueAt: number): Promise<void>
  /** Rooms whose time has come, which nobody else takes until `until`. */
  takeRooms(query: { now: number; until: number; limit: number }): Promise<DueRoom[]>
  /**
   * The members of a room were told up to `upTo`: what is left of it is due at `dueAt`. With what they are told, in one transaction.
   * @param tell by member, up to which message, and the payload by language
   */
  told(command: {
    room: DueRoom
    upTo: number
    dueAt: number
    now: number
    tell: readonly Readonly<{ user_id: number; seq: number; payloads: Readonly<Record<Language, string>> }>[]
    tag: string
    expiresAt: number
  }): Promise<void>
  /** Of these rooms nobody had to be told anything up to there: what is left of one is due at `dueAt`. */
  nothingToTell(rooms: readonly Readonly<{ room_id: number; up_to: number }>[], dueAt: number): Promise<void>
  /** Up to which message of a room people were told. */
  toldOf(roomId: number, userIds: readonly number[]): Promise<Map<number, number>>
  /** What was read needs not be told any more, and is taken off the devices that show it, as far as they may be sent that (`decideClose`). */
  readRooms(
    reads: readonly Readonly<{ user_id: number; room_id: number; read_seq: number }>[],
    close: (roomId: number) => Readonly<{ tag: string; link: string }>,
    now: number,
  ): Promise<void>
  /** To all devices of a person. */
  toUser(userId: number, push: { tag: string; payload: string; at: number; expiresAt: number }): Promise<number>
  /** The newest first; nobody else takes them until `until`. @param except push services that are told nothing now */
  takeDeliveries(query: { now: number; until: number; limit: number; except: readonly string[] }): Promise<Delivery[]>
  /** They were taken, and not tried. */
  putBack(deliveries: readonly Delivery[]): Promise<void>
  /** Nothing that waits for this push service is due before `until`; what was taken stays with who took it. */
  putOff(host: string, until: number, now: number): Promise<void>
  /** What became of one: it is over, or tried again. One that was replaced meanwhile stays. @param shownAt when its device took it, if it was told */
  delivered(delivery: Delivery, shownAt?: number): Promise<void>
  again(delivery: Delivery, at: number): Promise<void>
  /** It can never be delivered: kept for the operator, without its words. */
  bury(delivery: Delivery, reason: string, now: number): Promise<void>
  /** @returns how many were too old to be told */
  expire(now: number): Promise<number>
  /**
   * The clock was set back, or who had claimed something is no more: rooms that would wait beyond `roomsUntil` are due, as is what devices were told of at a
   * time that is yet to come; what else they are to be told waits until `pushesUntil` at most; and no claim lasts beyond `claimsUntil`.
   */
  putRight(times: { now: number; roomsUntil: number; pushesUntil: number; claimsUntil: number }): Promise<void>
  /** What is due, under way or not: rooms to be looked at, and devices to be told. */
  waiting(now: number): Promise<Readonly<{ rooms: number; deliveries: number }>>
}

/** Somebody a mail goes to. */
export type Recipient = Readonly<{ email: string; display_name: string }>

/** A mail that waits. `at`: when that happened of which it tells, ms since the epoch. */
export type WaitingMail = Readonly<{
  id: number
  user_id: number
  kind: MailKind
  /** The same each time it is tried. */
  event_id: string
  /** null: user-service is asked when it is sent. */
  recipient: Recipient | null
  attempts: number
  at: number
  expires_at: number
}>

type OfKind = Readonly<{ user_id: number; kind: MailKind }>

/** Nothing of what a mail says is kept here: it is written when it is sent. */
export interface MailStore {
  /** Once an event. @param mail.recipient of an account that may be gone by then: it is held until `release` */
  add(event: Once, mail: OfKind & Readonly<{ at: number; recipient?: Recipient }>): Promise<void>
  /** What was held is due now. */
  release(event: Once, mail: OfKind): Promise<void>
  /** What was held is not to be sent. */
  drop(event: Once, mail: OfKind): Promise<void>
  /** What is due, the oldest first; nobody else takes it until `until`. */
  take(query: { now: number; until: number; limit: number }): Promise<WaitingMail[]>
  done(mail: WaitingMail): Promise<void>
  again(mail: WaitingMail, at: number): Promise<void>
  /** It can never be sent: kept for the operator, without its words. */
  bury(mail: Pick<WaitingMail, 'id' | 'user_id' | 'kind'>, reason: string, now: number): Promise<void>
  /** @returns how many were too old to be sent */
  expire(now: number): Promise<number>
  waiting(now: number): Promise<number>
  /** The clock was set back: no mail waits, and no claim lasts, for a time beyond these. What is held stays held. */
  putRight(times: { dueUntil: number; claimsUntil: number }): Promise<void>
  /** Who is to be told what they missed. */
  dueDigests(now: number, limit: number): Promise<Readonly<{ user_id: number; next_at: number }>[]>
  /** Of one that is due: the mail, and when the next one comes. Of several processes one does it. */
  digest(due: Readonly<{ user_id: number; next_at: number }>, next: number, now: number): Promise<void>
  unsubscribeToken(userId: number): Promise<string | undefined>
  subscriberOf(token: string): Promise<number | undefined>
}

/** What user-service says of an account: its contract, `Mailbox`. */
export type Mailbox = Recipient & Readonly<{ email_verified: boolean; confirmation_token: string | null }>

export interface Mailboxes {
  /** Undefined: there is no such account any more. @throws when it cannot be asked now */
  of(userId: number, withToken: boolean): Promise<Mailbox | undefined>
}

/** Where something came that somebody has not read, the latest first. */
export type UnreadRoom = Readonly<{ id: number; name: string; unread_count: number }>

export type Person = Readonly<{
  user_id: number
  display_name: string
  profile_image_url: string | null
  active: boolean
}>

export interface PeopleStore {
  people(userIds: readonly number[]): Promise<Map<number, Person>>
  applyProfile(event: Once & { person: Person }): Promise<void>
  block(event: Once & { user_id: number; other: number; on: boolean }): Promise<void>
  /** Of these people, whom each has blocked. */
  blocks(userIds: readonly number[]): Promise<Map<number, ReadonlySet<number>>>
  /** All that is kept of somebody goes, and their doing is nobody's. */
  erase(event: Once & { user_id: number }): Promise<void>
}

export type Audience = Readonly<{
  room: Readonly<{ id: number; type: 'direct' | 'group'; name: string | null; last_seq: number }>
  members: readonly RoomMember[]
  /** The latest after the place that was asked for, oldest first, none deleted. */
  messages: readonly RoomMessage[]
}>

/** chat-service. */
export interface Rooms {
  /** Undefined: there is no such room. @throws when it cannot be asked now */
  audience(roomId: number, afterSeq: number): Promise<Audience | undefined>
  /** @throws when it cannot be asked now */
  unread(userId: number, since: number): Promise<readonly UnreadRoom[]>
}

/** What a push service answered: it has the message, or will never take it, or not now. */
export type PushAnswer =
  | Readonly<{ outcome: 'accepted' }>
  /** The subscription is no more. */
  | Readonly<{ outcome: 'gone' }>
  | Readonly<{ outcome: 'refused'; reason: string }>
  | Readonly<{ outcome: 'later'; reason: string; retryAfterMs: number | undefined }>

export interface PushSender {
  readonly publicKey: string
  /** @throws ENDPOINT_NOT_ALLOWED, BAD_SUBSCRIPTION_KEYS */
  check(subscription: Readonly<{ endpoint: string; p256dh: string; auth: string }>): void
  /** Never throws. @param ttlS after which the push service may forget it */
  send(
    subscription: Subscription,
    payload: string,
    options: { ttlS: number; urgency: 'normal' | 'high' | 'low'; topic: string },
  ): Promise<PushAnswer>
}
