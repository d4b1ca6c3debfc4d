import type { Profile } from '../../ports.ts'

/** Of all lists together. */
const MAX_BYTES = 32 * 1_024 * 1_024
/** What keeping a room costs beside its text, about. */
const OVERHEAD_BYTES = 300

/** A room as one of its members sees it. */
export type KeptRoom = Readonly<{
  /** What it was made of: this version of the room, and these profiles. */
  version: number
  people: readonly Profile[]
  /** UTF-8 of the JSON, a character each byte: it takes half of what a text with Korean in it does, and is put together without encoding it again. */
  json: string
}>

type Person = { readonly rooms: Map<number, KeptRoom>; bytes: number }

export type KeptRooms = Readonly<{
  /** Undefined when none of the person's rooms is kept. */
  of(userId: number): ReadonlyMap<number, KeptRoom> | undefined
  keep(userId: number, roomId: number, room: KeptRoom): void
}>

/** What lists were answered with, in bounded memory: first to go are all rooms of who has not asked for longest. */
export function createKeptRooms(maxBytes = MAX_BYTES): KeptRooms {
  /** Who asked last comes last. */
  const people = new Map<number, Person>()
  let bytes = 0

  return {
    of(userId) {
      const person = people.get(userId)
      if (!person) return undefined
      people.delete(userId)
      people.set(userId, person)
      return person.rooms
    },
    keep(userId, roomId, room) {
      const person = people.get(userId) ?? { rooms: new Map<number, KeptRoom>(), bytes: 0 }
      people.set(userId, person)
      const before = person.rooms.get(roomId)
      const added = room.json.length - (before ? before.json.length : -OVERHEAD_BYTES)
      person.rooms.set(roomId, room)
      person.bytes += added
      bytes += added
      for (const [oldest, of] of people) {
        if (bytes <= maxBytes) break
        people.delete(oldest)
        bytes -= of.bytes
      }
    },
  }
}
