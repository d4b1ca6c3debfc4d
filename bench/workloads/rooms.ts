import { createAccounts, type Account } from '../harness/accounts.ts'
import { fillRooms, type RoomPlan } from '../harness/data.ts'
import { startReads } from '../harness/filled-side.ts'
import type { Workload } from '../harness/workload.ts'
import type { ReadsConfig } from '../load/reads.ts'

const SIZES = [10, 30, 100, 300, 1_000]
const CLIENTS = [1, 10]
const MESSAGES = 100
/** People the rooms are with. */
const OTHERS = 1_000
const GROUP_MEMBERS = 20
/** People with 1,000 rooms each who ask in turns: more rooms than the server keeps in memory, so that each list is read anew. */
const IN_TURNS = 32

/**
 * For each size somebody who has as many rooms: seven direct rooms to three groups of 20, each with 100 messages; those who ask in
 * turns have two in each.
 */
async function prepare(folder: string): Promise<ReadsConfig['reads']> {
  const accounts = await createAccounts(folder, OTHERS + SIZES.length + IN_TURNS)
  const others = accounts.slice(0, OTHERS).map(({ id }) => id)
  const readers = accounts.slice(OTHERS, OTHERS + SIZES.length)
  const inTurns = accounts.slice(OTHERS + SIZES.length)
  const plansOf = (reader: Account, size: number, messages: number) =>
    Array.from({ length: size }, (_, n): RoomPlan => {
      const count = n % 10 < 7 ? 1 : GROUP_MEMBERS - 1
      const members = Array.from({ length: count }, (_, j) => others[(n + j) % OTHERS]!)
      return { members: [reader.id, ...members], messages }
    })
  const plans = [
    ...SIZES.flatMap((size, i) => plansOf(readers[i]!, size, MESSAGES)),
    ...inTurns.flatMap((reader) => plansOf(reader, 1_000, 2)),
  ]
  await fillRooms(folder, plans, { index: false })
  const again = SIZES.flatMap((size, i) => {
    const tokens = [readers[i]!.token]
    return [
      { name: `all_${size}`, tokens, paths: [`/chat-rooms?limit=${size}`] },
      { name: `page_${size}`, tokens, paths: ['/chat-rooms'] },
    ]
  })
  const tokens = inTurns.map(({ token }) => token)
  return [...again, { name: 'first_1000', tokens, paths: ['/chat-rooms?limit=1000'] }]
}

export const workloads: readonly Workload[] = [
  {
    name: 'rooms',
    title:
      'room list of somebody in 10 … 1,000 rooms: all rooms, and the first page of 50, asked for again; and all of 1,000 read anew',
    sides: [{ name: 'product', start: () => startReads(prepare, CLIENTS) }],
    goals: ['all', 'page', 'first'].map((what) => ({ figure: `${what}_1000_c1_p99_ms`, atMost: 20 })),
    options: { seconds: 20, warmUpSeconds: 5 },
  },
]
