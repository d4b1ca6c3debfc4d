import { appendUntilKnown } from './append.ts'
import { CommandKeys } from './command-keys.ts'
import type { Context } from './context.ts'
import type { Command, Entry, LogDocument, Position, Shape } from './document.ts'
import type { LeaseHold } from './lease-hold.ts'
import type { Outcome } from './ports.ts'
import { Projector } from './projector.ts'
import { announcePlace } from './publisher.ts'
import { Relay } from './relay.ts'
import { Trimmer } from './trimmer.ts'
import { takeOver } from './takeover.ts'
import { untilKnown } from './until-known.ts'

/** For operators. */
export type OwnerStatus = Readonly<{
  term: number
  isServing: boolean
  /** Its last document, and how many of the last are not told yet. 0 while it takes over. */
  n: number
  unapplied: number
  /** How many of the last the bus has not got yet; undefined until the cursor was read. */
  unpublished: number | undefined
  /** Commands. */
  waiting: number
}>

type Job<T extends Shape> = Readonly<{ command: Command<T>; settle: (outcome: Outcome<T>) => void }>
type Answered<T extends Shape> = Readonly<{ job: Job<T>; outcome: Outcome<T> }>

/** Copies of a call that come later than so many other refusals are decided anew. */
const REFUSALS_KEPT = 20_000

/** How often an owner looks whether the projections still have what it applied, in ticks. */
const LOOK_TICKS = 30

const NOT_OWNER = { refused: 'not_owner' } as const
const BUSY = { refused: 'busy' } as const

/** Writes one partition, as long as nobody else does. Commands that come while it takes over wait. */
export class Owner<T extends Shape> {
  readonly #context: Context<T>
  readonly #p: number
  readonly #hold: LeaseHold
  readonly #projector: Projector<T>
  readonly #keys: CommandKeys<T>
  /** What was answered without a document, by calls: another copy of one must not be carried out. */
  readonly #refused = new Map<string, Outcome<T>>()
  readonly #relay: Relay<T>
  readonly #trimmer: Trimmer<T>
  readonly #state: T['state']
  #queue: Job<T>[] = []
  #phase: 'taking' | 'serving' | 'ended' = 'taking'
  #place: Position = { n: 0, at: 0 }
  #writing: Promise<void> | undefined
  #floor: Position | undefined
  #ticks = 0
  /** Where the projections were when they lacked something that was applied. */
  #lackingAt: number | undefined

  constructor(context: Context<T>, p: number, hold: LeaseHold) {
    this.#context = context
    this.#p = p
    this.#hold = hold
    const { machine, runtime } = context.ports
    this.#keys = new CommandKeys(
      () => runtime.monotonic(),
      (entry) => machine.isKeyNeeded?.(entry) ?? true,
    )
    this.#projector = new Projector(context, p)
    this.#relay = new Relay(context, p)
    this.#trimmer = new Trimmer(context, p)
    this.#state = machine.create(p)
  }

  get hasEnded(): boolean {
    return this.#phase === 'ended'
  }

  get isServing(): boolean {
    return this.#phase === 'serving'
  }

  get status(): OwnerStatus {
    const { n } = this.#place
    const { cursor } = this.#relay
    return {
      term: this.term,
      isServing: this.isServing,
      n,
      unapplied: this.#projector.unapplied,
      unpublished: cursor === undefined ? undefined : Math.max(0, n - cursor),
      waiting: this.#queue.length,
    }
  }

  get term(): number {
    return this.#hold.lease.term
  }

  /** Documents up to it are in the projections. */
  get #applied(): number {
    return this.#place.n - this.#projector.unapplied
  }

  async start(): Promise<void> {
    try {
      this.#place = await takeOver(this.#context, this.#p, this.#hold, () => !this.hasEnded)
    } catch {
      return this.end()
    }
    if (this.hasEnded) return
    this.#phase = 'serving'
    this.#relay.start(this.#place.n)
    this.#write()
  }

  submit(commands: readonly Command<T>[]): Promise<readonly Outcome<T>[]> {
    if (this.hasEnded || commands.length === 0) return Promise.resolve(commands.map(() => NOT_OWNER))
    if (this.#queue.length + commands.length > this.#context.settings.maxWaiting)
      return Promise.resolve(commands.map(() => BUSY))
    return new Promise((resolve) => {
      const outcomes: Outcome<T>[] = []
      let open = commands.length
      for (const [index, command] of commands.entries()) {
        const settle = (outcome: Outcome<T>) => {
          outcomes[index] = outcome
          if (--open === 0) resolve(outcomes)
        }
        this.#queue.push({ command, settle })
      }
      this.#write()
    })
  }

  /** Every `tickMs`: renews the lease each second time, and tells how far the partition is. */
  async tick(): Promise<void> {
    if (this.#phase !== 'serving') return
    if (this.#ticks++ % 2 === 0 && !(await this.#renew())) return this.end()
    if (this.isServing && this.#ticks % LOOK_TICKS === 0) await this.#lookAtProjections()
    if (this.isServing) this.#trimmer.tick(this.#applied, this.#relay.cursor)
    if (this.isServing && this.#projector.unapplied === 0)
      announcePlace(this.#context, this.#p, this.#place.n, this.#floor)
  }

  /**
   * Somebody may have begun to make projections anew, and been broken off. Then the partition is taken over once more, which applies what they lack; not as long as
   * they move.
   */
  async #lookAtProjections(): Promise<void> {
    const applied = this.#applied
    const position = (await this.#context.ports.projections.positions())[this.#p]
    if (!position || position.n >= applied) this.#lackingAt = undefined
    else if (this.#lackingAt === position.n) this.end()
    else this.#lackingAt = position.n
  }

  /** From now on it takes nothing and writes nothing new. */
  end(): void {
    this.#phase = 'ended'
    this.#relay.stop()
    const queue = this.#queue
    this.#queue = []
    for (const { settle } of queue) settle(NOT_OWNER)
  }

  /** Ends, lets what is under way come to its end, and hands the lease to another process. */
  async handOver(to: string | null): Promise<void> {
    this.end()
    await this.#writing
    await this.#projector.idle()
    await this.#hold.release(to)
    this.#context.ports.broker.wake()
  }

  async #renew(): Promise<boolean> {
    const { ports, rules } = this.#context
    // Only when nothing is under way: then nothing can be written at or below the moment.
    const isIdle = !this.#writing && this.#projector.unapplied === 0
    const { n, at } = this.#place
    const floor = isIdle ? Math.max(ports.runtime.now() * 1_000, at) : 0
    const renewal = this.#hold.renew(floor)
    const { promised } = this.#hold
    const announce = () => {
      // What is stored may be an older promise, of a smaller place: those after it were written above it. Or a later one, of a greater place.
      const known = rules.announcedFloor(this.#hold.lease.floor, promised)
      if (isIdle && known > (this.#floor?.at ?? 0)) this.#floor = { n, at: known }
    }
    announce()
    const isOurs = await renewal
    announce()
    return isOurs
  }

  #write(): void {
    if (this.#phase !== 'serving') return
    this.#writing ??= this.#writeAll().catch((error: unknown) => {
      // Nobody knows what it had begun: another owner looks.
      this.#context.ports.onTrouble?.(`writing partition ${this.#p}`, error)
      this.end()
    })
  }

  async #writeAll(): Promise<void> {
    // What comes in the same turn goes into the same document.
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const jobs = this.#queue.splice(0, this.#context.settings.maxCommands)
      const refused = await this.#writeOne(jobs)
      if (!refused) continue
      for (const { settle } of refused) settle(NOT_OWNER)
      this.end()
    }
    // In the turn in which the queue was seen empty: what comes next begins anew.
    this.#writing = undefined
  }

  /** @returns the commands, when the partition has another owner: nothing of them was done */
  async #writeOne(jobs: readonly Job<T>[]): Promise<readonly Job<T>[] | undefined> {
    const found = await this.#load(jobs)
    if (!found && this.hasEnded) return jobs
    if (!found) {
      for (const { settle } of jobs) settle(BUSY)
      return undefined
    }
    const { ports, settings, rules } = this.#context
    const { entries, answered } = this.#decide(jobs, found)
    const decided = answered.map(({ job }) => job)
    if (entries.length === 0) {
      if (!rules.mayRefuse(this.#hold.age, settings.leaseMs)) return decided
      this.#projector.push({ document: undefined, settle: () => this.#answer(answered) })
      return undefined
    }
    const document: LogDocument<T> = {
      p: this.#p,
      n: this.#place.n + 1,
      term: this.term,
      at: rules.nextAt(ports.runtime.now() * 1_000, this.#place.at, this.#hold.promised),
      by: `${this.#context.node}/${ports.runtime.random()}`,
      entries,
    }
    if (!(await appendUntilKnown(this.#context, document))) return decided
    this.#place = { n: document.n, at: document.at }
    ports.onCommit?.(this.#p, answered.length)
    const settle = () => {
      this.#keys.settle(document)
      ports.machine.settled?.(this.#state, document)
      this.#relay.push(document)
      this.#answer(answered)
    }
    this.#projector.push({ document, settle })
    await this.#projector.room()
    return undefined
  }

  /**
   * Entries of earlier commands with the same keys that are not in memory. Undefined when it has ended meanwhile, or could not read them for as long as
   * anybody waits for an answer: what one command cannot be decided by must not hold up all that come after it.
   */
  async #load(jobs: readonly Job<T>[]): Promise<ReadonlyMap<string, Entry<T>> | undefined> {
    const { ports, settings } = this.#context
    const commands = jobs.map(({ command }) => command)
    const keys = commands.map(({ key }) => key).filter((key) => !this.#keys.get(key))
    const until = ports.runtime.monotonic() + settings.deadlineMs
    const applied = this.#applied
    const load = () =>
      ports.machine.load(this.#state, commands, keys, applied) ?? Promise.resolve(new Map<string, Entry<T>>())
    try {
      const found = await untilKnown(
        ports.runtime,
        settings.retryMs,
        load,
        () => !this.hasEnded && ports.runtime.monotonic() < until,
        (error) => ports.onTrouble?.(`reading for commands of partition ${this.#p}`, error),
      )
      return this.hasEnded ? undefined : found
    } catch (error) {
      ports.onTrouble?.(`reading for commands of partition ${this.#p}, which are given up`, error)
      return undefined
    }
  }

  #decide(jobs: readonly Job<T>[], found: ReadonlyMap<string, Entry<T>>) {
    const { ports, settings, rules } = this.#context
    const entries: Entry<T>[] = []
    const answered: Answered<T>[] = []
    let bytes = 0
    for (const [index, job] of jobs.entries()) {
      if (bytes >= settings.maxBytes) {
        this.#queue.unshift(...jobs.slice(index))
        break
      }
      const refused = this.#refused.get(job.command.call)
      if (refused && rules.isCopy(refused)) {
        answered.push({ job, outcome: refused })
        continue
      }
      const known = this.#keys.get(job.command.key) ?? found.get(job.command.key)
      const decision = this.#decideOne(job.command, rules.isRepeat(known) ? known : undefined)
      const outcome = 'failed' in decision ? decision : { answer: decision.answer }
      answered.push({ job, outcome })
      if ('failed' in decision || decision.entries.length === 0) {
        this.#refuse(job, outcome)
        continue
      }
      // Outside of what a command may fail by: some of its entries without the others would be half of it, and this owner ends.
      for (const entry of decision.entries) {
        ports.machine.apply(this.#state, entry)
        this.#keys.add(entry)
        entries.push(entry)
        bytes += ports.machine.sizeOf?.(entry) ?? 0
      }
    }
    return { entries, answered }
  }

  #decideOne(command: Command<T>, earlier: Entry<T> | undefined) {
    try {
      return this.#context.ports.machine.decide(this.#state, command, earlier)
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) }
    }
  }

  #refuse({ command }: Job<T>, outcome: Outcome<T>): void {
    this.#refused.set(command.call, outcome)
    if (this.#refused.size <= REFUSALS_KEPT) return
    for (const call of this.#refused.keys()) return void this.#refused.delete(call)
  }

  #answer(answered: readonly Answered<T>[]): void {
    for (const { job, outcome } of answered) job.settle(outcome)
  }
}
