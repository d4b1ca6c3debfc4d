import { createAccounts } from '../harness/accounts.ts'
import { fillRooms } from '../harness/data.ts'
import { startReads } from '../harness/filled-side.ts'
import { createRandom } from '../harness/korean.ts'
import type { Workload } from '../harness/workload.ts'
import type { ReadsConfig } from '../load/reads.ts'

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000]
const CLIENTS = [1, 10]
/** Different pages asked for in the middle of a room. */
const PLACES = 20_000

/** Rooms of all sizes in one database of 1.1 × 10⁷ messages, each of two people of its own. */
async function prepare(folder: string): Promise<ReadsConfig['reads']> {
  const accounts = await createAccounts(folder, SIZES.length * 2)
  const plans = SIZES.map((messages, i) => ({ members: [accounts[i * 2]!.id, accounts[i * 2 + 1]!.id], messages }))
  const rooms = await fillRooms(folder, plans, { index: false })
  return SIZES.flatMap((size, i) => readsOf(size, rooms[i]!, accounts[i * 2]!.token))
}

function readsOf(size: number, room: number, token: string): ReadsConfig['reads'] {
  const random = createRandom(room)
  const middle = Array.from({ length: PLACES }, () => Math.floor(size * (0.25 + random() / 2)))
  return [
    { name: `end_${size}`, tokens: [token], paths: [`/messages/${room}?limit=50`] },
    {
      name: `middle_${size}`,
      tokens: [token],
      paths: middle.map((seq) => `/messages/${room}?before_seq=${seq}&limit=50`),
    },
    { name: `start_${size}`, tokens: [token], paths: [`/messages/${room}?after_seq=0&limit=50`] },
  ]
}

export const workloads: readonly Workload[] = [
  {
    name: 'history',
    title: 'page of 50 messages at the end, in the middle and at the start of rooms of 10⁴ … 10⁷ messages',
    sides: [{ name: 'product', start: () => startReads(prepare, CLIENTS) }],
    goals: ['end', 'middle', 'start'].map((place) => ({ figure: `${place}_10000000_c1_p99_ms`, atMost: 5 })),
    options: { seconds: 24, warmUpSeconds: 6 },
  },
]
