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
  readonly until: number
  readonly resolve: (answer: T['answer']) => void
  readonly reject: (error: Error) => void
}

/** Takes commands anywhere, and brings those of a turn to the owner in one request. */
export class Router<T extends Shape> {
  readonly #context: Context<T>
  readonly #ownership: Ownership<T>
  readonly #jobs = new Map<number, Job<T>[]>()
  #calls = 0

  constructor(context: Context<T>, ownership: Ownership<T>) {
    this.#context = context
    this.#ownership = ownership
  }

  /**
   * Repeats the command until it is answered, also when its outcome is unknown: its key makes it take effect once.
   * @throws Uncertain after `deadlineMs`, Busy, Rejected
   */
  submit(p: number, command: Omit<Command<T>, 'call'>): Promise<T['answer']> {
    const { runtime } = this.#context.ports
    const until = runtime.monotonic() + this.#context.settings.deadlineMs
    const call = `${this.#context.node}/${++this.#calls}`
    return new Promise((resolve, reject) => this.#add(p, { command: { ...command, call }, until, resolve, reject }))
  }

  #add(p: number, job: Job<T>): void {
    const waiting = this.#jobs.get(p)
    if (waiting) return void waiting.push(job)
    const jobs = [job]
    this.#jobs.set(p, jobs)
    queueMicrotask(() => {
      this.#jobs.delete(p)
      this.#send(p, jobs).catch((error: Error) => jobs.forEach(({ reject }) => reject(error)))
    })
  }

  async #send(p: number, jobs: readonly Job<T>[]): Promise<void> {
    const { runtime } = this.#context.ports
    const { retryMs } = this.#context.settings
    // Those of a turn have as good as the same deadline.
    const until = Math.min(...jobs.map((job) => job.until))
    const late = runtime.sleep(Math.max(0, until - runtime.monotonic()))
    let open = jobs
    while (runtime.monotonic() < until) {
      const outcomes = await Promise.race([late, this.#ask(p, open).catch(() => undefined)])
      open = open.filter((job, index) => !settle(job, outcomes?.[index]))
      if (open.length === 0) return
      await Promise.race([late, runtime.sleep(retryMs * (0.2 + 0.8 * runtime.random()))])
    }
    for (const { reject } of open) reject(new Uncertain())
  }

  async #ask(p: number, jobs: readonly Job<T>[]): Promise<readonly Outcome<T>[] | undefined> {
    const commands = jobs.map(({ command }) => command)
    const own = this.#ownership.owner(p)
    if (own) return own.submit(commands)
    // What is known of leases only grows: a call never goes to an earlier owner than before.
    const { holder, term } = this.#ownership.leaseOf(p)
    if (holder !== null && holder !== this.#context.node) {
      const outcomes = await this.#context.ports.network.request(holder, p, term, commands)
      if (!outcomes.some((outcome) => 'refused' in outcome && outcome.refused === 'not_owner')) return outcomes
      await this.#ownership.look()
      return outcomes
    }
    await this.#ownership.look()
    return undefined
  }
}

function settle<T extends Shape>(job: Job<T>, outcome: Outcome<T> | undefined): boolean {
  if (!outcome) return false
  if ('answer' in outcome) job.resolve(outcome.answer)
  else if ('failed' in outcome) job.reject(new Rejected(outcome.failed))
  else if (outcome.refused === 'busy') job.reject(new Busy())
  else return false
  return true
}
