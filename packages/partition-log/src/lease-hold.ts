import type { Coordination, Lease, Runtime } from './ports.ts'

/** A lease that this process has taken, and what it has promised by it. */
export class LeaseHold {
  #lease: Lease
  #confirmedAt: number
  /** No document is written at or below it, whether or not the promise has been stored. */
  promised: number
  readonly #coordination: Coordination
  readonly #runtime: Runtime
  #renewals: Promise<unknown> = Promise.resolve()

  /** @param askedAt monotonic, before the write that took it */
  constructor(lease: Lease, askedAt: number, coordination: Coordination, runtime: Runtime) {
    this.#lease = lease
    this.#confirmedAt = askedAt
    this.promised = lease.floor
    this.#coordination = coordination
    this.#runtime = runtime
  }

  get lease(): Lease {
    return this.#lease
  }

  /**
   * Milliseconds since it was ours for sure. Below `leaseMs` nobody else has taken it, unless clocks tick differently: whoever takes it
   * has seen it unchanged for so long.
   */
  get age(): number {
    return this.#runtime.monotonic() - this.#confirmedAt
  }

  /** @param floor promised from now on @returns whether it is still ours, as far as is known */
  renew(floor: number): Promise<boolean> {
    const renewal = this.#renew(floor)
    this.#renewals = Promise.all([this.#renewals, renewal])
    return renewal
  }

  async #renew(floor: number): Promise<boolean> {
    this.promised = Math.max(this.promised, floor)
    const asked = this.#runtime.monotonic()
    const next = { ...this.#lease, floor: Math.max(this.#lease.floor, floor), version: this.#lease.version + 1 }
    try {
      if (await this.#coordination.write(next)) {
        this.#lease = next
        this.#confirmedAt = asked
        return true
      }
    } catch {
      // Unknown: what is stored tells.
    }
    return this.#adopt()
  }

  /**
   * Gives it up, after the renewals that are under way: it would be written over the same version as one of these, and be refused. When it fails, the lease is
   * free later, by its age.
   */
  async release(to: string | null): Promise<void> {
    await this.#renewals
    const next = { ...this.#lease, holder: null, next: to, version: this.#lease.version + 1 }
    await this.#coordination.write(next).catch(() => false)
  }

  async #adopt(): Promise<boolean> {
    try {
      const { leases } = await this.#coordination.read()
      const found = leases.find(({ p }) => p === this.#lease.p)
      if (!found || found.term !== this.#lease.term || found.holder !== this.#lease.holder) return false
      // A write of ours whose answer was lost: never above what is promised.
      if (found.version > this.#lease.version) this.#lease = found
      return true
    } catch {
      return true
    }
  }
}
