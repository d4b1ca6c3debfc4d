import type { Context } from './context.ts'
import type { Entry, Shape } from './document.ts'
import { Feed } from './feed.ts'
import type { PartitionFeed, Rooms } from './partition-feed.ts'
import type { History, Membership, ProjectedPosition } from './ports.ts'
import { RoomStream, type Listener, type StreamEvents } from './room-stream.ts'

/** What a connection is told. A token stands for everything up to some moment, once what came with and before it was handled. */
export interface Sink<T extends Shape, Missed> {
  /** First, once. */
  missed(missed: Missed, token: number): void
  entry(entry: Entry<T>, token: number): void
  /** The server cannot go on; to be opened again. */
  lost(): void
}

type Held<T extends Shape> = { entry: Entry<T>; token: number }

class Connection<T extends Shape, Missed> implements Listener<T> {
  readonly member: number
  readonly sink: Sink<T, Missed>
  readonly #feed: Feed<T>
  #held: Held<T>[] | undefined = []
  token: number
  /** Rooms that the member left while it was opened, with the `f` of it. */
  readonly left = new Map<number, number>()
  readonly streams = new Set<RoomStream<T>>()
  isClosed = false

  constructor(member: number, after: number | undefined, sink: Sink<T, Missed>, feed: Feed<T>) {
    this.member = member
    this.sink = sink
    this.#feed = feed
    this.token = after ?? 0
  }

  entry(entry: Entry<T>): void {
    if (this.isClosed) return
    // As of now, also when it is told later: it must not stand for what comes after it.
    this.token = Math.max(this.token, this.#feed.token)
    if (this.#held) this.#held.push({ entry, token: this.token })
    else this.sink.entry(entry, this.token)
  }

  get isOpening(): boolean {
    return this.#held !== undefined
  }

  release(missed: Missed, token: number): void {
    this.sink.missed(missed, token)
    const held = this.#held ?? []
    this.#held = undefined
    for (const one of held) if (!this.isClosed) this.sink.entry(one.entry, Math.max(token, one.token))
  }
}

export type OpenConnection = Readonly<{
  /** Of this moment, for a heartbeat. */
  token(): number
  close(): void
}>

/** Projections are being made anew, and lack what this process has seen of a partition, or what they had before. */
export class ProjectionsBehind extends Error {
  constructor(p: number) {
    super(`the projections of partition ${p} are being made anew`)
  }
}

/** Connections of this process, and the rooms they listen to. */
export class Hub<T extends Shape, Missed> implements Rooms<T>, StreamEvents<T> {
  readonly feed: Feed<T>
  readonly #context: Context<T>
  readonly #history: History<Missed>
  readonly #streams = new Map<number, RoomStream<T>>()
  readonly #members = new Map<number, Set<Connection<T, Missed>>>()
  readonly #observers: ((entry: Entry<T>, token: number) => void)[] = []
  #positionsAsked: Promise<void> = Promise.resolve()
  #nextPositions: Promise<readonly ProjectedPosition[]> | undefined

  constructor(context: Context<T>, history: History<Missed>) {
    this.#context = context
    this.#history = history
    this.feed = new Feed(context, this)
  }

  /**
   * Order is everything: the connection is known before its rooms are read, it listens before its history is read, and the token of the
   * history is older than that read. So what is not in the history comes live, and what the token stands for is in one of them.
   * @param after a token of any process of this store; undefined: everything
   * @throws ProjectionsBehind, and what a port throws; the connection is not open then
   */
  async open(member: number, after: number | undefined, sink: Sink<T, Missed>): Promise<OpenConnection> {
    const connection = new Connection(member, after, sink, this.feed)
    const known = this.#members.get(member)
    if (known) known.add(connection)
    else this.#members.set(member, new Set([connection]))
    try {
      const rooms = await this.#membershipsOf(member)
      await this.#haveSeen(rooms)
      await this.#listen(connection, rooms)
      const token = Math.max(after ?? 0, this.feed.token)
      const missed = await this.#history.since(member, after)
      if (connection.isClosed) throw new Error('closed while it was opened')
      connection.release(missed, token)
    } catch (error) {
      this.#close(connection)
      throw error
    }
    return {
      token: () => {
        // While it is opened, less was told than was seen.
        if (!connection.isOpening) connection.token = Math.max(connection.token, this.feed.token)
        return connection.token
      },
      close: () => this.#close(connection),
    }
  }

  /**
   * Hears every entry of the rooms of those who have a connection here, once, those of a room in order: for a process that itself brings them to its
   * connections. The token stands for everything before the entry. Must not throw.
   */
  onEntry(observer: (entry: Entry<T>, token: number) => void): void {
    this.#observers.push(observer)
  }

  brought(entry: Entry<T>): void {
    for (const observer of this.#observers) observer(entry, this.feed.token)
  }

  take(entry: Entry<T>): void {
    const { room, f, control } = entry
    for (const member of control?.leaves ?? [])
      for (const connection of this.#members.get(member) ?? []) if (connection.isOpening) connection.left.set(room, f)
    let stream = this.#streams.get(room)
    if (!stream && control?.joins?.some((member) => this.#members.has(member))) stream = this.#stream(room, f - 1)
    stream?.offer(entry)
  }

  takeAgain(entry: Entry<T>): void {
    this.#streams.get(entry.room)?.offer(entry, true)
  }

  have(heads: readonly (readonly [number, number])[]): boolean {
    return heads.every(([room, f]) => this.#streams.get(room)?.has(f) ?? true)
  }

  async reached(heads: readonly (readonly [number, number])[]): Promise<void> {
    for (const [room, f] of heads)
      for (let stream = this.#streams.get(room); stream && !stream.has(f); stream = this.#streams.get(room))
        await stream.moved()
  }

  lost(): void {
    const connections = [...this.#members.values()].flatMap((those) => [...those])
    for (const connection of connections) {
      this.#close(connection)
      connection.sink.lost()
    }
    // Also those that have something ahead of a hole, which will never be filled.
    for (const stream of this.#streams.values()) this.emptied(stream)
  }

  *listenersOf(members: readonly number[]): Iterable<Listener<T>> {
    for (const member of members) yield* this.#members.get(member) ?? []
  }

  emptied(stream: RoomStream<T>): void {
    if (this.#streams.get(stream.room) !== stream) return
    this.#streams.delete(stream.room)
    stream.stop()
  }

  #partitionOf(room: number): PartitionFeed<T> {
    const partition = this.feed.partition(room % this.#context.settings.partitions)
    if (!partition) throw new Error('connections can be opened after the start')
    return partition
  }

  #stream(room: number, f: number): RoomStream<T> {
    const stream = new RoomStream(this.#context, room, f, this)
    this.#streams.set(room, stream)
    return stream
  }

  /**
   * @throws while projections are made anew: rooms that they lack would never be listened to, for all that the connection's token stands for. Looked at
   *   before and after, as they may begin to be, or be done, in between.
   */
  async #membershipsOf(member: number): Promise<readonly Membership[]> {
    await this.#areWhole()
    const rooms = await this.#context.ports.projections.memberships(member)
    await this.#areWhole()
    return rooms
  }

  async #areWhole(): Promise<void> {
    const seen = Array.from({ length: this.#context.settings.partitions }, (_, p) => this.#partitionOf(p).seen)
    const positions = await this.#positions()
    const p = positions.findIndex(({ n, wholeFrom = 0 }, one) => n < Math.max(seen[one]!, wholeFrom))
    if (p >= 0) throw new ProjectionsBehind(p)
  }

  /** One question at a time: who asks while one is under way gets the answer to the next. */
  #positions(): Promise<readonly ProjectedPosition[]> {
    this.#nextPositions ??= this.#positionsAsked.then(() => {
      this.#nextPositions = undefined
      const asked = this.#context.ports.projections.positions()
      this.#positionsAsked = asked.then(
        () => undefined,
        () => undefined,
      )
      return asked
    })
    return this.#nextPositions
  }

  /** What joined or left a room before its place was taken is to come first. */
  async #haveSeen(rooms: readonly Membership[]): Promise<void> {
    const places = new Map<PartitionFeed<T>, number>()
    for (const { room, n } of rooms) {
      const partition = this.#partitionOf(room)
      places.set(partition, Math.max(n, places.get(partition) ?? 0))
    }
    for (const [partition, n] of places) await partition.reached(n)
  }

  async #listen(connection: Connection<T, Missed>, rooms: readonly Membership[]): Promise<void> {
    if (connection.isClosed) return
    const begun = new Map<PartitionFeed<T>, { n: number; rooms: Set<number> }>()
    const effective: Promise<void>[] = []
    for (const { room, f, n, joined } of rooms) {
      // Left after the membership was read.
      if ((connection.left.get(room) ?? 0) > joined) continue
      let stream = this.#streams.get(room)
      if (!stream) {
        stream = this.#stream(room, f)
        const partition = this.#partitionOf(room)
        const those = begun.get(partition) ?? { n, rooms: new Set() }
        begun.set(partition, { n: Math.min(those.n, n), rooms: those.rooms.add(room) })
      }
      stream.attach(connection, Math.max(f, joined - 1))
      effective.push(stream.effective)
    }
    // Commits that were seen before somebody listened; what comes after waits for them.
    for (const [partition, { n, rooms }] of begun) partition.catchUp(n, rooms).catch(() => undefined)
    if (effective.length === 0) return
    const { ports, settings } = this.#context
    await Promise.race([Promise.all(effective), ports.runtime.sleep(settings.subscribeWaitMs)])
  }

  #close(connection: Connection<T, Missed>): void {
    connection.isClosed = true
    const those = this.#members.get(connection.member)
    those?.delete(connection)
    if (those?.size === 0) this.#members.delete(connection.member)
    for (const stream of connection.streams) {
      stream.detach(connection)
      if (stream.isEmpty) this.emptied(stream)
    }
  }
}
