import type { Command, Entry, LogDocument, Position, Shape } from './document.ts'

/**
 * Of every port here: a promise that rejects says that nobody knows whether it was done, or that it may still be done later. The library
 * asks again, so each operation must bear that.
 */

/**
 * The truth. `append` is what every guarantee rests on: of all that try, at whatever moment, one document gets the place (p, n), and it is
 * durable before the answer (MongoDB: `w: majority, j: true`; SQL: a primary key and a flushed commit).
 */
export interface LogStore<T extends Shape> {
  append(document: LogDocument<T>): Promise<'appended' | 'exists'>
  /**
   * Documents n = from, from + 1, … as far as they go, at most `limit`; of the primary: what was appended before the call is there. They end before
   * one that was emptied.
   */
  read(p: number, from: number, limit: number): Promise<readonly LogDocument<T>[]>
  /** The `by` of what has the place, also of a document that was emptied; undefined while it is free. */
  writerOf(p: number, n: number): Promise<string | undefined>
  /** Takes what was written out of the documents n = from … upTo. Their places stay taken for ever: they are the fence. */
  empty(p: number, from: number, upTo: number): Promise<void>
}

export type Lease = Readonly<{
  p: number
  /** A process, or null: free. */
  holder: string | null
  /** To whom the last holder handed it. */
  next: string | null
  term: number
  /** Microseconds: no document with `at` ≤ floor will be written any more. */
  floor: number
  /** Goes up by 1 with each write. */
  version: number
}>

/** A process that lives raises its `beat`. */
export type Beat = Readonly<{ node: string; beat: number }>

/** Who is there and who should write. It may be wrong at any time without harm to anything but availability. No clock is compared. */
export interface Coordination {
  read(): Promise<{ leases: readonly Lease[]; nodes: readonly Beat[] }>
  /** Stores it if the stored version is one less (0: there is none). False: it is not, and nothing was done. */
  write(lease: Lease): Promise<boolean>
  beat(beat: Beat): Promise<void>
  /** Takes a process off the list. */
  leave(node: string): Promise<void>
}

/** How far a partition was applied. Before `wholeFrom` (default: 0) its projections are made anew, and lack what was told long ago. */
export type ProjectedPosition = Position & Readonly<{ wholeFrom?: number }>

/** What is read from: made of the log, in order, each step repeatable, also by somebody who lags behind. */
export interface Projections<T extends Shape> {
  /** Up to where everything was applied; `{n: 0, at: 0}` at first. What was applied before the call is in the answer. */
  positions(): Promise<readonly ProjectedPosition[]>
  /**
   * Applies documents in order. Those that were applied are passed over, in each part that can be written alone; rejects when one before
   * them is missing. The position moves last, and only forward.
   */
  apply(p: number, documents: readonly LogDocument<T>[]): Promise<void>
  /**
   * The rooms of a member. Each with its place: entries up to f are in documents up to n, those after f in documents after n. (A head keeps
   * the n of its last entry, and moves over a document's entries at once; n is the greater of that and of a position read before.) `joined` is the `f` of the entry by which
   * they are in; the membership may be of another moment than the place.
   */
  memberships(member: number): Promise<readonly Membership[]>
}

export type Membership = Readonly<{ room: number; f: number; n: number; joined: number }>

/** Decides; pure but for `load`. A state belongs to one owner at a time, and is dropped as a whole when that owner is one no more. */
export interface Machine<T extends Shape> {
  create(p: number): T['state']
  /**
   * Reads what the commands need and is not in the state, and entries of earlier commands with one of `keys`, from the projections, in one
   * call if it can; undefined when nothing is needed. A state may forget a room only once `settled` has told its last document.
   * @param applied documents up to it are in the projections. Rejects when what it reads is of fewer: they are being made anew, and what is decided
   *   on what they lack would be written over what was acknowledged
   */
  load(
    state: T['state'],
    commands: readonly Command<T>[],
    keys: readonly string[],
    applied: number,
  ): Promise<ReadonlyMap<string, Entry<T>>> | undefined
  /**
   * No entries: refused, or nothing to do. May throw, which the caller of this one command gets. Each entry's `f` is the next of its room.
   * @param earlier the first entry of a command with the same key: the answer is that of then
   */
  decide(
    state: T['state'],
    command: Command<T>,
    earlier: Entry<T> | undefined,
  ): { entries: readonly Entry<T>[]; answer: T['answer'] }
  apply(state: T['state'], entry: Entry<T>): void
  /** The document is in the projections. */
  settled?(state: T['state'], document: LogDocument<T>): void
  /**
   * Whether a repeat of the command that made this entry first can be told by its key alone, once the entry is in the projections; else it changes nothing, or
   * `load` finds what it is by. Keys that are needed stay in memory for 90 s, of the others the latest. Absent: all are.
   */
  isKeyNeeded?(first: Entry<T>): boolean
  /** Bytes of an entry in the log, roughly. */
  sizeOf?(entry: Entry<T>): number
}

/** Where entries go that others consume, at least once: a repeat has the same ids. */
export interface EventBus<T extends Shape> {
  publish(p: number, events: readonly { id: string; entry: Entry<T> }[]): Promise<void>
}

/** Up to where each partition was published. */
export interface Cursors {
  read(p: number): Promise<number>
  /** Never goes back. */
  advance(p: number, n: number): Promise<void>
}

/** A room's entries of one commit, on the room's channel. */
export type RoomFrame<T extends Shape> = Readonly<{ p: number; n: number; room: number; entries: readonly Entry<T>[] }>

/** A commit, on the partition's channel. */
export type Announcement<T extends Shape> = Readonly<{
  p: number
  n: number
  /** Of document n; undefined when no new document is told, only how far the partition is. */
  at: number | undefined
  heads: readonly (readonly [room: number, f: number])[]
  control: readonly Entry<T>[]
  /** Once all up to its `n` is seen, everything up to its `at` is. */
  floor: Position | undefined
}>

/** May lose, repeat and swap whatever it likes without a word: nothing rests on it but speed. Publishing never waits and never throws. */
export interface Broker<T extends Shape> {
  announce(announcement: Announcement<T>): void
  publish(frame: RoomFrame<T>): void
  /** A partition was left; who should have it may look at once. */
  wake(): void
  onAnnouncement(listener: (announcement: Announcement<T>) => void): Subscription
  onFrame(room: number, listener: (frame: RoomFrame<T>) => void): Subscription
  onWake(listener: () => void): Subscription
}

/** `effective` never rejects; it may wait as long as the broker is away. */
export type Subscription = Readonly<{ effective: Promise<void>; stop(): void }>

export type Outcome<T extends Shape> =
  | Readonly<{ answer: T['answer'] }>
  /** Nothing was done. */
  | Readonly<{ refused: 'not_owner' | 'busy' }>
  /** Deciding threw; nothing was done. */
  | Readonly<{ failed: string }>

/** From process to process. */
export interface Network<T extends Shape> {
  /**
   * Outcomes in the order of the commands.
   * @param term under which the receiver is believed to own the partition; under another it refuses
   */
  request(node: string, p: number, term: number, commands: readonly Command<T>[]): Promise<readonly Outcome<T>[]>
}

/** What a reader missed. Of the primary. */
export interface History<Missed> {
  /** Everything for the member with `at` greater than this; undefined: all there is. */
  since(member: number, at: number | undefined): Promise<Missed>
}

export interface Runtime {
  /** Milliseconds since the epoch, as wrong as a clock may be. */
  now(): number
  /** Milliseconds; never goes back or jumps. */
  monotonic(): number
  sleep(ms: number): Promise<void>
  /** [0, 1) */
  random(): number
}
