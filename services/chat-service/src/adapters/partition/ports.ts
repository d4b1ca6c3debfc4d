import type { Position, ProjectedPosition, Projections } from '@bigtech/partition-log'
import type { MessageRow } from '../../domain/message.ts'
import type { Member, Room } from '../../domain/room.ts'
import type { ClosureStore, Memberships, MessageLog, Missed, PeopleReadModel, RoomQueries } from '../../ports.ts'
import type { Bodies } from './entries.ts'

export type StoredMember = Omit<Member, 'room_id'> & Readonly<{ hidden: boolean }>
export type StoredInvitation = Readonly<{
  user_id: number
  invited_by: number
  created_at: number
  declined_at: number | null
}>

/** All of a room that deciding needs, as the tables have it, of one moment. */
export type StoredRoom = Room &
  Readonly<{
    /** Of its last entry. */
    f: number
    last_activity_at: number
    /** Messages that are pinned. */
    pins: number
    members: readonly StoredMember[]
    former: readonly Readonly<{ user_id: number; via: 'left' | 'removed' | 'closed' | null }>[]
    invitations: readonly StoredInvitation[]
  }>

export type Place = Readonly<{ room_id: number; seq: number }>
export type Sent = Readonly<{ room_id: number; user_id: number; client_message_id: string }>

export type Wanted = Readonly<{
  rooms: readonly number[]
  rows: readonly Place[]
  /** Messages by the ids of who sent them. */
  sent: readonly Sent[]
  /** Of people: how they are called, and in how many rooms they are (hidden ones too). */
  names: readonly number[]
  counts: readonly number[]
}>

/** What is not there is absent: people without a name are not known yet. */
export type Found = Readonly<{
  rooms: readonly StoredRoom[]
  rows: readonly MessageRow[]
  sent: readonly MessageRow[]
  names: ReadonlyMap<number, string>
  counts: ReadonlyMap<number, number>
  /** How far each partition was applied: all the rest was read of that, or of more. */
  positions: readonly Position[]
}>

export type MissedSince = Readonly<{
  user_id: number
  /** Microseconds: entries of documents above it. */
  at: number
  limit: number
  total: number
}>

/**
 * Tables made of the log, and what is read from them: as the ports say, of the primary. `apply` writes what `entries.ts` says; all of a document
 * is seen at once, or at least each room of it with its head.
 */
export interface ChatTables extends Projections<Bodies> {
  /** In one round trip, or a bounded number. What was applied before the call is in the answer. */
  find(wanted: Wanted): Promise<Found>
  readonly messages: Omit<MessageLog, 'append' | 'change'>
  readonly rooms: Memberships & RoomQueries
  /** As ChangeFeed.missed; and how far each partition was applied. All of one moment. */
  missed(
    query: MissedSince,
  ): Promise<Readonly<{ missed: Omit<Missed, 'token'>; positions: readonly ProjectedPosition[] }>>
  /** Groups they are in, and rooms they are asked to come into. */
  groupsOf(userId: number): Promise<readonly number[]>
  invitedTo(userId: number): Promise<readonly number[]>
}

/** Ids of rooms, each given once. A room with an id alone is none yet: its first entry makes it. */
export interface RoomDirectory {
  /** @param key of the request that wants it, if it may be repeated: the same gets the same id for a day */
  newGroup(key?: string): Promise<number>
  /** The one id of the pair, also when many ask at once, for ever. */
  direct(userId: number, otherId: number): Promise<number>
}

export interface DailyQuotas {
  /** Once more today (UTC): false, and not counted, when it is too often. Exact for many at once, whatever process they are on. */
  spend(userId: number, what: 'group' | 'invite_link', limit: number | undefined, now: number): Promise<boolean>
}

/** The read model of people, and what an account's closure does to it. Each event once. */
export interface People extends PeopleReadModel {
  prepareClosure: ClosureStore['prepare']
  cancelClosure: ClosureStore['cancel']
  /** Forgets profile, blocks and the name in messages of the system. Not what is of rooms: that is told by the log. */
  forget(event: { event_id: string; user_id: number; now: number }): Promise<void>
}
