import type { MessageRow } from './domain/message.ts'
import type { Member, Role, Room, RoomSettings, RoomType } from './domain/room.ts'

export type RoomListEntry = Readonly<{
  room: Room
  me: Member
  /** The other person of a direct room. */
  partner: Member | null
  last: MessageRow | null
  last_unread: number
  /** What does not count as unread after the caller's position, ascending `seq`; see `RoomQueries.uncounted`. */
  uncounted: readonly number[]
  /** The `seq` of messages after the caller's position that mention them or everyone, ascending. Found without looking at the others. */
  mentioned: readonly number[]
  /** A direct room that was cleared and has had no message since. */
  hidden: boolean
  last_activity_at: number
  /** Another one after every change of the entry; only names in the text of system messages may change without it (erasure). */
  version: number
}>

/** A room in its place of a list: as the caller knows it, or read. */
export type RoomInPlace<Known> = Readonly<{
  room_id: number
  last_activity_at: number
  known?: Known
  entry?: RoomListEntry
}>

export type RoomListQuery = Readonly<{ user_id: number; before: readonly [number, number] | undefined; limit: number }>

/** `blocked`: by either; `blocked_by_me`: by the one who asks, who may be told. */
export type Partner = Readonly<{ user_id: number; active: boolean; blocked: boolean; blocked_by_me: boolean }>

/** `me` undefined when not a member; `partner` in direct rooms, while there is one. */
export type Sender = Readonly<{
  room_type: RoomType
  me: Readonly<{ room_id: number; join_seq: number }> | undefined
  partner: Partner | undefined
}>

export type MembershipChange = Readonly<{ actor: number; now: number; traceparent: string }>

export type SettingsChange = Readonly<{ room_id: number; user_id: number; now: number; traceparent: string }>

/** Members of a group, rooms of a person, groups made by a person in a day. */
export type GroupLimits = Readonly<{ members: number; rooms: number; per_day: number }>
export type CreateOutcome =
  | { room_id: number }
  | 'full'
  | 'too_many_rooms'
  | 'too_many_rooms_of_others'
  | 'too_many_today'

/**
 * `added` are members now; `invited` went out of the room before and are asked (they may have been before). 'admins_only': one of them was
 * removed, which not everybody may undo. 'removed': the actor was, and comes back by no link.
 */
export type AddOutcome =
  | { added: readonly number[]; invited: readonly number[] }
  | 'full'
  | 'too_many_rooms'
  | 'refused'
  | 'admins_only'
  | 'removed'
export type AcceptOutcome = 'done' | 'not_invited' | 'full' | 'too_many_rooms'

export type Invitation = Readonly<{
  room_id: number
  name: string | null
  member_count: number
  invited_by: number
  created_at: number
}>

/**
 * Changes of rooms, members and read positions. Those of membership, name and role also append a system message (same transaction or same
 * outcome). They are 'refused' (and nothing done) when the actor has lost the right to them since it was checked, or the other person is gone.
 */
/** A room's link, or none: its code is null. */
export type RoomLink = Readonly<{ code: string | null; expires_at: number | null }>

export interface RoomCommands {
  /** Returns the existing room of the pair if there is one (shown again if it was hidden). */
  openDirect(command: {
    user_id: number
    other_id: number
    now: number
    traceparent: string
    rooms_limit?: number
  }): Promise<{ room_id: number; created: boolean } | 'too_many_rooms'>
  createGroup(
    command: MembershipChange & { name: string | null; member_ids: readonly number[]; limits?: GroupLimits },
  ): Promise<CreateOutcome>
  /**
   * Adds those who are not members; who left or was removed is asked instead (`via: 'added'`). Nothing is done beyond `limit` members
   * ('full'), or `rooms_limit` rooms of one who would come in. Who declined is not asked again within `ask_again_after` ms.
   */
  addMembers(
    command: MembershipChange & {
      room_id: number
      user_ids: readonly number[]
      via: 'added' | 'invite'
      limit: number
      rooms_limit?: number
      ask_again_after?: number
    },
  ): Promise<AddOutcome>
  /** The actor comes in. Accepting again changes nothing. */
  acceptInvitation(
    command: MembershipChange & { room_id: number; limit: number; rooms_limit?: number },
  ): Promise<AcceptOutcome>
  /** False when there is none that waits. */
  declineInvitation(command: { room_id: number; user_id: number; now: number }): Promise<boolean>
  /** Removes a group member; the owner's leaving passes ownership on. False when they were none. */
  removeMember(
    command: MembershipChange & { room_id: number; user_id: number; via: 'left' | 'removed' | 'closed' },
  ): Promise<boolean | 'refused'>
  /** Clears a direct room from one's list and history until the next message. */
  hideDirect(command: { room_id: number; user_id: number }): Promise<void>
  /** An empty name: none. */
  rename(command: MembershipChange & { room_id: number; name: string }): Promise<'done' | 'refused'>
  /** A new owner takes the place of the old, who becomes admin. */
  setRole(command: MembershipChange & { room_id: number; user_id: number; role: Role }): Promise<'done' | 'refused'>
  /** What a member is told of; see `withMuted` of the domain. Nothing is done for one who is none. */
  setMuted(command: SettingsChange & { muted: boolean }): Promise<void>
  setSettings(command: SettingsChange & RoomSettings): Promise<void>
  /** `read_seq` only grows and never passes the head. */
  markRead(command: {
    room_id: number
    user_id: number
    seq: number
    now: number
    traceparent: string
  }): Promise<{ old_read_seq: number; read_seq: number } | 'not_member'>
  /** The room's one link, or none; answers what it is now. @param by who makes it, and how many they may make in a day */
  setInvite(command: {
    room_id: number
    actor: number
    code: string | null
    expires_at: number | null
    by?: { user_id: number; now: number; per_day: number }
  }): Promise<RoomLink | 'too_many_today' | 'refused'>
  /**
   * Whether an earlier attempt at the request under way (`asAttempt`) has carried out what would come next: then it is no longer allowed for
   * that very reason. False where no outcome is ever unknown.
   */
  wasDone(roomId: number): Promise<boolean>
}

/** Who is in which room, and what they may do there. Every use case asks it first, so it is what is true now, not a moment ago. */
export interface Memberships {
  /** The room and the caller's membership, or undefined when there is no such room; `me` undefined when not a member. */
  find(roomId: number, userId: number): Promise<{ room: Room; me: Member | undefined } | undefined>
  /** What `find` and `partner` say that concerns sending: from memory for busy rooms. */
  sender(roomId: number, userId: number): Promise<Sender | undefined>
  /** The other person of a direct room and whether one may write to them; undefined when there is none (any more). */
  partner(roomId: number, userId: number): Promise<Partner | undefined>
  member(roomId: number, userId: number): Promise<Member | undefined>
  members(roomId: number): Promise<Member[]>
  /** The room with all its members, of one moment, by ascending user id; undefined when there is no such room. */
  audience(roomId: number): Promise<{ room: Room; members: Member[] } | undefined>
  /** Those of these people, and those called so, who are members. @param query.names as `nameKey` of the domain makes them */
  membersAmong(query: {
    room_id: number
    user_ids: readonly number[]
    names: readonly string[]
  }): Promise<{ user_id: number; username: string }[]>
  memberPage(query: { room_id: number; after_user_id: number; limit: number }): Promise<Member[]>
  /** Some other members, the same whenever they are asked for. */
  others(roomId: number, userId: number, limit: number): Promise<readonly number[]>
  roomIdsOf(userId: number): Promise<{ room_id: number; join_seq: number }[]>
  /** Ascending. */
  readSeqs(roomId: number): Promise<readonly number[]>
}

/** What lists and pages show. */
export interface RoomQueries {
  /** Newest activity first; `before`: (last_activity_at, room id) of the page before. */
  list(query: RoomListQuery): Promise<RoomListEntry[]>
  /** As `list`, and of one moment; without reading the rooms that the caller knows as they are at that version. */
  listAround<Known>(
    query: RoomListQuery,
    known: (room_id: number, version: number) => Known | undefined,
  ): Promise<RoomInPlace<Known>[]>
  /** One room as `list` has it, also a hidden one. */
  listed(roomId: number, userId: number): Promise<RoomListEntry | undefined>
  /** The `seq` of system messages and of deleted ones after `after`, ascending. Found without looking at the messages between them. */
  uncounted(roomId: number, after: number): Promise<readonly number[]>
  /** Those that wait for an answer, newest first, without those of people there is a block with. */
  invitations(userId: number): Promise<Invitation[]>
  invite(roomId: number): Promise<{ code: string; expires_at: number | null } | undefined>
  roomOfInvite(code: string, now: number): Promise<number | undefined>
}

export type RoomStore = RoomCommands & Memberships & RoomQueries
