import type { OpName } from '../history/types.ts'
import { createRandom, type Random } from '../random.ts'
import { userOfClient, type PlannedRoom } from './rooms.ts'

/** `flood`: large messages until a stream that is not read has been closed. `storm`: more messages than a resume replays. */
export type PlannedDeed = OpName | 'flood' | 'storm'

export type PlannedOp = {
  /** ms after the round began */
  at: number
  client: number
  do: PlannedDeed
  /** index */
  room: number
  /** in [0, 1): which message, emoji, role … of those there are then */
  pick: number
  /** index of a user */
  other: number
  /** As a command of the stream where there are commands, or over HTTP. */
  via: 'stream' | 'http'
  /** Repeated until it is answered, or tried once. */
  repeat: boolean
  /** Unique in the run. */
  serial: string
}

export type OpPlan = {
  seed: number
  round: number
  ms: number
  clients: number
  rooms: readonly PlannedRoom[]
  /** a second, all clients together */
  rate: number
}

const WEIGHTS: readonly (readonly [PlannedDeed, number])[] = [
  ['send', 42],
  ['edit', 7],
  ['delete', 4],
  ['react', 7],
  ['unreact', 3],
  ['pin', 2],
  ['unpin', 2],
  ['read', 14],
  ['typing', 2],
  ['history', 2],
  ['leave', 1.2],
  ['join', 3],
  ['add', 2],
  ['remove', 1.2],
  ['role', 1.2],
  ['rename_room', 1],
  ['hide', 0.6],
  ['block', 0.7],
  ['unblock', 1],
  ['rename_self', 0.7],
  ['befriend', 2],
  ['unfriend', 0.7],
]
const TOTAL = WEIGHTS.reduce((sum, [, weight]) => sum + weight, 0)

/** What only makes sense in a direct room, and what only in a group. */
const DIRECT: readonly PlannedDeed[] = ['hide', 'block', 'unblock']
const GROUP: readonly PlannedDeed[] = ['leave', 'join', 'add', 'remove', 'role', 'rename_room']

/** Who does what when in a round. A pure function of its arguments. */
export function planOps(plan: OpPlan): PlannedOp[] {
  const { seed, round, ms, clients, rate } = plan
  const random = createRandom(seed, 'ops', round)
  const ops: PlannedOp[] = []
  for (let at = 0; ; at += -Math.log(1 - random.next()) * (1_000 / rate)) {
    if (at >= ms) break
    const op = planOp(plan, random, random.int(0, clients - 1), drawDeed(random))
    ops.push({ ...op, at: Math.round(at), serial: `${round}.${ops.length}` })
  }
  // Somebody closes their account in the middle of it all.
  const closing = { ...planOp(plan, random, 0, 'close_account'), at: Math.round(ms * (0.2 + 0.6 * random.next())) }
  return [...ops, { ...closing, serial: `${round}.close` }].toSorted((a, b) => a.at - b.at)
}

/** @param moment ms; a frozen reader needs a flood, one who is away a storm */
export function planBurst(plan: OpPlan, burst: { at: number; do: 'flood' | 'storm'; client: number }): PlannedOp {
  const { seed, round, clients, rooms } = plan
  const random = createRandom(seed, 'burst', round, burst.at, burst.client)
  const reader = userOfClient(burst.client, clients)
  const shared = rooms.flatMap(({ type, members }, i) => (type === 'group' && members.includes(reader) ? [i] : []))
  const room = random.pick(shared)
  const sender = random.int(0, clients - 1)
  const client = sender === burst.client ? (sender + 1) % clients : sender
  const op = { ...planOp(plan, random, client, burst.do), room, other: reader, at: burst.at }
  return { ...op, serial: `${round}.${burst.do}.${burst.at}` }
}

function planOp(plan: OpPlan, random: Random, client: number, deed: PlannedDeed): Omit<PlannedOp, 'at' | 'serial'> {
  const { rooms, clients } = plan
  const user = userOfClient(client, clients)
  const fits = (room: PlannedRoom) =>
    DIRECT.includes(deed) ? room.type === 'direct' : GROUP.includes(deed) ? room.type === 'group' : true
  const all = rooms.flatMap((room, i) => (fits(room) ? [i] : []))
  const own = all.filter((i) => rooms[i]!.members.includes(user))
  // Now and then somebody tries a room that is not theirs.
  const room = own.length > 0 && !random.chance(0.05) ? random.pick(own) : random.pick(all.length > 0 ? all : [0])
  const others = rooms[room]!.members.filter((member) => member !== user)
  const anybody = random.int(0, Math.max(...rooms.flatMap(({ members }) => members)))
  return {
    client,
    do: deed,
    room,
    pick: random.next(),
    other: others.length > 0 && random.chance(0.8) ? random.pick(others) : anybody,
    via: random.chance(0.5) ? 'stream' : 'http',
    repeat: random.chance(0.6),
  }
}

function drawDeed(random: Random): PlannedDeed {
  let left = random.next() * TOTAL
  for (const [deed, weight] of WEIGHTS) {
    left -= weight
    if (left < 0) return deed
  }
  return 'send'
}
