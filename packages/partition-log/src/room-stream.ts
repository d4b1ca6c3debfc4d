import type { Context } from './context.ts'
import type { Entry, Shape } from './document.ts'
import type { Subscription } from './ports.ts'

/** One reader in one room. */
export interface Listener<T extends Shape> {
  readonly member: number
  /** Where it is attached. */
  readonly streams: Set<RoomStream<T>>
  entry(entry: Entry<T>): void
}

export type StreamEvents<T extends Shape> = Readonly<{
  listenersOf(members: readonly number[]): Iterable<Listener<T>>
  /** Before it is brought to those who listen. Once an entry, in order; not one that this process saw before anybody here listened. */
  brought(entry: Entry<T>): void
  emptied(stream: RoomStream<T>): void
}>

/** Frames ahead of a hole are kept up to so many; the log has them anyway. */
const MAX_AHEAD = 1_000

/** A room that somebody here listens to: brings its entries in order, without a hole, to whom they concern. */
export class RoomStream<T extends Shape> {
  readonly room: number
  readonly #rules: Context<T>['rules']
  readonly #ahead = new Map<number, { entry: Entry<T>; isOld: boolean }>()
  /** With the `f` after which they listen. */
  readonly #listeners = new Map<Listener<T>, number>()
  readonly #subscription: Subscription
  readonly #events: StreamEvents<T>
  #waiting: (() => void)[] = []
  #f: number
  #isStopped = false

  /** @param f entries up to it are not brought */
  constructor(context: Context<T>, room: number, f: number, events: StreamEvents<T>) {
    this.room = room
    this.#rules = context.rules
    this.#f = f
    this.#events = events
    this.#subscription = context.ports.broker.onFrame(room, ({ entries }) => {
      for (const entry of entries) this.offer(entry)
    })
  }

  get effective(): Promise<void> {
    return this.#subscription.effective
  }

  /** Nobody listens, and nobody is about to: what waits for a hole may bring somebody in. */
  get isEmpty(): boolean {
    return this.#listeners.size === 0 && this.#ahead.size === 0
  }

  /** @param after what is up to there they have already, or it is not for them */
  attach(listener: Listener<T>, after: number): void {
    if (this.#listeners.has(listener)) return
    this.#listeners.set(listener, after)
    listener.streams.add(this)
  }

  detach(listener: Listener<T>): void {
    this.#listeners.delete(listener)
    listener.streams.delete(this)
  }

  /**
   * From the channel, an announcement or the log, in any order, any number of times.
   * @param isOld this process saw it before anybody here listened: who joined by it has listened since, or left again
   */
  offer(entry: Entry<T>, isOld = false): void {
    if (entry.f <= this.#f || this.#isStopped) return
    if (!this.#rules.follows(this.#f, entry.f)) {
      if (this.#ahead.size < MAX_AHEAD) this.#ahead.set(entry.f, { entry, isOld })
      return
    }
    this.#bring(entry, isOld)
    for (let next = this.#ahead.get(this.#f + 1); next; next = this.#ahead.get(this.#f + 1))
      this.#bring(next.entry, next.isOld)
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
    if (this.isEmpty) this.#events.emptied(this)
  }

  has(head: number): boolean {
    return this.#isStopped || this.#rules.hasReached(this.#f, head)
  }

  /** Resolves when the next entry was brought, or nobody listens any more. */
  moved(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  stop(): void {
    this.#isStopped = true
    this.#subscription.stop()
    for (const resolve of this.#waiting) resolve()
  }

  #bring(entry: Entry<T>, isOld: boolean): void {
    const { f, control } = entry
    this.#f = f
    this.#ahead.delete(f)
    if (control?.joins && !isOld)
      for (const listener of this.#events.listenersOf(control.joins)) this.attach(listener, f - 1)
    if (!isOld) this.#events.brought(entry)
    for (const [listener, after] of this.#listeners)
      if (f > after && (control?.only === undefined || control.only === listener.member)) listener.entry(entry)
    if (!control?.leaves) return
    // Who listens only to what comes later has come back since.
    for (const [listener, after] of this.#listeners)
      if (after < f && control.leaves.includes(listener.member)) this.detach(listener)
  }
}
