import { createAccounts } from '../harness/accounts.ts'
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

/** For each size somebody who has as many rooms: seven direct rooms to three groups of 20, each with 100 messages. */
async function prepare(folder: string): Promise<ReadsConfig['reads']> {
  const accounts = await createAccounts(folder, OTHERS + SIZES.length)
  const others = accounts.slice(0, OTHERS).map(({ id }) => id)
  const readers = accounts.slice(OTHERS)
  const plans = SIZES.flatMap((size, i) =>
    Array.from({ length: size }, (_, n): RoomPlan => {
      const count = n % 10 < 7 ? 1 : GROUP_MEMBERS - 1
      const members = Array.from({ length: count }, (_, j) => others[(n + j) % OTHERS]!)
      return { members: [readers[i]!.id, ...members], messages: MESSAGES }
    }),
  )
  await fillRooms(folder, plans, { index: false })
  return SIZES.flatMap((size, i) => [
    { name: `all_${size}`, token: readers[i]!.token, paths: [`/chat-rooms?limit=${size}`] },
    { name: `page_${size}`, token: readers[i]!.token, paths: ['/chat-rooms'] },
  ])
}

export const workloads: readonly Workload[] = [
  {
    name: 'rooms',
    title: 'room list of somebody in 10 … 1,000 rooms: all rooms, and the first page of 50',
    sides: [{ name: 'product', start: () => startReads(prepare, CLIENTS) }],
    goals: ['all', 'page'].map((what) => ({ figure: `${what}_1000_c1_p99_ms`, atMost: 20 })),
    options: { seconds: 20, warmUpSeconds: 5 },
  },
]
