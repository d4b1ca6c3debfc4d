import type { Context } from './context.ts'
import type { Position, Shape } from './document.ts'
import { PartitionFeed, type Rooms } from './partition-feed.ts'
import type { Subscription } from './ports.ts'
import { untilKnown } from './until-known.ts'

/** What this process has seen of all partitions. */
export class Feed<T extends Shape> {
  readonly #context: Context<T>
  readonly #rooms: Rooms<T>
  #partitions: PartitionFeed<T>[] = []
  #subscription: Subscription | undefined
  #isStopped = false
  #token = 0

  constructor(context: Context<T>, rooms: Rooms<T>) {
    this.#context = context
    this.#rooms = rooms
  }

  /** Begins with what is in the projections; what is told meanwhile is not missed, and what is lost is read. */
  async start(): Promise<void> {
    const { ports, settings } = this.#context
    this.#subscription = ports.broker.onAnnouncement((announcement) =>
      this.#partitions[announcement.p]?.receive(announcement),
    )
    await Promise.race([this.#subscription.effective, ports.runtime.sleep(settings.subscribeWaitMs)])
    const positions = await untilKnown(
      ports.runtime,
      settings.retryMs,
      () => ports.projections.positions(),
      () => !this.#isStopped,
    )
    const moved = () => (this.#token = this.#context.rules.token(this.#partitions.map(({ at }) => at)))
    this.#partitions = positions.map((position, p) => new PartitionFeed(this.#context, p, position, this.#rooms, moved))
    moved()
  }

  /** Microseconds: everything up to here, of all partitions, was brought to those who listen here, or is in the projections. */
  get token(): number {
    return this.#token
  }

  /** Undefined before the start. */
  partition(p: number): PartitionFeed<T> | undefined {
    return this.#partitions[p]
  }

  /**
   * Every `tickMs`: partitions that are silent are asked for where they are. Announcements may all be lost, without a word.
   * @param floors of the leases, read before this call
   */
  async tick(floors: readonly number[]): Promise<void> {
    const silent = this.#partitions.filter((partition) => !partition.wasTold())
    if (silent.length === 0) return
    let positions: readonly Position[]
    try {
      positions = await this.#context.ports.projections.positions()
    } catch {
      return
    }
    const ask = async (partition: PartitionFeed<T>, p: number) => {
      if (!silent.includes(partition)) return
      const { n } = positions[p]!
      partition.learn(n)
      // Whoever promised the floor had written all before it; the position is of all that if it is the log's end, and not of projections that are made anew.
      if (floors[p]! > partition.at && (await this.#isEnd(p, n))) partition.learn(n, { n, at: floors[p]! })
    }
    await Promise.all(this.#partitions.map(ask))
  }

  /** False as well when it is not known. */
  #isEnd(p: number, n: number): Promise<boolean> {
    return this.#context.ports.log.writerOf(p, n + 1).then(
      (writer) => writer === undefined,
      () => false,
    )
  }

  stop(): void {
    this.#isStopped = true
    this.#subscription?.stop()
    for (const partition of this.#partitions) partition.stop()
  }
}
