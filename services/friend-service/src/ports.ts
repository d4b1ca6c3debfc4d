import type { EventRecord } from '@bigtech/messaging'
import type { FriendRequest, Pair, PairChange, PairDecision, PairRefusal } from './domain/pair.ts'

export type Profile = Readonly<{
  user_id: number
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
  active: boolean
}>

/** What was done, with the requests as they now are. */
export type PairOutcome =
  | Readonly<{ done: readonly PairChange[]; request: FriendRequest | null }>
  | Readonly<{ refused: PairRefusal }>

/** Events of the changes; `requestId` is the id a new request was given. */
export type EventsOf = (changes: readonly PairChange[], requestId: number | null) => readonly EventRecord[]

export type Friendship = Readonly<{ friend_id: number; since: number }>
export type Block = Readonly<{ blocked_user_id: number; since: number }>
export type Suggestion = Readonly<{ user_id: number; mutual_friends: number }>

/**
 * Friendships, requests and blocks.
 *
 * - `update` and `answer` load, decide and write in one transaction with the events; decisions about one pair are made one after the
 *   other (two crossing requests at once give one friendship). A refusal writes nothing.
 */
export interface FriendStore {
  update(command: {
    a: number
    b: number
    now: number
    /** @param sentToday requests of `a` in the 24 hours before `now`, whatever became of them */
    decide: (pair: Pair, sentToday: number) => PairDecision
    events: EventsOf
  }): Promise<PairOutcome>
  /** Undefined when there is no such request, or `mayAnswer` says no. */
  answer(command: {
    id: number
    now: number
    mayAnswer: (request: FriendRequest) => boolean
    decide: (request: FriendRequest) => PairDecision
    events: EventsOf
  }): Promise<PairOutcome | undefined>
  pair(a: number, b: number): Promise<Pair>
  /** Undefined for those who are none, and for an account that is set aside. */
  friendsSince(userId: number, other: number): Promise<number | undefined>
  /** Pending ones, newest first, before the request id `before`. */
  requests(query: {
    user_id: number
    direction: 'received' | 'sent'
    before: number | undefined
    limit: number
  }): Promise<FriendRequest[]>
  /** Newest friendship first; `before`: (since, friend id). Inactive people are left out. */
  friends(query: {
    user_id: number
    before: readonly [number, number] | undefined
    limit: number
  }): Promise<Friendship[]>
  blocks(query: { user_id: number; before: readonly [number, number] | undefined; limit: number }): Promise<Block[]>
  /** Active friends of friends, most mutual friends first, without those there already is something with. */
  suggestions(query: { user_id: number; limit: number }): Promise<Suggestion[]>
}

export type ReportReason = 'spam' | 'abuse' | 'sexual' | 'illegal' | 'other'

/** What somebody told the operator about somebody else: who and why, and which messages by their ids alone. */
export type Report = Readonly<{
  id: number
  reporter_id: number
  user_id: number
  reason: ReportReason
  note: string
  message_ids: readonly string[]
  created_at: number
  /** The administrator who looked after it, and when; both null while it is open. */
  handled_by: number | null
  handled_at: number | null
}>

export type ReportStatus = 'open' | 'handled'

export interface ReportStore {
  /** The id; undefined if the reporter has made `limit` reports after `since` already. */
  add(
    report: Omit<Report, 'id' | 'handled_by' | 'handled_at'> & { limit: number; since: number },
  ): Promise<number | undefined>
  /** Newest first, before the id `before`. `status`: default all. */
  list(query: { before: number | undefined; limit: number; status?: ReportStatus | undefined }): Promise<Report[]>
  /** What it is already stays: of two at once the first is written down. Undefined when there is no such report. */
  mark(command: {
    id: number
    status: ReportStatus
    by: number
    now: number
  }): Promise<{ report: Report; changed: boolean } | undefined>
}

/** Profiles as user-service told by events. Each event has its effect once, in the transaction of its id. */
export interface PeopleStore {
  /** The highest id of anybody this service has heard of; 0 for nobody. */
  highestId(): Promise<number>
  profiles(userIds: readonly number[]): Promise<Map<number, Profile>>
  applyProfile(event: { event_id: string; now: number; profile: Profile }): Promise<void>
  /** Account closure: set aside and answered with `reply`; taken back; final (friendships, requests, blocks and profile go). */
  prepareClosure(event: { event_id: string; now: number; user_id: number; reply: EventRecord }): Promise<void>
  cancelClosure(event: { event_id: string; now: number; user_id: number }): Promise<void>
  erase(event: {
    event_id: string
    now: number
    user_id: number
    events: (friendIds: readonly number[]) => readonly EventRecord[]
  }): Promise<void>
  prune(now: number): Promise<void>
}

export type Presence = Readonly<{ user_id: number; online: boolean; last_seen_at: string | null }>

/** chat-service, asked with the caller's own token. */
export interface MessageDirectory {
  /** Whether the caller can read each of these messages now. @param ids of the form `msg_<room>_<seq>` */
  areReadable(ids: readonly string[], authorization: string): Promise<boolean>
}

/** user-service, asked with the caller's own token. */
export interface UserDirectory {
  /** Missing users are absent. */
  find(userIds: readonly number[], authorization: string): Promise<Profile[]>
  presence(userIds: readonly number[], authorization: string): Promise<Presence[]>
}
