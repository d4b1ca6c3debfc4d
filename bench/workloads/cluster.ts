import { ENGINES, noEngines } from '../../tests/support/engines.ts'
import type { RoleProcess } from '../../tests/support/distributed-processes.ts'
import { ownedBy, PARTITIONS, processesOf, useCluster, type Cluster } from '../harness/cluster.ts'
import { startGenerator } from '../harness/generator.ts'
import { createPairs } from '../harness/pairs.ts'
import { startRaw } from '../harness/raw.ts'
import { portOf } from '../harness/sides.ts'
import type { Figures, Options, Running, Side, Workload } from '../harness/workload.ts'
import { FIRST } from '../load/frames.ts'
import type { RelayConfig } from '../load/relay.ts'
import type { RoomConfig } from '../load/room.ts'
import { createRoom, startProductRoom } from './room.ts'

const PAIRS = 100
/** More than a pair sends in a round. */
const NUMBERS_OF_ROUND = 100_000
const MEMBERS = 1_000

let rounds = 0

type Load = Pick<RelayConfig, 'inFlight' | 'rate'>

/** Microseconds of each part's processor time for a message. */
function perMessage(figures: Figures): Figures {
  const costs = ['chat', 'mysql', 'redis', 'kafka'].map((name) => [
    `${name}_us_per_message`,
    (figures[`${name}_cpu_cores`]! / figures['acked_per_s']!) * 1e6,
  ])
  return { ...figures, ...Object.fromEntries(costs) }
}

const streamOf = ({ url }: RoleProcess, { token }: { token: string }) => {
  return { port: portOf(url), path: '/ws', token, greets: true }
}

/** The other of a pair is connected to the next process: with several, each message goes from one to another. */
async function relayOf(cluster: Cluster, chats: readonly RoleProcess[], load: Load): Promise<RelayConfig> {
  const pairs = await createPairs(chats[0]!.url, await cluster.people(PAIRS * 2))
  const at = (i: number) => chats[i % chats.length]!
  return {
    ...load,
    // The rooms are those of the rounds before.
    first: FIRST + ++rounds * NUMBERS_OF_ROUND,
    serverPid: processesOf(chats.map((each) => each.program().pid)),
    pairs: pairs.map(({ room_id, a, b }, i) => {
      // Every second pair is on one process, when there are several.
      const isNear = chats.length === 1 || i % 2 === 0
      return {
        room_id,
        sender: streamOf(at(i >> 1), a),
        receiver: streamOf(at((i >> 1) + (isNear ? 0 : 1)), b),
        group: isNear ? 'near' : 'far',
      }
    }),
  }
}

/** A side of chat-service as so many processes, of the one cluster of the workload: they are started and ended between rounds. */
function side(
  name: string,
  nodes: number,
  file: string,
  configure: (cluster: Cluster, chats: readonly RoleProcess[]) => Promise<object>,
  finish: (figures: Figures) => Figures,
): Side {
  return {
    name,
    async start(): Promise<Running> {
      const reason = noEngines()
      if (reason) throw new Error(reason)
      const cluster = await useCluster()
      return {
        async measure(options: Options) {
          const chats = await cluster.resize(nodes)
          const generator = await startGenerator(file, await configure(cluster, chats))
          try {
            const figures = finish(await generator.measure(options))
            return { ...figures, stored_bytes_per_message: await cluster.storedBytesPerMessage() }
          } finally {
            await generator.stop()
          }
        },
        stop: () => cluster.release(),
      }
    },
  }
}

const ofNodes = (nodes: number, load: Load): Side =>
  side(
    `${nodes} ${nodes === 1 ? 'process' : 'processes'}`,
    nodes,
    'relay.ts',
    (cluster, chats) => relayOf(cluster, chats, load),
    (figures) => {
      const { near_p50_ms: near, far_p50_ms: far } = figures
      return { ...perMessage(figures), ...(near && far ? { far_more_p50_ms: far - near } : {}) }
    },
  )

/** A bare program that makes the same inserts on the same server. */
const raw = (load: Load): Side => ({
  name: 'raw',
  async start() {
    const reason = noEngines()
    if (reason) throw new Error(reason)
    const bare = await startRaw('mysql-relay.ts', [process.env[ENGINES[0]]!])
    const pairs = Array.from({ length: PAIRS }, (_, i) => ({
      room_id: i + 1,
      sender: { port: bare.port, path: `/${i}/a` },
      receiver: { port: bare.port, path: `/${i}/b` },
    }))
    const generator = await startGenerator('relay.ts', { ...load, pairs, serverPid: processesOf([bare.pid]) })
    return {
      measure: async (options) => perMessage(await generator.measure(options)),
      async stop() {
        await generator.stop()
        await bare.stop()
      },
    }
  },
})

/** A room whose sender is on the process that writes it, and whose members are all on another, which only delivers. */
async function farRoom(cluster: Cluster, chats: readonly RoleProcess[]): Promise<RoomConfig> {
  const people = await cluster.people(MEMBERS)
  const owned = await Promise.all(chats.map(ownedBy))
  const room_id = await createRoom(chats[0]!.url, people)
  const writer = owned.findIndex((partitions) => partitions.includes(room_id % PARTITIONS))
  const [owner, hub] = [chats[writer]!, chats[1 - writer]!]
  return {
    room_id,
    transport: 'ws',
    inFlight: 4,
    sender: streamOf(owner, people[0]!),
    receivers: people.slice(1).map((person) => streamOf(hub, person)),
    serverPid: { hub: [hub.program().pid], ...processesOf([owner.program().pid]) },
  }
}

const perCore = (part: string) => (figures: Figures) => {
  return { ...figures, deliveries_per_core: figures['deliveries_per_s']! / figures[`${part}_cpu_cores`]! }
}

const THREE = [1, 2, 3]

export const workloads: readonly Workload[] = [
  {
    name: 'cluster-sat',
    title:
      '100 pairs on 1 to 3 processes of chat-service, closed loop, 10 in flight per pair (needs npm run stack -- up)',
    sides: [raw({ inFlight: 10 }), ...THREE.map((nodes) => ofNodes(nodes, { inFlight: 10 }))],
    goals: [
      { figure: 'acked_per_s', side: '1 process', of: 'raw', atLeast: 0.5 },
      { figure: 'chat_us_per_message', side: '3 processes', of: '1 process', atMost: 1.3 },
    ],
  },
  ...[200, 1_000].map((rate): Workload => ({
    name: `cluster-${rate}`,
    title: `100 pairs on 1 to 3 processes of chat-service, open loop, ${rate} messages a second (needs npm run stack -- up)`,
    sides: [raw({ rate }), ...THREE.map((nodes) => ofNodes(nodes, { rate }))],
    goals: [
      { figure: 'far_more_p50_ms', side: '2 processes', atMost: 3 },
      { figure: 'chat_us_per_message', side: '3 processes', of: '1 process', atMost: 1.3 },
    ],
  })),
  {
    name: 'cluster-room1000',
    title:
      'a room of 1000 whose members are on another process than its writer, 4 in flight (needs npm run stack -- up)',
    sides: [
      side('2 processes', 2, 'room.ts', farRoom, perCore('hub')),
      {
        name: 'embedded',
        async start() {
          const embedded = await startProductRoom(MEMBERS, { transport: 'ws', inFlight: 4 })
          return { ...embedded, measure: async (options) => perCore('server')(await embedded.measure(options)) }
        },
      },
    ],
    goals: [{ figure: 'deliveries_per_core', side: '2 processes', of: 'embedded', atLeast: 0.8 }],
  },
]
