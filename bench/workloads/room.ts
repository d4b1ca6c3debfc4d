import type { Account } from '../harness/accounts.ts'
import { json } from '../harness/http.ts'
import { portOf, startProductSide, startRawSide } from '../harness/sides.ts'
import type { Running, Side, Workload } from '../harness/workload.ts'
import type { RoomConfig } from '../load/room.ts'

type Load = Pick<RoomConfig, 'inFlight' | 'rate' | 'transport'>

/** As many people as one request may add to a room. */
const BATCH = 1_000

export async function createRoom(chat: string, [owner, ...others]: readonly Account[]): Promise<number> {
  const ids = others.map(({ id }) => id)
  const room = { type: 'group', name: '벤치', member_ids: ids.slice(0, BATCH) }
  const { id } = await json('POST', `${chat}/chat-rooms`, owner!.token, room)
  for (let i = BATCH; i < ids.length; i += BATCH)
    await json('POST', `${chat}/chat-rooms/${Number(id)}/members`, owner!.token, { user_ids: ids.slice(i, i + BATCH) })
  return Number(id)
}

export const startProductRoom = (size: number, load: Load): Promise<Running> =>
  startProductSide(size, 'room.ts', async ({ urls }, accounts) => {
    const stream = (path: string, { token }: Account) => ({ port: portOf(urls.chat), path, token, greets: true })
    return {
      ...load,
      room_id: await createRoom(urls.chat, accounts),
      sender: stream('/ws', accounts[0]!),
      receivers: accounts.slice(1).map((account) => stream(load.transport === 'ws' ? '/ws' : '/stream', account)),
    } satisfies Omit<RoomConfig, 'serverPid'>
  })

const startRawRoom = (size: number, load: Load, ...args: string[]): Promise<Running> =>
  startRawSide(`fanout-${load.transport}.ts`, args, 'room.ts', ({ port }) => {
    const receivers = Array.from({ length: size - 1 }, () => ({ port, path: '/' }))
    return { ...load, room_id: 1, sender: { port, path: '/' }, receivers } satisfies Omit<RoomConfig, 'serverPid'>
  })

const sidesOf = (size: number, load: Load): Side[] => [
  { name: 'product', start: () => startProductRoom(size, load) },
  ...(load.transport === 'ws'
    ? [
        { name: 'raw', start: () => startRawRoom(size, load, 'batched') },
        // What batching of writes is worth.
        { name: 'raw plain', start: () => startRawRoom(size, load) },
      ]
    : [
        { name: 'raw', start: () => startRawRoom(size, load) },
        // What doing without chunked framing is worth.
        { name: 'raw socket', start: () => startRawRoom(size, load, 'socket') },
      ]),
]

/** Enough messages under way that the server is never idle, few enough that no reader is slow. */
const inFlightOf = (size: number): number => (size <= 200 ? 10 : size <= 1_000 ? 4 : 2)

const saturated = (size: number, transport: 'ws' | 'sse', atLeast?: number): Workload => ({
  name: `room${size}-sat${transport === 'sse' ? '-sse' : ''}`,
  title: `a room of ${size} over ${transport === 'ws' ? 'WebSocket' : 'SSE'}, one sender, ${inFlightOf(size)} messages in flight`,
  sides: sidesOf(size, { transport, inFlight: inFlightOf(size) }),
  goals: atLeast === undefined ? [] : [{ figure: 'deliveries_per_s', of: 'raw', atLeast }],
})

export const workloads: readonly Workload[] = [
  ...[2, 10, 50, 200].map((size) => saturated(size, 'ws')),
  saturated(1_000, 'ws', 0.7),
  ...[3_000, 10_000].map((size) => saturated(size, 'ws')),
  saturated(1_000, 'sse', 0.7),
  {
    name: 'room1000-20',
    title: 'a room of 1000 over WebSocket, 20 messages a second: 20,000 deliveries a second offered',
    sides: sidesOf(1_000, { transport: 'ws', rate: 20 }),
    goals: [],
  },
]
