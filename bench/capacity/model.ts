import type { Costs } from './costs.ts'

/** What is asked for. */
export type Demand = Readonly<{
  users: number
  /** Of the users, at the busiest time, 0 to 1. */
  online: number
  /** Connections of one who is online. */
  devices: number
  /** Messages a second at the busiest time. */
  peakMessages: number
  /** Connections that a message is delivered to, on average. */
  recipients: number
  /** The busiest second ÷ the average one of the day. */
  peakToAverage: number
  /** Days that messages are kept. */
  keepDays: number
  /** How much of a core may be used at the busiest time, 0 to 1: the rest is for takeovers, rolling upgrades, growth. */
  utilization: number
  /** A core there ÷ a core of the machine of the benchmarks. */
  coreSpeed: number
  /** Copies that each engine keeps. */
  replicas: number
}>

export const USUAL: Demand = {
  users: 1e6,
  online: 0.2,
  devices: 1.2,
  peakMessages: 10e3,
  recipients: 4,
  peakToAverage: 4,
  keepDays: 365,
  utilization: 0.6,
  coreSpeed: 1,
  replicas: 3,
}

/** As DEFAULTS.maxCommands of the partition log. */
const MOST_TOGETHER = 160
/** Documents a second of a partition that is busy: one after the other, each a commit that is flushed, on a store that others use too. Assumed. */
const COMMITS_PER_S = 50
/** Of each process that writing needs; those that only hold connections need none. */
const PARTITIONS_OF_WRITER = 2
const CONNECTIONS_OF_PROCESS = 20_000
/** Of a message's frame with its JSON, in each direction. */
const FRAME_BYTES = 600
/** Of a room's id and place in an announcement. */
const HEAD_BYTES = 25
const DAY_S = 86_400

export type Plan = Readonly<{
  connections: number
  deliveries: number
  /** Processes of chat-service, each a core, and what decides how many. */
  processes: number
  decidedBy: 'processor' | 'connections'
  partitions: number
  /** Documents a second, and messages in each. */
  documents: number
  messagesInDocument: number
  /** Share of a process that goes into what it hears of others' rooms. */
  hearing: number
  /** GiB of all processes of chat-service. */
  memory: number
  /** Cores of one copy, without replicas. */
  mysqlCores: number
  redisCores: number
  kafkaCores: number
  /** Databases that share the partitions, at 32 cores each. */
  databases: number
  /** TiB, of one copy and of all. */
  stored: number
  storedInAll: number
  /** Gbit a second: from chat-service to people, and from Redis to chat-service. */
  outward: number
  fromRedis: number
}>

const CORES_OF_DATABASE = 32

/**
 * Turns measured costs into machines. Linear: twice the messages are twice the work, but for what every process hears of every message.
 * @throws RangeError when no number of processes suffices: hearing alone fills them
 */
export function planOf(demand: Demand, costs: Costs): Plan {
  const { peakMessages, recipients, utilization, coreSpeed } = demand
  const connections = demand.users * demand.online * demand.devices
  const deliveries = peakMessages * recipients
  const usable = utilization * coreSpeed
  const cores = (peakMessages * costs.message + deliveries * costs.delivery) / 1e6
  const byConnections = Math.ceil(connections / CONNECTIONS_OF_PROCESS)
  const least = Math.max(2, byConnections)
  const writers = Math.ceil((peakMessages * costs.message) / 1e6 / usable)
  const shape = documentsOf(peakMessages, writers)
  const hearing = (peakMessages * costs.heard + shape.documents * costs.announcement) / 1e6
  if (hearing >= usable) throw new RangeError('each process would do nothing but hear of the messages of the others')
  const processes = Math.max(least, Math.ceil(cores / (usable - hearing)))
  const stored = (peakMessages / demand.peakToAverage) * DAY_S * demand.keepDays * costs.stored
  // A commit goes to every process that somebody of the room is connected to.
  const reached = Math.min(recipients, processes)
  const engine = (us: number) => (peakMessages * us) / 1e6 / usable
  const mysqlCores = engine(costs.mysql)
  const ofHeads = peakMessages * HEAD_BYTES * processes
  return {
    connections,
    deliveries,
    processes,
    decidedBy: processes > least ? 'processor' : 'connections',
    ...shape,
    hearing,
    memory: (processes * costs.process + connections * costs.connection) / 1_024 ** 2,
    mysqlCores,
    databases: Math.ceil(mysqlCores / CORES_OF_DATABASE),
    redisCores: engine(costs.redis) * reached,
    kafkaCores: engine(costs.kafka),
    stored: stored / 1_024 ** 4,
    storedInAll: (stored * demand.replicas) / 1_024 ** 4,
    outward: (deliveries * FRAME_BYTES * 8) / 1e9,
    fromRedis: ((peakMessages * reached * FRAME_BYTES + ofHeads) * 8) / 1e9,
  }
}

/** Enough partitions that writing can be shared out, and that none has more than its commits hold. */
function documentsOf(peakMessages: number, writers: number) {
  const partitions = Math.max(
    10,
    writers * PARTITIONS_OF_WRITER,
    Math.ceil(peakMessages / (COMMITS_PER_S * MOST_TOGETHER)),
  )
  const documents = Math.min(peakMessages, partitions * COMMITS_PER_S)
  return { partitions, documents, messagesInDocument: documents === 0 ? 0 : peakMessages / documents }
}
