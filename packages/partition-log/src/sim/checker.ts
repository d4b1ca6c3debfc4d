import type { Entry, LogDocument } from '../document.ts'
import { applyTo, copyOf, newRoom, type Answer, type Chat, type ChatCommand, type Room } from './chat.ts'
import type { Engines } from './engines.ts'

/** Knows the truth, and compares with it whatever happens, in the step in which it happens. */
export class Checker {
  readonly violations: string[] = []
  readonly engines: Engines
  /** What the log comes to. */
  readonly #rooms = new Map<number, Room>()
  readonly #documentOf = new Map<Entry<Chat>, LogDocument<Chat>>()
  readonly #byKey = new Map<string, Entry<Chat>>()
  /** What a member is to see of a room, in order. */
  readonly #visible = new Map<string, Entry<Chat>[]>()
  readonly #lastOutside = new Map<string, number>()
  readonly #refused = new Set<string>()
  readonly #published = new Map<string, Entry<Chat>>()
  readonly #toPublish: { n: number; i: number }[]
  #highestToken = -1
  readonly #floors: number[]
  readonly #now: () => number

  readonly #areLeasesSafe: boolean

  /** @param areLeasesSafe nobody frees a lease that is held: then nobody is refused by somebody who lost it */
  constructor(engines: Engines, rooms: number, now: () => number, areLeasesSafe: boolean) {
    this.#areLeasesSafe = areLeasesSafe
    this.engines = engines
    this.#now = now
    for (let room = 0; room < rooms; room++) this.#rooms.set(room, newRoom(room))
    this.#toPublish = Array.from({ length: engines.partitions }, () => ({ n: 1, i: 0 }))
    this.#floors = Array.from({ length: engines.partitions }, () => -1)
  }

  fail(kind: string, detail: string): void {
    this.violations.push(`${kind}: ${detail}`)
  }

  visible(member: number, room: number): readonly Entry<Chat>[] {
    return this.#visible.get(`${member}/${room}`) ?? []
  }

  documentOf(entry: Entry<Chat>): LogDocument<Chat> | undefined {
    return this.#documentOf.get(entry)
  }

  /** Guarantees of the log, at each document. */
  appended(document: LogDocument<Chat>): void {
    const { p, n, at, term, entries } = document
    const before = this.engines.log[p]![n - 2]
    if (n > 1 && !before) this.fail('hole', `${p}/${n} without the one before`)
    if (before && at <= before.at) this.fail('time', `${p}/${n} is not after the one before`)
    if (before && term < before.term) this.fail('term', `${p}/${n} has term ${term} after ${before.term}`)
    if (at <= this.#highestToken) this.fail('token', `${p}/${n} is not after a token that was given`)
    if (at <= this.#floors[p]!) this.fail('floor', `${p}/${n} is not above a floor that was told`)
    for (const entry of entries) this.#entry(document, entry)
  }

  #entry(document: LogDocument<Chat>, entry: Entry<Chat>): void {
    const { body, f, key, control } = entry
    const room = this.#rooms.get(entry.room)!
    const where = `${entry.room}:${f}`
    if (f !== room.f + 1) this.fail('f', `${where} after ${room.f}`)
    if (body.seq !== undefined && body.kind !== 'edit' && body.seq !== room.seq + 1)
      this.fail('seq', `${where} ${body.seq} after ${room.seq}`)
    if (body.rev !== undefined && body.rev !== room.rev + 1) this.fail('rev', `${where} ${body.rev} after ${room.rev}`)
    const earlier = this.#byKey.get(key)
    if (earlier && this.#documentOf.get(earlier) !== document)
      this.fail('twice', `${key} at ${where} and ${earlier.room}:${earlier.f}`)
    if (this.#refused.has(key)) this.fail('refused', `${key} was refused, and is at ${where}`)
    if (!earlier) this.#byKey.set(key, entry)
    const members = new Set([...room.members.keys(), ...(control?.joins ?? [])])
    const audience = control?.only === undefined ? members : new Set([control.only])
    if (audience.size !== body.audience.length || !body.audience.every((one) => audience.has(one)))
      this.fail('decided', `${where} for ${body.audience.join()}, members are ${[...audience].join()}`)
    for (const member of body.audience) this.#entriesFor(member, entry.room).push(entry)
    for (const member of control?.leaves ?? []) this.#lastOutside.set(`${member}/${entry.room}`, Infinity)
    for (const member of control?.joins ?? []) this.#lastOutside.set(`${member}/${entry.room}`, this.#now())
    this.#documentOf.set(entry, document)
    applyTo(room, entry)
  }

  #entriesFor(member: number, room: number): Entry<Chat>[] {
    const name = `${member}/${room}`
    const known = this.#visible.get(name)
    if (known) return known
    const made: Entry<Chat>[] = []
    this.#visible.set(name, made)
    return made
  }

  /**
   * An answer was given.
   * @param askedAt when it was asked first
   * @param isOnly whether it was asked once: of two copies that somebody sends, one may be refused and the other not
   */
  answered(key: string, { room, user, kind }: ChatCommand, answer: Answer, askedAt: number, isOnly: boolean): void {
    const entry = this.#byKey.get(key)
    if ('refused' in answer) {
      if (entry && isOnly) return this.fail('refused', `${key} was refused, and is at ${entry.room}:${entry.f}`)
      if (isOnly) this.#refused.add(key)
      // Right if it was so at some moment since.
      const isMember = this.#rooms.get(room)!.members.has(user)
      const outside = this.#lastOutside.get(`${user}/${room}`) ?? (newRoom(room).members.has(user) ? -1 : Infinity)
      if (this.#areLeasesSafe && kind !== 'join' && isMember && outside < askedAt)
        this.fail('wrong', `${key}: ${user} was in ${room} all the time`)
      return
    }
    if (!entry) return this.fail('lost', `${key} was acknowledged, and is not in the log`)
    if (entry.f !== answer.f) this.fail('elsewhere', `${key} was acknowledged as ${answer.f}, and is ${entry.f}`)
    if (!this.#canBeRead(entry)) this.fail('unread', `${key} was acknowledged, and cannot be read`)
  }

  #canBeRead(entry: Entry<Chat>): boolean {
    const { p, n } = this.#documentOf.get(entry)!
    return this.engines.positions[p]!.n >= n
  }

  /** A connection was told an entry. */
  told(member: number, entry: Entry<Chat>): void {
    const where = `${entry.room}:${entry.f}`
    if (!this.#documentOf.has(entry)) return this.fail('invented', where)
    if (!entry.body.audience.includes(member)) this.fail('leak', `${where} to ${member}`)
    if (!this.#canBeRead(entry)) this.fail('unread', `${where} was told, and cannot be read`)
  }

  tokenGiven(token: number): void {
    this.#highestToken = Math.max(this.#highestToken, token)
  }

  floorTold(p: number, at: number): void {
    this.#floors[p] = Math.max(this.#floors[p]!, at)
  }

  published(p: number, events: readonly { id: string; entry: Entry<Chat> }[]): void {
    const next = this.#toPublish[p]!
    for (const { id, entry } of events) {
      const before = this.#published.get(id)
      if (before && before !== entry) return this.fail('event', `${id} is two entries`)
      if (before) continue
      this.#published.set(id, entry)
      for (let document = this.engines.log[p]![next.n - 1]; document && next.i >= document.entries.length;) {
        next.n++
        next.i = 0
        document = this.engines.log[p]![next.n - 1]
      }
      const expected = this.engines.log[p]![next.n - 1]?.entries[next.i]
      if (entry !== expected) return this.fail('event', `${id} where that of ${p}/${next.n} ${next.i} is the next`)
      next.i++
    }
  }

  /** Why the world is not at rest, or undefined. Of a world without faults. */
  unrest(): string | undefined {
    for (let p = 0; p < this.engines.partitions; p++) {
      const log = this.engines.log[p]!
      if (this.engines.positions[p]!.n !== log.length)
        return `partition ${p} is applied up to ${this.engines.positions[p]!.n} of ${log.length}`
      const { n, i } = this.#toPublish[p]!
      const open = log.slice(n - 1).reduce((sum, { entries }) => sum + entries.length, 0) - i
      if (open > 0) return `${open} events of partition ${p} are not published`
    }
    return undefined
  }

  /** The projections are what a replay of the log comes to. */
  compareProjections(): void {
    for (const [room, expected] of this.#rooms) {
      const found = this.engines.rooms.get(room)!
      if (JSON.stringify(plain(found)) !== JSON.stringify(plain(expected)))
        this.fail(
          'projection',
          `room ${room}: ${JSON.stringify(plain(found))}, the log says ${JSON.stringify(plain(expected))}`,
        )
      const entries = this.engines.entries.get(room)!
      for (let f = 1; f <= expected.f; f++)
        if (!entries[f - 1] || !this.#documentOf.has(entries[f - 1]!))
          this.fail('projection', `room ${room} lacks ${f}`)
    }
  }
}

const plain = (room: Room) => ({ ...copyOf(room), members: [...room.members].sort(([a], [b]) => a - b) })
