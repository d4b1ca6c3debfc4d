import type { LogTables, LoggedDocument } from '../history/store.ts'
import type { Violation } from './violation.ts'

type Member = { read_seq: number; join_seq: number }
type Room = { f: number; rev: number; last_seq: number }
type Message = { rev: number; content: string; deleted: boolean }

/** What the tables of a partition must say, made of its documents by itself: of the program's own way from one to the other nothing is used. */
export function createReplay(p: number) {
  const violations: Violation[] = []
  const found = (what: string) => void violations.push({ kind: 'corrupt', what: `partition ${p}: ${what}` })
  const rooms = new Map<number, Room>()
  const members = new Map<string, Member>()
  const messages = new Map<string, Message>()
  let last = { n: 0, term: 0, at: 0 }

  return {
    /** In their order. A violation each for what is out of it. */
    take({ n, term, at, entries }: LoggedDocument): void {
      if (n !== last.n + 1) found(`document ${n} comes after ${last.n}`)
      if (term < last.term || at <= last.at) found(`document ${n} is of before ${last.n}`)
      last = { n, term, at }
      for (const { room: id, f, body } of entries) {
        const room = rooms.get(id) ?? { f: 0, rev: 0, last_seq: 0 }
        rooms.set(id, room)
        if (f !== room.f + 1) found(`entry ${f} of room ${id} comes after ${room.f}, in document ${n}`)
        room.f = f
        if (body.members)
          for (const { user_id, read_seq, join_seq } of body.members)
            members.set(`${id}/${user_id}`, { read_seq, join_seq })
        if (body.kind === 'left') members.delete(`${id}/${body.user_id}`)
        const member = members.get(`${id}/${body.reads ? body.row!.user_id : body.user_id}`)
        if (member && body.row) member.read_seq = body.row.seq
        if (member && body.kind === 'read') member.read_seq = body.read_seq!
        if (member && body.kind === 'settings') member.join_seq = body.join_seq!
        if (!body.row) continue
        const { seq, rev, deleted_at, message_type: type, content } = body.row
        // The texts of the system lose names when an account is closed.
        const text = type === 'system' ? '' : content
        messages.set(`${id}/${seq}`, { rev, deleted: deleted_at !== null, content: text })
        room.rev = rev
        room.last_seq = Math.max(seq, room.last_seq)
      }
    },

    /** @returns all that was found, with what is other in the tables */
    compare(tables: LogTables): Violation[] {
      const differ = (name: string, logged: ReadonlyMap<unknown, object>, stored: ReadonlyMap<unknown, object>) => {
        for (const key of new Set([...logged.keys(), ...stored.keys()])) {
          const [mine, theirs] = [textOf(logged.get(key)), textOf(stored.get(key))]
          if (mine !== theirs) found(`${name} ${String(key)} is ${mine} by the log, ${theirs} in the tables`)
        }
      }
      differ('room', rooms, new Map(tables.rooms.map(({ id, ...room }) => [id, room])))
      differ(
        'member',
        members,
        new Map(tables.members.map(({ room_id, user_id, ...of }) => [`${room_id}/${user_id}`, of])),
      )
      const stored = tables.messages.map(({ room_id, seq, ...message }) => [`${room_id}/${seq}`, message] as const)
      differ('message', messages, new Map(stored))
      return violations
    },
  }
}

const textOf = (of: object | undefined): string => {
  if (!of) return 'nothing'
  const known = of as Record<string, unknown>
  return JSON.stringify(
    Object.keys(known)
      .toSorted()
      .map((name) => [name, known[name]]),
  )
}
