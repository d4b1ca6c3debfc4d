import { createAccounts } from '../harness/accounts.ts'
import { fillRooms } from '../harness/data.ts'
import { startReads } from '../harness/filled-side.ts'
import { ABSENT, FREQUENT, MEDIUM, RARE } from '../harness/korean.ts'
import type { Workload } from '../harness/workload.ts'
import type { ReadsConfig } from '../load/reads.ts'

const SIZES = [10_000, 100_000, 1_000_000]
const CLIENTS = [1, 10]
const WORDS = { frequent: FREQUENT, medium: MEDIUM, rare: RARE, absent: ABSENT }
/** Rooms of a searcher: the first holds half of the messages. */
const ROOMS = 20

/** For each size somebody whose 20 direct rooms hold as many messages, all in one index of 1.11 × 10⁶. */
async function prepare(folder: string): Promise<ReadsConfig['reads']> {
  const people = ROOMS + 1
  const accounts = await createAccounts(folder, SIZES.length * people)
  const searchers = SIZES.map((size, i) => {
    const [{ id, token } = accounts[0]!, ...partners] = accounts.slice(i * people, (i + 1) * people)
    const plans = partners.map((partner, n) => ({
      members: [id, partner.id],
      messages: n === 0 ? size / 2 : Math.round(size / 2 / (ROOMS - 1)),
    }))
    return { size, token, plans }
  })
  const rooms = await fillRooms(
    folder,
    searchers.flatMap(({ plans }) => plans),
    { index: true },
  )
  return searchers.flatMap(({ size, token }, i) =>
    Object.entries(WORDS).flatMap(([kind, word]) => {
      const path = `/messages/search?q=${encodeURIComponent(word)}`
      return [
        { name: `${kind}_all_${size}`, tokens: [token], paths: [path] },
        { name: `${kind}_room_${size}`, tokens: [token], paths: [`${path}&room_id=${rooms[i * ROOMS]}`] },
      ]
    }),
  )
}

export const workloads: readonly Workload[] = [
  {
    name: 'search',
    title: 'two-syllable Korean words, frequent to absent, in 10⁴ … 10⁶ messages: one room, and all 20 rooms',
    sides: [{ name: 'product', start: () => startReads(prepare, CLIENTS) }],
    goals: Object.keys(WORDS).flatMap((kind) =>
      ['all', 'room'].map((where) => ({ figure: `${kind}_${where}_1000000_c1_p99_ms`, atMost: 50 })),
    ),
    options: { seconds: 24, warmUpSeconds: 8 },
  },
]
