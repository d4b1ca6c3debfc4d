import type { EventRecord } from '@bigtech/messaging'
import type { SessionId, UserId, UserRole, UserStatus } from './contract/ids.ts'
import type { ClosureSaga } from './domain/closure-saga.ts'
import type { StoredUserEvent, User, UserEvent, UserEventType } from './domain/user.ts'

/** Words: a *session* is one sign-in on one device and the family of its refresh tokens; only hashes of tokens are stored. Times in ms. */

export type VersionedUser = Readonly<{ user: User; version: number }>
/** One step of a stream with what the outbox publishes of it; `record.value.event_id` is the id of both. */
export type NewEvent = Readonly<{ event: UserEvent; at: number; record: EventRecord }>
export type StreamEvent = Readonly<{
  id: number
  version: number
  event: StoredUserEvent
  event_id: string
  at: number
}>
/** One that happened, and does not stand for others. */
export type Happened = StreamEvent & Readonly<{ event: UserEvent }>

/** Streams and their projection: `create` and `save` write both, so that replaying a stream always gives its row. */
export interface UserRecords {
  load(id: UserId): Promise<VersionedUser | undefined>
  /** @param make the first events, once the id is known @throws EMAIL_TAKEN, USERNAME_TAKEN */
  create(user: Omit<User, 'id'>, make: (id: UserId) => readonly NewEvent[]): Promise<UserId>
  /**
   * Appends events to a stream that still has `expectedVersion`, and stores the state after them.
   * @throws VersionConflict (which `UserStore.transaction` retries), EMAIL_TAKEN, USERNAME_TAKEN
   */
  save(user: User, expectedVersion: number, events: readonly NewEvent[]): Promise<void>
  /** Rewrites the stored data of a user's events (erasure); ids, types, versions and times stay. */
  redact(id: UserId, rewrite: (event: StoredUserEvent) => StoredUserEvent): Promise<void>
  findByEmail(email: string): Promise<User | undefined>
  /** @param key of usernameKey() */
  findByUsernameKey(key: string): Promise<User | undefined>
  /** Those that exist, in any order, closed ones included. */
  byIds(ids: readonly UserId[]): Promise<User[]>
  /** By id, ascending. */
  list(options: { status?: UserStatus; after?: UserId; limit: number }): Promise<User[]>
  /**
   * Active users whose username or display name contains `key` (of searchKey()), exact matches first, then prefixes.
   * Leaves out `viewer` and whoever blocked or is blocked by them.
   */
  search(options: { key: string; viewer: UserId; limit: number }): Promise<User[]>
  /** A stream, oldest first. @param until inclusive */
  stream(id: UserId, options?: { until?: number }): Promise<StreamEvent[]>
  /** A stream, newest first, from below the global event id `before` on. */
  recent(id: UserId, options: { type?: UserEventType; before?: number; limit: number }): Promise<Happened[]>
  /**
   * Some of those whose first events are signing in or out before `before`: these make a stream long. Few at a time, of each no more than once
   * until `fold`.
   */
  withOldVisits(before: number, limit: number): Promise<UserId[]>
  /**
   * Puts one HistoryFolded in the place of all events before `before`; it keeps the version, id and time of the last of them. Replaying gives the same.
   * @returns how many events are gone
   */
  fold(id: UserId, before: number): Promise<number>
}

export interface Credentials {
  passwordHash(userId: UserId): Promise<string | undefined>
  /** A new password; reset tokens of the user are void from then on. */
  set(userId: UserId, passwordHash: string, now: number): Promise<void>
  remove(userId: UserId): Promise<void>
  addReset(reset: { tokenHash: string; userId: UserId; expiresAt: number }): Promise<void>
  /** The user a reset token is for, if it is neither used nor expired. */
  findReset(tokenHash: string, now: number): Promise<UserId | undefined>
  /** A mailed token that confirms the address; good until it expires, so that a link may be followed twice. */
  addConfirmation(confirmation: { tokenHash: string; userId: UserId; expiresAt: number }): Promise<void>
  /** Whose address it confirms, if it is not expired. */
  findConfirmation(tokenHash: string, now: number): Promise<UserId | undefined>
  /** Uses a reset token up; true for exactly one caller. */
  useReset(tokenHash: string, now: number): Promise<boolean>
}

export type Session = Readonly<{
  id: SessionId
  user_id: UserId
  device: string | null
  ip: string | null
  created_at: number
  last_used_at: number
  expires_at: number
  revoked_at: number | null
}>
export type SessionRef = Readonly<{ session_id: SessionId; user_id: UserId }>

export interface Sessions {
  create(session: Omit<Session, 'revoked_at'>, refreshTokenHash: string): Promise<void>
  /** `used`: when the token was exchanged, and the salt its successor was made with (null: by an older version). */
  findByToken(
    tokenHash: string,
  ): Promise<{ session: Session; used: { at: number; salt: string | null } | null } | undefined>
  /** Uses a refresh token up and stores its successor. False when it was used before: of two callers exactly one gets true. */
  rotate(change: {
    sessionId: SessionId
    oldHash: string
    newHash: string
    /** With the old token it gives the new one again. */
    salt: string
    now: number
    expiresAt: number
    ip: string | null
  }): Promise<boolean>
  /** Neither revoked nor expired, latest used first. */
  active(userId: UserId, now: number): Promise<Session[]>
  /** From where the user signed in, or went on, in the sessions that are kept (open ones, and those that ended within 30 days). */
  addressesOf(userId: UserId): Promise<string[]>
  /** As they call themselves, of all sessions that are not forgotten yet. */
  devicesOf(userId: UserId): Promise<(string | null)[]>
  /** Ends sessions of one user; gives those that were still open. @param which ids, or all but one */
  revoke(
    userId: UserId,
    which: { ids: readonly SessionId[] } | { allBut: SessionId | null },
    now: number,
  ): Promise<SessionRef[]>
  /** Removes device and address from the sessions of a closed account. */
  anonymize(userId: UserId): Promise<void>
  revokedSince(time: number): Promise<SessionRef[]>
  /** Forgets sessions, tokens and mailed tokens that ended before `time`; returns how many rows. */
  prune(time: number): Promise<number>
}

/**
 * The highest user id ever given, kept apart from the accounts: a store that was lost, or put back from an older copy, must not give an id to
 * somebody new while other services still hold what belongs to the person who had it.
 */
export interface IdMark {
  current(): number
  /** Before anybody is told of an account. */
  raise(id: UserId): Promise<void>
}

/** What friend-service told about who may see whom. */
export interface Relations {
  addFriends(a: UserId, b: UserId): Promise<void>
  removeFriends(a: UserId, b: UserId): Promise<void>
  setBlocked(blocker: UserId, blocked: UserId, on: boolean): Promise<void>
  /** Friends who have not blocked the user and are not blocked by them. */
  friendsOf(userId: UserId): Promise<UserId[]>
  removeAll(userId: UserId): Promise<void>
}

export interface ClosureSagas {
  find(id: string): Promise<ClosureSaga | undefined>
  /** Inserts or replaces. @param orphan key of a blob to delete once the saga completed */
  save(saga: ClosureSaga, orphan?: string | null): Promise<void>
  preparing(): Promise<ClosureSaga[]>
  /** Blobs of closed accounts that are not known to be deleted. */
  orphans(): Promise<{ saga_id: string; key: string }[]>
  forgetOrphan(sagaId: string): Promise<void>
}

export interface LastSeen {
  get(userIds: readonly UserId[]): Promise<Map<UserId, number>>
  /** Times only grow. */
  put(times: ReadonlyMap<UserId, number>): Promise<void>
}

export type Stores = Readonly<{
  users: UserRecords
  credentials: Credentials
  sessions: Sessions
  relations: Relations
  sagas: ClosureSagas
  lastSeen: LastSeen
  /** Remembers consumed events. False when this one was handled before. */
  markHandled(eventId: string, now: number): Promise<boolean>
}>

/**
 * The data of user-service. Outside of a transaction each call stands alone.
 * `transaction`: all or nothing; the work sees only its own stores, awaits nothing but them, and may run several times, because a
 * VersionConflict starts it again (5 tries, then USER_CHANGED). A rejected promise means that nothing was kept; but for STORAGE_UNCERTAIN,
 * when the database was lost while it committed.
 */
export interface UserStore extends Stores {
  transaction<T>(work: (tx: Stores) => Promise<T>): Promise<T>
}

/** Another transaction changed the stream between load and save. */
export class VersionConflict extends Error {}

/**
 * Slow password hashing off the event loop, bounded in parallel and waiting calls.
 * Both calls reject with PASSWORD_CHECKS_BUSY when too many wait.
 */
export interface PasswordHasher {
  hash(password: string): Promise<string>
  /** Without a hash it does the same work and says no, so that time does not tell whether an account exists. */
  verify(password: string, hash: string | undefined): Promise<boolean>
  /** Calls that wait or run. */
  pending(): number
}

/** Passwords that are tried first everywhere, looked for off the event loop. */
export interface CommonPasswords {
  /** Whatever the case of its letters. Rejects with PASSWORD_CHECKS_BUSY when too many wait. */
  has(password: string): Promise<boolean>
}

export type JwkSet = { keys: (Readonly<Record<string, unknown>> & { kid: string })[] }

/** Signs access tokens with the newest key; `jwks` also has the public keys of older ones. */
export interface AccessTokens {
  issue(claims: { user_id: UserId; session_id: SessionId; role: UserRole }): { token: string; expiresInS: number }
  jwks(): JwkSet
}

/** Keys of the access tokens, kept over restarts. */
export interface SigningKeys {
  current(): { kid: string; privateKeyPem: string }
  jwks(): JwkSet
  /** Makes a new key current; old public keys stay in `jwks`. */
  rotate(): Promise<void>
}

/** Tells every process that sessions ended, at once and best effort. Access tokens of a missed one die with their 15 minutes. */
export interface Revocations {
  announce(sessions: readonly SessionRef[]): void
}

/** Who is online, for PRESENCE_TTL_S after the last heartbeat. Key `user:online:{id}`. */
export interface PresenceStore {
  /** True when the user was offline before: of parallel calls exactly one. */
  beat(userId: UserId, ttlMs: number): Promise<boolean>
  /** True when the user was online: of parallel calls exactly one. */
  remove(userId: UserId): Promise<boolean>
  online(userIds: readonly UserId[]): Promise<Set<UserId>>
  /** Takes users whose time is up; each expiry is given to exactly one caller. */
  takeExpired(): Promise<UserId[]>
  count(): Promise<number>
}

export type OnlineChange = Readonly<{ user_id: UserId; online: boolean; last_seen_at: string | null }>

/** Publishes transitions on `user.online_status`, batched and best effort; never throws. */
export interface OnlineStatusPublisher {
  publish(changes: readonly OnlineChange[]): void
  close(): Promise<void>
}
