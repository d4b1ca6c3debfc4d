import { headsOf, type Entry, type LogDocument, type Position } from '../document.ts'
import type { Beat, Lease } from '../ports.ts'
import { applyTo, newRoom, type Chat, type Room } from './chat.ts'

/** What the engines of a world hold, and what each operation does when it takes effect: at once, wholly. Failing and waiting are others' part. */
export class Engines {
  readonly partitions: number
  readonly log: LogDocument<Chat>[][]
  /** Of each partition: documents up to here are emptied. */
  readonly emptied: number[]
  readonly leases = new Map<number, Lease>()
  readonly nodes = new Map<string, number>()
  /** Entries by room and `f`: written one by one, before the position moves. */
  readonly entries = new Map<number, Entry<Chat>[]>()
  readonly atOf = new Map<Entry<Chat>, number>()
  readonly byKey = new Map<string, Entry<Chat>>()
  /** Of each room: where it is, and the document that brought it there. */
  readonly heads = new Map<number, { f: number; n: number }>()
  /** Members, and what decisions need: written with the position. */
  readonly rooms = new Map<number, Room>()
  readonly positions: Position[]
  readonly cursors: number[]

  constructor(partitions: number, rooms: number) {
    this.partitions = partitions
    this.log = Array.from({ length: partitions }, () => [])
    this.emptied = this.log.map(() => 0)
    this.positions = Array.from({ length: partitions }, () => ({ n: 0, at: 0 }))
    this.cursors = Array.from({ length: partitions }, () => 0)
    for (let room = 0; room < rooms; room++) {
      this.rooms.set(room, newRoom(room))
      this.entries.set(room, [])
      this.heads.set(room, { f: 0, n: 0 })
    }
  }

  append(document: LogDocument<Chat>): 'appended' | 'exists' {
    const log = this.log[document.p]!
    if (document.n <= log.length) return 'exists'
    log.push(document)
    return 'appended'
  }

  read(p: number, from: number, limit: number): readonly LogDocument<Chat>[] {
    return from <= this.emptied[p]! ? [] : this.log[p]!.slice(from - 1, from - 1 + limit)
  }

  writerOf(p: number, n: number): string | undefined {
    return this.log[p]![n - 1]?.by
  }

  empty(p: number, from: number, upTo: number): void {
    if (from > this.emptied[p]! + 1) throw new Error(`${p}/${from} is emptied after ${this.emptied[p]}`)
    this.emptied[p] = Math.max(this.emptied[p]!, upTo)
  }

  writeLease(lease: Lease): boolean {
    if ((this.leases.get(lease.p)?.version ?? 0) !== lease.version - 1) return false
    this.leases.set(lease.p, lease)
    return true
  }

  beat({ node, beat }: Beat): void {
    this.nodes.set(node, Math.max(beat, this.nodes.get(node) ?? 0))
  }

  /** @param upTo of the entries, when it breaks off before it has written all of them */
  apply(p: number, documents: readonly LogDocument<Chat>[], upTo = Infinity): void {
    let written = 0
    for (const { n, at, entries } of documents) {
      if (n <= this.positions[p]!.n) continue
      if (n !== this.positions[p]!.n + 1) throw new Error(`applies ${p}/${n} after ${this.positions[p]!.n}`)
      for (const entry of entries) {
        if (written++ >= upTo) return
        this.#writeEntry(entry, at)
      }
      for (const [room, f] of headsOf({ entries })) {
        if (written++ >= upTo) return
        if (f > this.heads.get(room)!.f) this.heads.set(room, { f, n })
      }
      for (const entry of entries) {
        const room = this.rooms.get(entry.room)!
        if (entry.f > room.f) applyTo(room, entry)
      }
      this.positions[p] = { n, at }
    }
  }

  #writeEntry(entry: Entry<Chat>, at: number): void {
    const entries = this.entries.get(entry.room)!
    if (entries[entry.f - 1]) return
    entries[entry.f - 1] = entry
    this.atOf.set(entry, at)
    if (!this.byKey.has(entry.key)) this.byKey.set(entry.key, entry)
  }

  membershipsOf(member: number): { room: number; joined: number }[] {
    return [...this.rooms].flatMap(([room, { members }]) => {
      const joined = members.get(member)
      return joined === undefined ? [] : { room, joined }
    })
  }

  since(member: number, after: number): readonly Entry<Chat>[] {
    const found: Entry<Chat>[] = []
    for (const entries of this.entries.values())
      for (const entry of entries)
        if (entry && this.atOf.get(entry)! > after && entry.body.audience.includes(member)) found.push(entry)
    return found
  }
}
