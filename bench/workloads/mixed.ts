import { createAccounts } from '../harness/accounts.ts'
import { fillRooms, type RoomPlan } from '../harness/data.ts'
import { startFilledSide } from '../harness/filled-side.ts'
import { portOf } from '../harness/sides.ts'
import { startWorker } from '../harness/worker.ts'
import type { Goal, Running, Workload } from '../harness/workload.ts'
import type { MixedConfig } from '../load/mixed.ts'
import type { StreamsCommands } from '../load/streams.ts'

const USERS = 1_000
const CONNECTIONS = 100
const RATE = 500
/** Everybody has twice as many direct rooms as this, and is in about 6 groups of 20. */
const PARTNERS = 7
const GROUPS = 300
const GROUP = 20
const MESSAGES = 50

async function prepare(folder: string): Promise<MixedConfig['users']> {
  const accounts = await createAccounts(folder, USERS)
  const plans: RoomPlan[] = []
  const membersOf = accounts.map((): number[] => [])
  const add = (people: readonly number[]) => {
    for (const person of people) membersOf[person]!.push(plans.length)
    plans.push({ members: people.map((person) => accounts[person]!.id), messages: MESSAGES })
  }
  for (let person = 0; person < USERS; person++) for (let i = 1; i <= PARTNERS; i++) add([person, (person + i) % USERS])
  for (let group = 0; group < GROUPS; group++)
    add(Array.from({ length: GROUP }, (_, i) => (group * PARTNERS + i * (PARTNERS + i)) % USERS).filter(isFirst))
  const rooms = await fillRooms(folder, plans, { index: true })
  return accounts.map(({ token }, person) => ({ token, rooms: membersOf[person]!.map((plan) => rooms[plan]!) }))
}

const isFirst = <T>(value: T, index: number, list: readonly T[]): boolean => list.indexOf(value) === index

/** All are connected over WebSocket meanwhile, and get what is sent in their rooms. */
async function start(load: Pick<MixedConfig, 'rate'>): Promise<Running> {
  const listeners = startWorker<StreamsCommands>('streams.ts')
  const side = await startFilledSide(prepare, 'mixed.ts', async ({ urls }, users) => {
    const tokens = users.map(({ token }) => token)
    await listeners.ask('open', { port: portOf(urls.chat), transport: 'ws', from: '127.0.0.2', tokens })
    return { port: portOf(urls.gateway), users, connections: CONNECTIONS, ...load } satisfies Omit<
      MixedConfig,
      'serverPid'
    >
  })
  return {
    async measure(options) {
      const figures = await side.measure(options)
      const { lost } = await listeners.ask('state', undefined)
      return { ...figures, lost_connections: lost }
    },
    async stop() {
      await side.stop()
      await listeners.stop()
    },
  }
}

const success: Goal = { figure: 'success_percent', atLeast: 100 }

export const workloads: readonly Workload[] = [
  {
    name: 'mixed',
    title: `1,000 connected people, ${RATE} requests a second: 70 % reads, 25 % sends, 5 % changes; through the gateway`,
    sides: [{ name: 'product', start: () => start({ rate: RATE }) }],
    goals: [{ figure: 'p95_ms', atMost: 25 }, success],
  },
  {
    name: 'mixed-sat',
    title: `the same as fast as ${CONNECTIONS} clients can, in closed loop`,
    sides: [{ name: 'product', start: () => start({}) }],
    goals: [success],
  },
]
