import { createRandom } from '../random.ts'

export type PlannedRoom = {
  type: 'direct' | 'group'
  /** indexes; the first one opens it */
  members: number[]
}

/** Several clients of one user are devices of theirs: about every fourth client is somebody's second. */
export const userCount = (clients: number): number => Math.max(3, Math.ceil((clients * 3) / 4))
export const userOfClient = (client: number, clients: number): number => client % userCount(clients)

/** The rooms of a round: a third direct, the first group with everybody. A pure function of its arguments. */
export function planRooms(plan: { seed: number; round: number; users: number; rooms: number }): PlannedRoom[] {
  const { seed, round, users, rooms } = plan
  const random = createRandom(seed, 'rooms', round)
  const everybody = Array.from({ length: users }, (_, i) => i)
  const pairs = everybody.flatMap((a) => everybody.slice(a + 1).map((b) => (random.chance(0.5) ? [a, b] : [b, a])))
  const directs = Math.min(pairs.length, Math.floor(rooms / 3))
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, key: random.next() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item)
  return [
    { type: 'group' as const, members: shuffle(everybody) },
    ...Array.from({ length: rooms - directs - 1 }, () => {
      return { type: 'group' as const, members: shuffle(everybody).slice(0, random.int(2, Math.min(users, 8))) }
    }),
    ...shuffle(pairs)
      .slice(0, directs)
      .map((members) => ({ type: 'direct' as const, members })),
  ]
}
