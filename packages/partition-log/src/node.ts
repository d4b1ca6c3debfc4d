import type { Context, Ports } from './context.ts'
import type { Command, Position, Shape } from './document.ts'
import { Hub } from './hub.ts'
import type { OwnerStatus } from './owner.ts'
import { Ownership } from './ownership.ts'
import type { History, Outcome, Subscription } from './ports.ts'
import { Router } from './router.ts'
import { RULES, type Rules } from './rules.ts'
import { DEFAULTS, type Settings } from './settings.ts'

/** For operators: of a partition that this process owns, and up to where it has seen it. */
export type PartitionStatus = Readonly<{ p: number; owner: OwnerStatus | undefined; seen: Position }>

/** One process of many on one log: owns some partitions, takes commands for all, and brings what happens to its connections. */
export class PartitionNode<T extends Shape, Missed> {
  readonly hub: Hub<T, Missed>
  readonly #context: Context<T>
  readonly #ownership: Ownership<T>
  readonly #router: Router<T>
  #wake: Subscription | undefined
  #isClosed = false

  /** @param node the node's name, `#` and a random part: each process has another */
  constructor(
    node: string,
    ports: Ports<T> & Readonly<{ history: History<Missed> }>,
    settings: Partial<Settings> = {},
    rules: Rules = RULES,
  ) {
    const context = { node, ports, settings: { ...DEFAULTS, ...settings }, rules }
    this.#context = context
    this.#ownership = new Ownership(context)
    this.#router = new Router(context, this.#ownership)
    this.hub = new Hub(context, ports.history)
  }

  /** Resolves when connections can be opened. Commands can be submitted at once. */
  async start(): Promise<void> {
    this.#wake = this.#context.ports.broker.onWake(() => void this.#ownership.look())
    void this.#tick()
    await this.hub.feed.start()
  }

  /** See Router.submit. */
  submit(p: number, command: Omit<Command<T>, 'call'>): Promise<T['answer']> {
    return this.#router.submit(p, command)
  }

  /** The other end of Network.request. */
  async handle(p: number, term: number, commands: readonly Command<T>[]): Promise<readonly Outcome<T>[]> {
    const owner = this.#ownership.owner(p)
    return owner?.term === term ? owner.submit(commands) : commands.map(() => ({ refused: 'not_owner' }) as const)
  }

  /** A row for each partition. */
  status(): PartitionStatus[] {
    return Array.from({ length: this.#context.settings.partitions }, (_, p) => {
      const { seen: n, at } = this.hub.feed.partition(p) ?? { seen: 0, at: 0 }
      return { p, owner: this.#ownership.owner(p)?.status, seen: { n, at } }
    })
  }

  /** Hands its partitions over; what it was asked is answered before. Connections are closed by their owner. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake?.stop()
    await this.#ownership.close()
    this.hub.feed.stop()
  }

  async #tick(): Promise<void> {
    const { ports, settings } = this.#context
    while (!this.#isClosed) {
      await this.#ownership.tick()
      await this.hub.feed.tick(this.#ownership.floors)
      await ports.runtime.sleep(settings.tickMs)
    }
  }
}
