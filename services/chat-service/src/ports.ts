import type {
  ChangeLimits,
  FileInfo,
  MessageChange,
  MessageRow,
  MessageType,
  Refusal,
  SystemEvent,
  Actor,
} from './domain/message.ts'
import type { Mention } from './domain/mention.ts'
import type { RoomSettings } from './domain/room.ts'

export type * from './room-ports.ts'

/** A change that is on disk. Feeds tell them in commit order; of one room in order of `rev`. */
export type Committed =
  | Readonly<{ kind: 'message'; row: MessageRow; unread_count: number; old_read_seq: number }>
  | Readonly<{ kind: 'changed'; row: MessageRow; unread_count: number }>
  | Readonly<{ kind: 'read'; room_id: number; user_id: number; old_read_seq: number; read_seq: number }>
  /** Comes before the message that tells of it. */
  | Readonly<{ kind: 'joined'; room_id: number; user_ids: readonly number[]; join_seq: number }>
  /** Comes after the message that tells of it. */
  | Readonly<{
      kind: 'left'
      room_id: number
      user_ids: readonly number[]
      reason: 'left' | 'removed' | 'closed'
    }>
  /** One's own view of a room: what one is told of; hidden until the next message, with history starting after `join_seq`. */
  | (Readonly<{ kind: 'settings'; room_id: number; user_id: number; hidden: boolean; join_seq: number }> & RoomSettings)

export type NewMessage = Readonly<{
  room_id: number
  user_id: number
  message_type: Exclude<MessageType, 'system'>
  content: string
  reply_to: number | null
  /** Who wrote the message that it answers: only told, not stored. */
  reply_to_user_id: number | null
  file: FileInfo | null
  /** By ascending offset; default: none. */
  mentions?: readonly Mention[]
  client_message_id: string | null
  /** epoch ms */
  now: number
  traceparent: string
  /** Nothing new is stored: only whether it was, which its `client_message_id` tells. 'not_member' when not. */
  only_repeat?: boolean
}>

export type Appended = Readonly<{ row: MessageRow; unread_count: number; duplicate: boolean }>

/**
 * The message log. Guarantees, of every adapter (`adapters/chat-store.contract.ts`):
 * - `append` gives the room's next `seq` and `rev`, both gap-free, in one atomic write with its event and with the sender's
 *   `read_seq` (sending is reading). It resolves after the commit. When it rejects nothing of it can be seen; a store of many processes may
 *   yet carry it out, which the same `client_message_id` finds out.
 * - The same `(room_id, user_id, client_message_id)` gives the first message again (`duplicate`), with another content 'conflict'.
 *   Who is no member (any more) gets 'not_member'.
 * - `change` decides on the current row (domain `decideChange`) and writes with the next `rev`, atomically with its event.
 * - No reader sees a message whose event is not stored, nor an event whose message is not.
 */
export interface MessageLog {
  append(message: NewMessage): Promise<Appended | 'conflict' | 'not_member'>
  change(command: {
    room_id: number
    seq: number
    change: MessageChange
    actor: Actor
    /** default: the domain's */
    limits?: ChangeLimits
    now: number
    traceparent: string
  }): Promise<
    | { row: MessageRow; unread_count: number }
    | { refused: Refusal | 'MESSAGE_NOT_FOUND' | 'NOT_A_MEMBER' | 'TOO_MANY_PINS' }
  >
  get(roomId: number, seq: number): Promise<MessageRow | undefined>
  /** Ascending `seq`. `after` is exclusive and at least the reader's `join_seq`; `before` exclusive; from the end if `fromEnd`. */
  page(query: {
    room_id: number
    after: number
    before: number
    limit: number
    fromEnd: boolean
  }): Promise<MessageRow[]>
  /**
   * Those that call somebody or answer a message, and all by others than `authors` (at least one); none that was deleted, nor of the system. Ascending
   * `seq`, `after` and `before` exclusive, the latest `limit` of them.
   */
  worthTelling(query: {
    room_id: number
    after: number
    before: number
    authors: readonly number[]
    limit: number
  }): Promise<MessageRow[]>
  /**
   * Rows whose latest change is in (since_rev, to_rev], by `rev`, at most `limit` (there may be few, or none, and yet more to come);
   * `to_rev` is null when there are no more. And the room's head of that moment.
   */
  changes(query: {
    room_id: number
    since_rev: number
    limit: number
  }): Promise<{ rows: MessageRow[]; to_rev: number | null; head_rev: number }>
  pins(roomId: number, after: number): Promise<MessageRow[]>
  /**
   * Newest first, of the rooms where the user is a member, after their `join_seq`; `before`: cursor of the last hit.
   * Undefined for a cursor that this store has not made.
   * `words` are folded (searchWords); each must be part of the text or of the file's name.
   */
  search(query: {
    user_id: number
    words: readonly string[]
    room_id: number | null
    before: string | null
    limit: number
  }): Promise<{ row: MessageRow; cursor: string }[] | undefined>
}

/**
 * What happens in all rooms, and what a connection missed of it. A token stands for everything up to some moment of this store: who
 * holds it has seen, or been told by `missed`, all that is before. Only the feed that made it can read it; tokens have no order
 * that anybody else may rely on.
 */
export interface ChangeFeed {
  /** Stands for everything that was told so far. */
  token(): string
  /**
   * From when it resolves until the function that it gives is called, this person's rooms are followed: those they are in, and come into later. A feed
   * may tell of others, too. After `lost` changes may have been left out: who relies on them begins anew.
   */
  follow(userId: number, lost: () => void): Promise<() => void>
  /**
   * Tells every change of the rooms that are followed, each once, those of a room in commit order. Its token stands for all that was told before it;
   * whether for the change itself is the feed's affair, so it may be told again by `missed`. Listeners must not throw.
   */
  onCommitted(listener: (change: Committed, token: string) => void): void
  /** Tells what was stored by this process, for its figures: all processes together tell every change once, but for those during a take-over. */
  onStored(listener: (change: Committed) => void): void
  /**
   * Rooms of the user with anything after `token`, all of one moment. A room with more than `limit` changed rows has `rows: null` (resync), and so has
   * every room that would bring all rows together above `total`. Undefined for a token that is damaged, of another store, or ahead of this one.
   */
  missed(query: { user_id: number; token: string; limit: number; total: number }): Promise<Missed | undefined>
}

export type MissedRoom = Readonly<{
  room_id: number
  join_seq: number
  joined: boolean
  from_rev: number
  to_rev: number
  rows: MessageRow[] | null
  reads: readonly Readonly<{ user_id: number; read_seq: number }>[]
  settings: (RoomSettings & Readonly<{ hidden: boolean }>) | null
}>
/** `token` stands for everything up to the moment of the answer. */
export type Missed = Readonly<{ rooms: MissedRoom[]; left: readonly number[]; token: string }>

export type Profile = Readonly<{
  user_id: number
  username: string
  display_name: string
  profile_image_url: string | null
  active: boolean
}>

/** Profiles and blocks as user-service and friend-service told by events (local read model). Unknown users are absent. */
export interface PeopleReadModel {
  /** The highest id of anybody this service has heard of; 0 for nobody. */
  highestId(): Promise<number>
  profiles(userIds: readonly number[]): Promise<Map<number, Profile>>
  /** Whether a profile that this gave is still what it would give. False also for one that it has given so long ago that it is not sure. */
  isLatest(profile: Profile): boolean
  /** True if the first has blocked the second. */
  hasBlocked(by: number, other: number): Promise<boolean>
  /** True if either has blocked the other. */
  blocked(a: number, b: number): Promise<boolean>
  applyProfile(event: {
    event_id: string
    user_id: number
    now: number
    profile: Omit<Profile, 'user_id'>
  }): Promise<void>
  applyBlock(event: {
    event_id: string
    now: number
    user_id: number
    blocked_user_id: number
    blocked: boolean
  }): Promise<void>
}

/** Asks user-service itself about people the read model does not know yet. Missing users are absent. */
export interface UserDirectory {
  find(userIds: readonly number[], authorization: string): Promise<Profile[]>
}

export type StoredFile = FileInfo &
  Readonly<{ owner_id: number; blob_key: string; thumbnail_key: string | null; created_at: number }>

/** Files and bytes, without thumbnails. */
export type Usage = Readonly<{ files: number; bytes: number }>

/** Uploaded files and where they are attached. */
export interface FileStore {
  /** Stores nothing when its owner would then have more than the limits: of uploads at once as many are kept as fit. */
  add(file: StoredFile, limits?: Usage): Promise<'added' | 'too_many_files' | 'storage_full'>
  usage(userId: number): Promise<Usage>
  /** Of all accounts together, and of those that use most. */
  largestUsages(limit: number): Promise<{ total: Usage; accounts: readonly (Usage & { user_id: number })[] }>
  get(id: string): Promise<StoredFile | undefined>
  /** True for the owner, and for members who see a message (not deleted, in their time) with the file. */
  visibleTo(id: string, userId: number): Promise<boolean>
  /** Files in no message and older than `before`; with their rows removed. */
  takeOrphans(before: number, limit: number): Promise<StoredFile[]>
}

/** Participation in the account-closure saga of user-service; each step at most once per saga, with its reply event. */
export interface ClosureStore {
  prepare(event: {
    event_id: string
    user_id: number
    saga_id: string
    now: number
    traceparent: string
  }): Promise<void>
  cancel(event: { event_id: string; user_id: number; saga_id: string; now: number }): Promise<void>
  /** Leaves all groups, forgets the profile. Direct rooms stay for the other side. */
  erase(event: { event_id: string; user_id: number; now: number; traceparent: string }): Promise<void>
}

export type TicketHolder = Readonly<{ user_id: number; session_id: string; role: 'user' | 'admin' }>

/** One-minute, single-use tickets for clients that cannot set headers. */
export interface TicketStore {
  issue(holder: TicketHolder): Promise<string>
  /** The holder once; undefined for an unknown, used or expired ticket, or one whose session has ended. */
  redeem(ticket: string): Promise<TicketHolder | undefined>
}

/** A stream of somebody, of whatever process. */
export type FocusHolder = Readonly<{ user_id: number; connection_id: string }>

/**
 * Which room each connection shows at the moment. Best effort: it is forgotten 60 s after it was last said, lost with what keeps it, and the calls
 * never throw.
 */
export interface FocusStore {
  /** The one room that this connection shows from now on; null: none. */
  set(holder: FocusHolder, roomId: number | null): Promise<void>
  /** Who shows the room on any connection, whatever process said so. */
  focused(roomId: number): Promise<ReadonlySet<number>>
}

/**
 * Tells user-service, which knows who is online, that people have streams open here. Best effort: it never waits and never throws, and
 * a beat that was lost is followed by the next within a minute.
 */
export interface PresenceBeats {
  beat(userId: number): void
}

/** What one of many processes on one log has of it. */
export interface PartitionShare {
  /** The name of this process among those that have the log together. */
  readonly node: string
  /** Takes part from now on. The others must be able to reach this process. Resolves when streams can be opened. */
  start(): Promise<void>
  /** Commands of other processes. @returns an outcome for each */
  handle(p: number, term: number, commands: readonly unknown[]): Promise<unknown[]>
  /** Hands over what this process owns; what it is asked from then on goes to others. */
  leave(): Promise<void>
}

export type { SystemEvent }
