import type { Context } from './context.ts'
import type { Command, Shape } from './document.ts'
import type { Ownership } from './ownership.ts'
import type { Outcome } from './ports.ts'

/** Nobody knows whether the command was, or will be, carried out. The same key finds out. */
export class Uncertain extends Error {
  constructor() {
    super('the partition has no owner that answers now')
  }
}

/** Nothing was done. */
export class Busy extends Error {
  constructor() {
    super('the partition has more commands than it can take')
  }
}

/** What the machine threw. */
export class Rejected extends Error {}

type Job<T extends Shape> = {
  readonly command: Command<T>
  /** Of all that were submitted here. */
  readonly number: number
  readonly until: number
  /** A try of it was not answered: it may have been, or may still be, carried out. */
  isInDoubt: boolean
  readonly resolve: (answer: T['answer']) => void
  readonly reject: (error: Error) => void
}

/** Commands of this process for one partition, which reach its owner in the order in which they were submitted. */
type Lane<T extends Shape> = {
  waiting: Job<T>[]
  /** Requests under way, and how many of them go to another process. */
  flights: number
  remote: number
  /** Of requests that were not answered: they come again before any other. */
  failed: Job<T>[]
  /** Nothing is sent: it will be soon, or something failed and others are still under way. */
  isHeld: boolean
}

/** Takes commands anywhere, and brings those of a turn to the owner in one request. */
export class Router<T extends Shape> {
  readonly #context: Context<T>
  readonly #ownership: Ownership<T>
  readonly #lanes = new Map<number, Lane<T>>()
  #submitted = 0

  constructor(context: Context<T>, ownership: Ownership<T>) {
    this.#context = context
    this.#ownership = ownership
  }

  /**
   * Repeats the command until it is answered, also when its outcome is unknown: its key makes it take effect once. Commands of one partition are
   * decided in the order in which they were submitted here, but for those whose callers were told that their outcome is unknown.
   * @throws Uncertain after `deadlineMs`, Busy, Rejected
   */
  submit(p: number, command: Omit<Command<T>, 'call'>): Promise<T['answer']> {
    const { runtime } = this.#context.ports
    const until = runtime.monotonic() + this.#context.settings.deadlineMs
    const number = ++this.#submitted
    const call = `${this.#context.node}/${number}`
    return new Promise((resolve, reject) => {
      const lane = this.#laneOf(p)
      lane.waiting.push({ command: { ...command, call }, number, until, isInDoubt: false, resolve, reject })
      if (lane.isHeld || lane.waiting.length > 1) return
      // What comes in the same turn goes into the same request.
      queueMicrotask(() => this.#send(p, lane))
    })
  }

  #laneOf(p: number): Lane<T> {
    const known = this.#lanes.get(p)
    if (known) return known
    const lane: Lane<T> = { waiting: [], flights: 0, remote: 0, failed: [], isHeld: false }
    this.#lanes.set(p, lane)
    return lane
  }

  #send(p: number, lane: Lane<T>): void {
    if (lane.isHeld || lane.waiting.length === 0) return
    const isHere = this.#ownership.owner(p) !== undefined
    // Two requests may overtake each other on their way to another process; within this one they cannot.
    if (lane.flights > 0 && (!isHere || lane.remote > 0)) return
    const jobs = lane.waiting
    lane.waiting = []
    this.#fly(p, lane, jobs, isHere).catch((error: Error) => jobs.forEach(({ reject }) => reject(error)))
  }

  async #fly(p: number, lane: Lane<T>, jobs: readonly Job<T>[], isHere: boolean): Promise<void> {
    const { runtime } = this.#context.ports
    const { retryMs } = this.#context.settings
    const until = Math.min(...jobs.map((job) => job.until))
    lane.flights++
    if (!isHere) lane.remote++
    const late = runtime.sleep(Math.max(0, until - runtime.monotonic()))
    const outcomes = await Promise.race([late, this.#ask(p, jobs).catch(() => undefined)])
    lane.flights--
    if (!isHere) lane.remote--
    const open = jobs.filter((job, index) => !settle(job, outcomes?.[index]))
    if (open.length > 0) {
      lane.failed.push(...open)
      lane.isHeld = true
    }
    if (lane.isHeld && lane.flights > 0) return
    if (lane.isHeld) {
      await runtime.sleep(retryMs * (0.2 + 0.8 * runtime.random()))
      const now = runtime.monotonic()
      for (const job of lane.failed) if (job.until <= now) job.reject(new Uncertain())
      const again = lane.failed.filter((job) => job.until > now).toSorted((a, b) => a.number - b.number)
      lane.waiting = [...again, ...lane.waiting]
      lane.failed = []
      lane.isHeld = false
    }
    this.#send(p, lane)
  }

  async #ask(p: number, jobs: readonly Job<T>[]): Promise<readonly Outcome<T>[] | undefined> {
    const commands = jobs.map(({ command }) => command)
    const own = this.#ownership.owner(p)
    if (own) return own.submit(commands)
    // What is known of leases only grows: a call never goes to an earlier owner than before.
    const { holder, term } = this.#ownership.leaseOf(p)
    if (holder !== null && holder !== this.#context.node) {
      const { network, onTrouble } = this.#context.ports
      const outcomes = await network.request(holder, p, term, commands).catch((error: unknown) => {
        onTrouble?.(`asking ${holder}, which writes partition ${p}`, error)
        throw error
      })
      if (!outcomes.some((outcome) => 'refused' in outcome && outcome.refused === 'not_owner')) return outcomes
      await this.#ownership.look()
      return outcomes
    }
    await this.#ownership.look()
    return undefined
  }
}

function settle<T extends Shape>(job: Job<T>, outcome: Outcome<T> | undefined): boolean {
  if (!outcome) {
    job.isInDoubt = true
    return false
  }
  if ('answer' in outcome) job.resolve(outcome.answer)
  else if ('failed' in outcome) job.reject(new Rejected(outcome.failed))
  // Of a try before that was not answered it says nothing.
  else if (outcome.refused === 'busy' && !job.isInDoubt) job.reject(new Busy())
  else return false
  return true
}
