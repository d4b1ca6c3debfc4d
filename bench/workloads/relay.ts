import { createPairs } from '../harness/pairs.ts'
import { portOf, startProductSide, startRawSide } from '../harness/sides.ts'
import type { Goal, Running, Side, Workload } from '../harness/workload.ts'
import type { RelayConfig } from '../load/relay.ts'

const PAIRS = 100

type Load = Pick<RelayConfig, 'inFlight' | 'rate'>
type Pairs = Pick<RelayConfig, 'pairs'>

const startProductRelay = (load: Load): Promise<Running> =>
  startProductSide(PAIRS * 2, 'relay.ts', async ({ urls }, accounts) => {
    const stream = (token: string) => ({ port: portOf(urls.chat), path: '/ws', token, greets: true })
    const pairs = (await createPairs(urls.chat, accounts)).map(({ room_id, a, b }) => ({
      room_id,
      sender: stream(a.token),
      receiver: stream(b.token),
    }))
    return { ...load, pairs } satisfies Load & Pairs
  })

const startRawRelay = (load: Load, file: string, ...args: string[]): Promise<Running> =>
  startRawSide(file, args, 'relay.ts', ({ port }) => {
    const pairs = Array.from({ length: PAIRS }, (_, i) => ({
      room_id: i + 1,
      sender: { port, path: `/${i}/a` },
      receiver: { port, path: `/${i}/b` },
    }))
    return { ...load, pairs } satisfies Load & Pairs
  })

const sidesOf = (load: Load): Side[] => [
  { name: 'product', start: () => startProductRelay(load) },
  { name: 'raw', start: () => startRawRelay(load, 'durable-relay.ts') },
]

/** What of the raw reference is due to its table, and what to storing at all. */
const saturatedSides = (load: Load): Side[] => [
  ...sidesOf(load),
  { name: 'raw append', start: () => startRawRelay(load, 'durable-relay.ts', 'append') },
  { name: 'raw not durable', start: () => startRawRelay(load, 'relay.ts') },
]

const RATES = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000]

const latencyGoals: Goal[] = [
  { figure: 'p50_ms', atMost: 1 },
  { figure: 'p99_ms', atMost: 5 },
]

export const workloads: readonly Workload[] = [
  {
    name: 'relay-sat',
    title: '100 pairs over WebSocket, closed loop, 10 messages in flight per pair',
    sides: saturatedSides({ inFlight: 10 }),
    goals: [{ figure: 'delivered_per_s', of: 'raw', atLeast: 0.5 }],
  },
  {
    name: 'relay-sat1',
    title: '100 pairs over WebSocket, closed loop, 1 message in flight per pair',
    sides: saturatedSides({ inFlight: 1 }),
    goals: [],
  },
  ...RATES.map((rate): Workload => ({
    name: `relay-${rate}`,
    title: `100 pairs over WebSocket, open loop, ${rate} messages a second in all`,
    sides: sidesOf({ rate }),
    goals: rate === 1_000 ? latencyGoals : [],
  })),
]
