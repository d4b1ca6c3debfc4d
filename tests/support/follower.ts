import type { Cleanup } from '@bigtech/testkit'
import type { Person } from './people.ts'
import type { Stream } from './stream.ts'
import type { Changes, Frame, Message, Page, Room } from './types.ts'

/** What a client knows of a room. Unread numbers follow from it. */
export type RoomState = {
  rev: number
  messages: Map<number, Message>
  members: Map<number, { role: string; join_seq: number; read_seq: number }>
}

/** The client's rule of docs/realtime.md, as literally as it can be written: what it holds must equal a fresh snapshot. */
export class Follower {
  readonly rooms = new Map<number, RoomState>()
  /** Of the last frame handled. */
  token: string | undefined
  #person: Person
  #stream: Stream | undefined
  #work: Promise<void> = Promise.resolve()
  #generation = 0

  constructor(person: Person) {
    this.#person = person
  }

  /** Opens a stream, resuming if there is a token, and loads everything if there is none. */
  async connect(t: Cleanup, transport: 'sse' | 'ws'): Promise<void> {
    const resume = this.token
    const stream =
      transport === 'sse'
        ? await this.#person.sse(t, resume)
        : await this.#person.ws(t, resume === undefined ? {} : { token: resume })
    this.#stream = stream
    const generation = ++this.#generation
    if (resume === undefined) this.#next(() => this.#loadAll())
    stream.onFrame((frame) =>
      this.#next(async () => {
        if (generation !== this.#generation) return
        await this.#handle(frame)
        if (frame.token !== undefined) this.token = frame.token
      }),
    )
  }

  /** Loses the connection; frames not handled yet are lost with it. */
  cut(): void {
    this.#generation++
    this.#stream?.cut()
  }

  /** When all that has arrived is handled. */
  idle(): Promise<void> {
    return this.#work
  }

  /** One thing after the other, in the order of arrival. */
  #next(step: () => Promise<void>): void {
    const before = this.#work
    this.#work = (async () => {
      await before
      await step()
    })()
    this.#work.catch(() => {})
  }

  async #loadAll(): Promise<void> {
    this.rooms.clear()
    const { items } = await this.#person.get<Page<Room>>('/chat-rooms?limit=1000')
    for (const { id } of items) await this.#load(id)
  }

  async #load(roomId: number): Promise<void> {
    const answer = await this.#person.call('GET', `/chat-rooms/${roomId}`)
    if (answer.status === 403) return void this.rooms.delete(roomId)
    const room = answer.json() as Room
    const history = await this.#person.call('GET', `/messages/${roomId}?limit=200`)
    if (history.status === 403) return void this.rooms.delete(roomId)
    const { items, rev } = history.json() as { items: Message[]; rev: number }
    this.rooms.set(roomId, {
      rev: Math.min(rev, room.rev),
      messages: new Map(items.map((message) => [message.seq, message])),
      members: new Map(
        room.members.map(({ user_id, role, join_seq, read_seq }) => [user_id, { role, join_seq, read_seq }]),
      ),
    })
  }

  async #handle(frame: Frame): Promise<void> {
    const roomId = frame.room_id ?? 0
    const room = this.rooms.get(roomId)
    switch (frame.type) {
      case 'message':
      case 'message_changed':
      case 'skip': {
        if (!room) return this.#load(roomId)
        if (frame.rev! <= room.rev) return
        if (frame.rev! > room.rev + 1) return this.#pull(roomId, room)
        if (frame.message) apply(room, frame.message)
        room.rev = frame.rev!
        return
      }
      case 'changes': {
        const { from_rev, to_rev, messages, reads } = frame as unknown as Changes
        if (!room) return this.#load(roomId)
        if (room.rev < from_rev) return this.#pull(roomId, room)
        merge(room, messages, reads)
        room.rev = Math.max(room.rev, to_rev)
        return
      }
      case 'read':
        return room && read(room, frame.user_id!, frame.read_seq!)
      case 'room_joined':
        return this.#load(roomId)
      case 'room_left':
        return void this.rooms.delete(roomId)
      case 'resync_required':
        return frame.room_id === null ? this.#loadAll() : this.#load(roomId)
      default:
    }
  }

  async #pull(roomId: number, room: RoomState): Promise<void> {
    for (let more = true; more;) {
      const answer = await this.#person.call('GET', `/messages/${roomId}/changes?since_rev=${room.rev}&limit=5`)
      if (answer.status === 403) return void this.rooms.delete(roomId)
      const { messages, reads, to_rev, has_more } = answer.json() as Changes
      merge(room, messages, reads)
      room.rev = to_rev
      more = has_more
    }
  }
}

function merge(room: RoomState, messages: readonly Message[], reads: Changes['reads']): void {
  for (const message of messages) if (message.rev > room.rev) apply(room, message)
  for (const { user_id, read_seq } of reads) read(room, user_id, read_seq)
}

function apply({ messages, members }: RoomState, message: Message): void {
  messages.set(message.seq, message)
  const { system, seq, user_id } = message
  if (system?.kind === 'member_joined')
    for (const id of system.user_ids ?? []) {
      const known = members.get(id)
      const at = { join_seq: seq - 1, read_seq: seq - 1 }
      if (known && known.join_seq >= at.join_seq) continue
      members.set(id, { role: 'member', ...at })
    }
  if (system?.kind === 'member_left') {
    for (const id of system.user_ids ?? []) if ((members.get(id)?.join_seq ?? 0) < seq) members.delete(id)
    const heir = members.get(system.new_owner ?? 0)
    if (heir) heir.role = 'owner'
  }
  if (system?.kind === 'role_changed')
    for (const id of system.user_ids ?? []) {
      if (system.role === 'owner')
        for (const other of members.values()) if (other.role === 'owner') other.role = 'admin'
      const member = members.get(id)
      if (member) member.role = system.role!
    }
  // Whoever wrote it has read up to it.
  read({ members }, user_id, seq)
}

function read({ members }: Pick<RoomState, 'members'>, userId: number, seq: number): void {
  const member = members.get(userId)
  if (member) member.read_seq = Math.max(member.read_seq, seq)
}
