import type { Command, Entry } from '../document.ts'
import type { Machine } from '../ports.ts'

/** A small chat on the log, with all that the protocol has to carry: messages, changes, silent moves, members who come and go. */
export type Kind = 'say' | 'edit' | 'read' | 'mute' | 'join' | 'leave' | 'joined' | 'left'
export type Body = Readonly<{
  kind: Kind
  user: number
  /** Of a message, new or changed. */
  seq?: number
  /** Of whatever changes what is shown. */
  rev?: number
  /** Who may see it: the members of its moment. */
  audience: readonly number[]
}>
export type ChatCommand = Readonly<{
  kind: 'say' | 'edit' | 'read' | 'mute' | 'join' | 'leave'
  room: number
  user: number
}>
export type Answer = Readonly<{ f: number } | { refused: true }>
export type Room = { f: number; seq: number; rev: number; members: Map<number, number> }
export type ChatState = { rooms: Map<number, Room> }
export type Chat = { body: Body; command: ChatCommand; answer: Answer; state: ChatState }

export const USERS = 4

/** Rooms begin with two members each. */
export const newRoom = (room: number): Room => ({
  f: 0,
  seq: 0,
  rev: 0,
  members: new Map([
    [room % USERS, 0],
    [(room + 1) % USERS, 0],
  ]),
})

export const copyOf = (room: Room): Room => ({ ...room, members: new Map(room.members) })

export function applyTo(room: Room, { f, body, control }: Entry<Chat>): void {
  room.f = f
  if (body.seq !== undefined) room.seq = Math.max(room.seq, body.seq)
  if (body.rev !== undefined) room.rev = body.rev
  for (const member of control?.joins ?? []) room.members.set(member, f)
  for (const member of control?.leaves ?? []) room.members.delete(member)
}

export type Load = (
  rooms: readonly number[],
  keys: readonly string[],
) => Promise<{ rooms: readonly (readonly [number, Room])[]; found: ReadonlyMap<string, Entry<Chat>> }>

/** @param load rooms, and entries by their keys, from the projections */
export function createChat(load: Load): Machine<Chat> {
  return {
    create: () => ({ rooms: new Map() }),

    async load(state, commands, keys) {
      const missing = new Set(commands.map(({ body }) => body.room).filter((room) => !state.rooms.has(room)))
      const { rooms, found } = await load([...missing], keys)
      for (const [id, room] of rooms) state.rooms.set(id, room)
      return found
    },

    decide(state, { key, body: { kind, room: id, user } }: Command<Chat>, earlier) {
      if (earlier) return { entries: [], answer: { f: earlier.f } }
      const room = state.rooms.get(id)!
      const isMember = room.members.has(user)
      if (isMember === (kind === 'join')) return { entries: [], answer: { refused: true } }
      const members = [...room.members.keys()]
      const entry = (
        by: number,
        kind: Kind,
        rest: object,
        audience: readonly number[],
        control?: Entry<Chat>['control'],
      ) => ({
        room: id,
        f: room.f + by,
        key,
        body: { kind, user, audience, ...rest },
        ...(control && { control }),
      })
      const message = { seq: room.seq + 1, rev: room.rev + 1 }
      const answer = { f: room.f + 1 }
      switch (kind) {
        case 'say':
          return { entries: [entry(1, kind, message, members)], answer }
        case 'edit':
          return { entries: [entry(1, kind, { seq: Math.max(1, room.seq), rev: room.rev + 1 }, members)], answer }
        case 'read':
          return { entries: [entry(1, kind, {}, members)], answer }
        case 'mute':
          return { entries: [entry(1, kind, {}, [user], { only: user })], answer }
        case 'join': {
          const audience = [...members, user]
          return {
            entries: [entry(1, 'joined', {}, audience, { joins: [user] }), entry(2, kind, message, audience)],
            answer,
          }
        }
        case 'leave':
          return {
            entries: [entry(1, kind, message, members), entry(2, 'left', {}, members, { leaves: [user] })],
            answer,
          }
      }
    },

    apply: (state, entry) => applyTo(state.rooms.get(entry.room)!, entry),
  }
}
