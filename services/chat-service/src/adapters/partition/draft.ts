import { systemText, type SystemEvent, type MessageRow } from '../../domain/message.ts'
import { controlOf, type ChatEntry, type Happened, type NewMember, type Occasion, type Said } from './entries.ts'
import type { PartitionState, RoomState } from './state.ts'

type NewRow = Pick<
  MessageRow,
  'user_id' | 'message_type' | 'content' | 'reply_to' | 'file' | 'mentions' | 'client_message_id' | 'system'
>

export type Decision<Answer> = Readonly<{ entries: readonly ChatEntry[]; answer: Answer }>

/** Refused, or nothing to do. */
export const only = <Answer>(answer: Answer): Decision<Answer> => ({ entries: [], answer })

/** What a command does to one room, entry by entry; the state is as before it. */
export class Draft {
  readonly entries: ChatEntry[] = []
  readonly #state: PartitionState
  readonly #room: Pick<RoomState, 'id' | 'f'>
  readonly #key: string

  constructor(state: PartitionState, room: Pick<RoomState, 'id' | 'f'>, key: string) {
    this.#state = state
    this.#room = room
    this.#key = key
  }

  add(happened: Happened): this {
    const { id: room, f } = this.#room
    const control = controlOf(happened)
    const next = f + this.entries.length + 1
    this.entries.push({ room, f: next, key: this.#key, ...(control && { control }), body: { v: 1, ...happened } })
    return this
  }

  answering<Answer>(answer: Answer): Decision<Answer> {
    return { entries: this.entries, answer }
  }

  /**
   * The message of the system that tells of a change, with the names of the moment.
   * @param room as it is for those who are to read it: who comes in is in it, who goes is not any more
   */
  tell(
    room: MessageRoom,
    change: { actor: number } & Occasion,
    system: SystemEvent,
    sets?: NonNullable<Said['sets']>,
  ): this {
    const { actor: user_id, now, traceparent } = change
    const nameOf = (id: number) => this.#state.names.get(id) ?? `#${id}`
    const content = systemText(system, nameOf, user_id)
    const row = {
      user_id,
      content,
      system,
      message_type: 'system',
      reply_to: null,
      file: null,
      mentions: [],
      client_message_id: null,
    } as const
    const said = newMessage(room, row, { now, traceparent })
    return this.add(sets ? { ...said, sets } : said)
  }
}

/** Of a room what a new message depends on. */
export type MessageRoom = Pick<RoomState, 'id' | 'type' | 'last_seq' | 'rev' | 'last_activity_at'> &
  Readonly<{ members: ReadonlyMap<number, Readonly<{ read_seq: number; hidden: boolean }>> }>

/** The next message of a room, by a member or not. Sending is reading. */
export function newMessage(room: MessageRoom, message: NewRow, on: Occasion): Said {
  const seq = room.last_seq + 1
  const author = room.members.get(message.user_id)
  const row: MessageRow = {
    ...message,
    room_id: room.id,
    seq,
    rev: room.rev + 1,
    reactions: {},
    created_at: on.now,
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    pinned_by: null,
  }
  return {
    kind: 'message',
    row,
    unread_count: room.members.size - (author ? 1 : 0),
    old_read_seq: author?.read_seq ?? seq,
    reads: author !== undefined,
    last_activity_at: Math.max(room.last_activity_at, on.now),
    shown: hiddenFrom(room),
    on,
  }
}

/** Only direct rooms can be cleared: a group is not looked through for each message. */
const hiddenFrom = ({ type, members }: MessageRoom): readonly number[] =>
  type === 'direct' ? [...members].flatMap(([id, { hidden }]) => (hidden ? [id] : [])) : []

/** The members with those who come in. */
export const joinedBy = (room: MessageRoom, joined: readonly NewMember[]): MessageRoom => ({
  ...room,
  members: new Map([...room.members, ...joined.map((one) => [one.user_id, { ...one, hidden: false }] as const)]),
})

/** The members without one who goes. */
export function leftBy(room: MessageRoom, userId: number): MessageRoom {
  const members = new Map(room.members)
  members.delete(userId)
  return { ...room, members }
}
