import type { Context } from './context.ts'
import type { Entry, LogDocument, Position, Shape } from './document.ts'
import { headsOf } from './document.ts'
import type { Announcement } from './ports.ts'
import { untilKnown } from './until-known.ts'

/** Where entries go to on this process. */
export interface Rooms<T extends Shape> {
  /** An entry in the order of its partition. */
  take(entry: Entry<T>): void
  /** One that was taken before, for a room that somebody began to listen to since. */
  takeAgain(entry: Entry<T>): void
  /** Whether each of these rooms that somebody here listens to was brought up to its head. */
  have(heads: Announcement<T>['heads']): boolean
  /** Resolves when they do. */
  reached(heads: Announcement<T>['heads']): Promise<void>
  /** The log no longer holds what was missed: nobody here can go on. */
  lost(): void
}

const DOCUMENTS_AT_ONCE = 100
/** Announcements ahead of a hole; the log has them anyway. */
const MAX_AHEAD = 1_000
/** Commits of which it is remembered which rooms they touched. */
const RECENT = 256

/**
 * Up to where this process has seen everything of a partition: each commit was told, or read from the log, in order, and each of its rooms
 * with listeners here was brought up to it. Only this moves the resume token.
 */
export class PartitionFeed<T extends Shape> {
  readonly #context: Context<T>
  readonly #p: number
  readonly #rooms: Rooms<T>
  readonly #moved: () => void
  readonly #announced = new Map<number, Announcement<T>>()
  readonly #recent = new Map<number, readonly number[]>()
  #seen: number
  #at: number
  /** Of commits that are in the projections. */
  #highest: number
  #floor: Position | undefined
  #isRunning = false
  #isStopped = false
  #waiting: { n: number; resolve: () => void }[] = []
  /** Something was told since it was last asked. */
  #wasTold = false

  /** @param moved `at` has grown */
  constructor(context: Context<T>, p: number, start: Position, rooms: Rooms<T>, moved: () => void) {
    this.#moved = moved
    this.#context = context
    this.#p = p
    this.#rooms = rooms
    this.#seen = start.n
    this.#highest = start.n
    this.#at = start.at
  }

  /** Everything of this partition with `at` up to here is known here. */
  get at(): number {
    return this.#at
  }

  get seen(): number {
    return this.#seen
  }

  wasTold(): boolean {
    const was = this.#wasTold
    this.#wasTold = false
    return was
  }

  receive(announcement: Announcement<T>): void {
    const { n, at, floor } = announcement
    this.#wasTold = true
    if (at !== undefined && n > this.#seen && this.#announced.size < MAX_AHEAD) this.#announced.set(n, announcement)
    this.learn(n, floor)
  }

  /** Up to `n` everything is in the projections. */
  learn(n: number, floor?: Position): void {
    if (floor && floor.at > Math.max(this.#at, this.#floor?.at ?? 0)) this.#floor = floor
    if (n > this.#highest) this.#highest = n
    this.#moveFloor()
    if (this.#seen < this.#highest && !this.#isRunning && !this.#isStopped) void this.#advance()
  }

  /** Resolves when all up to `n` were seen. */
  reached(n: number): Promise<void> | undefined {
    if (this.#seen >= n) return undefined
    return new Promise((resolve) => this.#waiting.push({ n, resolve }))
  }

  /** Brings to rooms that somebody began to listen to what was seen here after `n`. */
  async catchUp(n: number, rooms: ReadonlySet<number>): Promise<void> {
    const upTo = this.#seen
    if (!this.#touched(n, upTo, rooms)) return
    for (let next = n + 1; next <= upTo && !this.#isStopped;) {
      const documents = await this.#read(next, upTo - next + 1)
      if (documents.length === 0) return this.#rooms.lost()
      for (const { entries } of documents)
        for (const entry of entries) if (rooms.has(entry.room)) this.#rooms.takeAgain(entry)
      next = documents.at(-1)!.n + 1
    }
  }

  stop(): void {
    this.#isStopped = true
    for (const { resolve } of this.#waiting) resolve()
  }

  async #advance(): Promise<void> {
    this.#isRunning = true
    try {
      while (this.#seen < this.#highest && !this.#isStopped) {
        const n = this.#context.rules.nextToSee(this.#seen, this.#highest)
        const announced = this.#announced.get(n)
        if (!announced) await this.#repair(n, this.#highest - n + 1)
        else {
          for (const entry of announced.control) this.#rooms.take(entry)
          if (!this.#rooms.have(announced.heads)) await this.#frames(announced.heads)
          // Looked at in the turn in which it counts as seen: somebody may just have begun to listen.
          if (this.#rooms.have(announced.heads)) this.#pass(n, announced.at!, announced.heads)
          else await this.#repair(n, 1)
        }
      }
    } catch {
      // Only once it was stopped.
    } finally {
      this.#isRunning = false
    }
  }

  /** Gives frames that are on their way the time to come. */
  async #frames(heads: Announcement<T>['heads']): Promise<void> {
    const { ports, settings } = this.#context
    await Promise.race([this.#rooms.reached(heads), ports.runtime.sleep(settings.frameWaitMs)])
  }

  async #repair(n: number, count: number): Promise<void> {
    const documents = await this.#read(n, count)
    if (documents[0]?.n !== n) {
      this.#rooms.lost()
      return this.#pass(this.#highest, this.#at, [])
    }
    for (const document of documents) {
      for (const entry of document.entries) this.#rooms.take(entry)
      const heads = headsOf(document)
      while (!this.#rooms.have(heads)) await this.#rooms.reached(heads)
      this.#pass(document.n, document.at, heads)
    }
  }

  #read(from: number, count: number): Promise<readonly LogDocument<T>[]> {
    const { ports, settings } = this.#context
    const limit = Math.min(count, DOCUMENTS_AT_ONCE)
    return untilKnown(
      ports.runtime,
      settings.retryMs,
      () => ports.log.read(this.#p, from, limit),
      () => !this.#isStopped,
    )
  }

  #pass(n: number, at: number, heads: Announcement<T>['heads']): void {
    for (let old = this.#seen + 1; old <= n; old++) this.#announced.delete(old)
    this.#seen = n
    this.#reach(at)
    this.#recent.set(
      n,
      heads.map(([room]) => room),
    )
    this.#recent.delete(n - RECENT)
    this.#moveFloor()
    if (this.#waiting.length === 0) return
    const reached = this.#waiting.filter((one) => one.n <= n)
    this.#waiting = this.#waiting.filter((one) => one.n > n)
    for (const { resolve } of reached) resolve()
  }

  #moveFloor(): void {
    if (!this.#floor || this.#seen < this.#floor.n) return
    this.#reach(this.#floor.at)
    this.#floor = undefined
  }

  #reach(at: number): void {
    if (at <= this.#at) return
    this.#at = at
    this.#moved()
  }

  /** Whether one of the commits after `n` is, or may be, of these rooms. */
  #touched(n: number, upTo: number, rooms: ReadonlySet<number>): boolean {
    for (let one = n + 1; one <= upTo; one++) {
      const touched = this.#recent.get(one)
      if (!touched || touched.some((room) => rooms.has(room))) return true
    }
    return false
  }
}
