import type { Entry } from '../document.ts'
import type { OpenConnection, Sink } from '../hub.ts'
import type { Chat } from './chat.ts'
import type { Checker } from './checker.ts'
import type { SimNode } from './sim-node.ts'

type Missed = readonly Entry<Chat>[]

/** Somebody with one device: is cut off and comes back anywhere with the last token, and must end with all that was for them. */
export class Reader {
  readonly member: number
  readonly #checker: Checker
  readonly #got = new Set<Entry<Chat>>()
  /** Of each partition, documents that were compared with `#got`. */
  readonly #checked: number[]
  /** Of each room, how many of the visible entries this connection has told. */
  #told = new Map<number, number>()
  #token: number | undefined
  #connection: OpenConnection | undefined
  #open: object | undefined

  constructor(member: number, checker: Checker) {
    this.member = member
    this.#checker = checker
    this.#checked = Array.from({ length: checker.engines.partitions }, () => 0)
  }

  get isConnected(): boolean {
    return this.#open !== undefined
  }

  connect(node: SimNode, lost: () => void): void {
    const mark = {}
    this.#open = mark
    this.#told = new Map()
    const isOpen = () => this.#open === mark
    const sink: Sink<Chat, Missed> = {
      missed: (missed, token) => {
        if (!isOpen()) return
        for (const entry of missed) this.#got.add(entry)
        this.#know(token)
      },
      entry: (entry, token) => {
        if (!isOpen()) return
        this.#inOrder(entry)
        this.#checker.told(this.member, entry)
        this.#got.add(entry)
        this.#know(token)
      },
      lost: () => isOpen() && lost(),
    }
    node.open(this.member, this.#token, sink).then(
      (connection) => {
        if (isOpen()) this.#connection = connection
        else connection.close()
      },
      () => isOpen() && lost(),
    )
  }

  /** A heartbeat. */
  beat(): void {
    if (this.#connection) this.#know(this.#connection.token())
  }

  cut(): void {
    this.#open = undefined
    this.#connection?.close()
    this.#connection = undefined
  }

  /** What is missing in the end. */
  missing(rooms: number): string | undefined {
    for (let room = 0; room < rooms; room++)
      for (const entry of this.#checker.visible(this.member, room))
        if (!this.#got.has(entry)) return `member ${this.member} lacks ${room}:${entry.f}`
    return undefined
  }

  #inOrder(entry: Entry<Chat>): void {
    const visible = this.#checker.visible(this.member, entry.room)
    const told = this.#told.get(entry.room)
    const index = told === undefined ? visible.lastIndexOf(entry) : told
    if (visible[index] !== entry)
      this.#checker.fail(
        'order',
        `member ${this.member} is told ${entry.room}:${entry.f} instead of ${visible[index]?.f}`,
      )
    this.#told.set(entry.room, index + 1)
  }

  /** Everything for this member up to the token is here. */
  #know(token: number): void {
    this.#checker.tokenGiven(token)
    if (token < (this.#token ?? -1)) this.#checker.fail('token', `goes back for member ${this.member}`)
    this.#token = token
    for (const [p, log] of this.#checker.engines.log.entries()) {
      let i = this.#checked[p]!
      for (; i < log.length && log[i]!.at <= token; i++)
        for (const entry of log[i]!.entries)
          if (entry.body.audience.includes(this.member) && !this.#got.has(entry))
            this.#checker.fail(
              'incomplete',
              `member ${this.member} has a token after ${entry.room}:${entry.f}, and not that`,
            )
      this.#checked[p] = i
    }
  }
}
