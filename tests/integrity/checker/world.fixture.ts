import type { Inbox, Told } from '../history/effects.ts'
import type { Entry, EventFact, MemberFact, RoomFact, RoomSetup, Round, Row } from '../history/types.ts'

/** People 1, 2, 3 with a client each (`c1` …); 8 is a guest, 9 reads everything. Room 1 is a group of all, room 2 is of 1 and 2. */
export const CLIENTS = [1, 2, 3] as const
export const GUEST = 8
export const AUDITOR = 9

export type RoomModel = { setup: RoomSetup; rows: Row[]; rev: number; members: Map<number, MemberFact> }

export const unreadBeside = ({ members }: RoomModel, seq: number): number =>
  [...members.values()].filter((member) => member.read_seq < seq).length

export function factOf({ setup, rows, rev, members }: RoomModel, user: number): RoomFact {
  const { read_seq, join_seq } = members.get(user)!
  const left = rows.slice(Math.max(read_seq, join_seq))
  const uncounted = left.filter((row) => row.kind === 'system' || row.deleted).map((row) => row.seq)
  const unread = left.length - uncounted.length
  const facts = [...members.values()].map((member) => ({ ...member }))
  const name = `room ${setup.id}`
  const base = {
    id: setup.id,
    type: setup.type,
    name,
    rev,
    last_seq: rows.length,
    join_seq,
    read_seq,
    unread,
    uncounted,
  }
  return { ...base, hidden: false, notify: 'all', members: facts }
}

const rowsOf = (model: RoomModel, user: number): Row[] =>
  model.rows.slice(model.members.get(user)!.join_seq).map((row) => ({ ...row, unread: unreadBeside(model, row.seq) }))

export type Ending = {
  names?: Record<number, string>
  blocks?: [number, number][]
  closed?: number
  inboxes?: Inbox[]
  told?: Told
}

/** The round as it is read when all is calm. */
export function endOf(
  world: { rooms: readonly RoomModel[]; entries: Entry[]; events: EventFact[] },
  { names = {}, blocks = [], closed, inboxes = [], told }: Ending,
): Round {
  const { rooms, entries, events } = world
  const probe = (from: number, to: number) => {
    const mine = blocks.some(([by, other]) => by === from && other === to)
    return { room: 2, from, to, outcome: mine ? 'BLOCKED' : 'PARTNER_GONE' }
  }
  const views = [...CLIENTS, AUDITOR].flatMap((user) =>
    rooms
      .filter(({ setup }) => user !== AUDITOR || setup.type === 'group')
      .map((model) => {
        const fact = model.members.has(user) ? factOf(model, user) : null
        const rows = fact ? rowsOf(model, user) : []
        return { user, room: model.setup.id, fact, listed: fact && { ...fact }, rows }
      }),
  )
  const states = CLIENTS.map((user) => ({
    client: `c${user}`,
    user,
    rooms: rooms.flatMap((model) => {
      if (!model.members.has(user)) return []
      const { id, rev, unread, members } = factOf(model, user)
      return [{ id, rev, unread, members, rows: rowsOf(model, user) }]
    }),
  }))
  const calm: Round['calm'] = {
    lag: [{ group: 'chat-service', topic: 'user.events', partition: 0, lag: 0 }],
    outbox: [{ service: 'chat-service', pending: 0, parked: 0 }],
    dead_letters: 0,
    names: CLIENTS.map((user) => {
      const own = names[user] ?? `u${user}`
      return { user, own, chat: own, friend: own }
    }),
    blocks: blocks.map(([user, other]) => ({ user, other })),
    probes: blocks.length > 0 ? [probe(1, 2), probe(2, 1)] : [],
    closed: closed === undefined ? null : { user: closed, status: 'closed', answered: true },
    inboxes,
    statistics: null,
    told: told ?? null,
  }
  const setups = rooms.map(({ setup }) => setup)
  const round = { number: 0, profile: 'embedded' as const, rooms: setups, users: [...CLIENTS] }
  const earlier = structuredClone({ views, states })
  return { ...round, entries, views, states, earlier, events, calm, troubles: [] }
}
