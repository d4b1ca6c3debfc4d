import type { Context } from './context.ts'
import type { Shape } from './document.ts'
import { LeaseHold } from './lease-hold.ts'
import { Owner } from './owner.ts'
import type { Lease } from './ports.ts'
import { nameOf, rendezvous } from './rendezvous.ts'

/** A version and since when it is known, by one's own clock: nobody's clock is compared with another's. */
type Seen = { version: number; since: number; firstSeen: number }

/** Which partitions this process owns, and who owns the others, as far as it knows. */
export class Ownership<T extends Shape> {
  readonly #context: Context<T>
  readonly #owners = new Map<number, Owner<T>>()
  readonly #leases = new Map<number, Lease>()
  readonly #leaseSeen = new Map<number, Seen>()
  readonly #nodeSeen = new Map<string, Seen>()
  #beat = 0
  #isClosing = false
  #looking: Promise<void> | undefined

  constructor(context: Context<T>) {
    this.#context = context
  }

  /** Who is believed to own it. */
  leaseOf(p: number): Pick<Lease, 'holder' | 'term'> {
    return this.#leases.get(p) ?? { holder: null, term: 0 }
  }

  owner(p: number): Owner<T> | undefined {
    const owner = this.#owners.get(p)
    return owner?.hasEnded ? undefined : owner
  }

  get floors(): readonly number[] {
    return Array.from({ length: this.#context.settings.partitions }, (_, p) => this.#leases.get(p)?.floor ?? 0)
  }

  /** Looks who is there and which leases are free; one look at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  /** Every `tickMs`. */
  async tick(): Promise<void> {
    const { coordination } = this.#context.ports
    // Unknown is as good as done: the next comes soon.
    if (!this.#isClosing) coordination.beat({ node: this.#context.node, beat: ++this.#beat }).catch(() => undefined)
    for (const owner of this.#owners.values()) owner.tick().catch(() => undefined)
    await this.look()
  }

  /** Hands over all partitions and takes none any more. */
  async close(): Promise<void> {
    this.#isClosing = true
    const { coordination } = this.#context.ports
    await coordination.leave(this.#context.node).catch(() => undefined)
    const others = this.#living().filter((node) => node !== this.#context.node)
    await Promise.all([...this.#owners].map(([p, owner]) => owner.handOver(this.#processOf(p, others) ?? null)))
  }

  async #look(): Promise<void> {
    const asked = this.#context.ports.runtime.monotonic()
    let view: Awaited<ReturnType<Context<T>['ports']['coordination']['read']>>
    try {
      view = await this.#context.ports.coordination.read()
    } catch {
      return
    }
    for (const lease of view.leases) {
      if (lease.version >= (this.#leases.get(lease.p)?.version ?? 0)) this.#leases.set(lease.p, lease)
      this.#see(this.#leaseSeen, lease.p, lease.version, asked)
    }
    for (const { node, beat } of view.nodes) this.#see(this.#nodeSeen, node, beat, asked)
    const listed = new Set(view.nodes.map(({ node }) => node))
    for (const node of this.#nodeSeen.keys()) if (!listed.has(node)) this.#nodeSeen.delete(node)
    this.#forgetTheDead()
    const living = this.#living()
    for (let p = 0; p < this.#context.settings.partitions; p++) this.#consider(p, living)
  }

  /** Processes that ended without a word. */
  #forgetTheDead(): void {
    const { ports, settings } = this.#context
    for (const [node, { since }] of this.#nodeSeen)
      if (ports.runtime.monotonic() - since > 10 * settings.leaseMs)
        ports.coordination.leave(node).catch(() => undefined)
  }

  #see<Key>(seen: Map<Key, Seen>, key: Key, version: number, asked: number): void {
    const known = seen.get(key)
    if (!known) seen.set(key, { version, since: this.#context.ports.runtime.monotonic(), firstSeen: asked })
    else if (version > known.version) {
      known.version = version
      known.since = this.#context.ports.runtime.monotonic()
    }
  }

  #living(): string[] {
    const { ports, settings, node } = this.#context
    const now = ports.runtime.monotonic()
    const others = [...this.#nodeSeen].filter(([, { since }]) => now - since < settings.leaseMs).map(([name]) => name)
    return this.#isClosing ? others : [...new Set([...others, node])]
  }

  /** The process of the node that should have it. Of several with its name the one that was seen first last. */
  #processOf(p: number, living: readonly string[]): string | undefined {
    const name = rendezvous(p, new Set(living.map(nameOf)))
    return living
      .filter((process) => nameOf(process) === name)
      .toSorted((a, b) => (this.#nodeSeen.get(a)?.firstSeen ?? 0) - (this.#nodeSeen.get(b)?.firstSeen ?? 0))
      .at(-1)
  }

  #consider(p: number, living: readonly string[]): void {
    const { settings, ports, node } = this.#context
    const lease = this.#leases.get(p)
    const owner = this.#owners.get(p)
    if (owner && !owner.hasEnded) {
      if (lease && lease.term > owner.term) owner.end()
      else return this.#yield(p, owner, living)
    }
    if (this.#isClosing) return
    this.#owners.delete(p)
    const age = ports.runtime.monotonic() - (this.#leaseSeen.get(p)?.since ?? ports.runtime.monotonic())
    const mine = this.#processOf(p, living)
    const isMine = mine === undefined || nameOf(mine) === nameOf(node)
    const isFree = !lease || lease.holder === null || lease.holder === node || age >= settings.leaseMs
    // Whoever should have it and does not take it is passed over.
    const isLeft = age >= 2 * settings.leaseMs
    if (isFree && (isMine || isLeft || lease?.next === node)) this.#take(p, lease)
  }

  #take(p: number, lease: Lease | undefined): void {
    const { ports, node } = this.#context
    const { coordination, runtime } = ports
    const { term = 0, version = 0, floor = 0 } = lease ?? {}
    const next = { p, holder: node, next: null, term: term + 1, floor, version: version + 1 }
    const asked = runtime.monotonic()
    coordination.write(next).then(
      (isTaken) => {
        if (!isTaken || this.#isClosing || this.owner(p)) return
        this.#leases.set(p, next)
        const hold = new LeaseHold(next, asked, coordination, runtime)
        const owner = new Owner(this.#context, p, hold)
        this.#owners.set(p, owner)
        owner.start().catch(() => owner.end())
      },
      // Whether it was written shows at the next look.
      () => undefined,
    )
  }

  /** To another that should have it, and has been there for long enough not to vanish at once. */
  #yield(p: number, owner: Owner<T>, living: readonly string[]): void {
    const { ports, settings, node } = this.#context
    const better = this.#processOf(p, living)
    if (!owner.isServing || better === undefined || nameOf(better) === nameOf(node)) return
    const seen = this.#nodeSeen.get(better)
    if (!seen || ports.runtime.monotonic() - seen.firstSeen < settings.leaseMs) return
    owner.handOver(better).catch(() => undefined)
  }
}
