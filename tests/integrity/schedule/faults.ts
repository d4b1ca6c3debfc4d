import type { FaultName } from '../history/types.ts'
import { createRandom } from '../random.ts'

export const FAULTS: readonly FaultName[] = [
  'kill',
  'restart',
  'pause',
  'disk',
  'clock',
  'restore',
  'reread',
  'poison',
  'cut',
  'halfopen',
  'blackhole',
  'freeze',
]

/** Faults of the server strike one after the other; those of connections meanwhile. */
const OF_SERVER: readonly FaultName[] = [
  'kill',
  'restart',
  'pause',
  'disk',
  'clock',
  'restore',
  'reread',
  'poison',
  'mysql',
  'redis',
  'nodes',
  'kafka',
  'zombie',
  'exile',
]

/** They last longer than a lease: the process believes to own what others own since. */
export const OUTLAST_A_LEASE: readonly FaultName[] = ['zombie', 'exile']

/** Of many processes on engines, which have no disk of their own, and whose clocks no promise rests on. */
export const FAULTS_OF_CLUSTER: readonly FaultName[] = [
  'kill',
  'restart',
  'pause',
  'reread',
  'poison',
  'mysql',
  'redis',
  'nodes',
  'kafka',
  'zombie',
  'exile',
  'cut',
  'halfopen',
  'blackhole',
  'freeze',
]

export type PlannedFault = {
  /** ms after the round began */
  at: number
  fault: FaultName
  /** ms until it is taken back */
  lasts: number
  /** index; null: the server, or all clients */
  client: number | null
  /** ms, of `clock` */
  step: number
  /** of `disk`: the server is killed while the disk is full; of ways: nothing passes, and nobody is told */
  kills: boolean
}

export type FaultPlan = { seed: number; round: number; ms: number; clients: number; faults: readonly FaultName[] }

/** Which fault strikes when in a round. A pure function of its arguments. */
export function planFaults(plan: FaultPlan): PlannedFault[] {
  const of = (names: readonly FaultName[]) => names.filter((name) => plan.faults.includes(name))
  const server = lane(plan, of(OF_SERVER), 'server', [1_200, 3_500])
  const network = lane(plan, of(FAULTS.filter((name) => !OF_SERVER.includes(name))), 'network', [400, 2_000])
  return [...server, ...network].toSorted((a, b) => a.at - b.at)
}

/** Each kind comes once before any comes twice, so that a short run meets many. */
function lane(
  { seed, round, ms, clients }: FaultPlan,
  names: readonly FaultName[],
  lane: string,
  [least, most]: readonly [number, number],
): PlannedFault[] {
  const random = createRandom(seed, 'faults', lane, round)
  const planned: PlannedFault[] = []
  if (names.length === 0) return planned
  let deck: FaultName[] = []
  for (let at = random.int(least, most); ;) {
    if (deck.length === 0) deck = shuffled(names, createRandom(seed, 'deck', lane, round, planned.length))
    const fault = deck.pop()!
    const lasts = durationOf(fault, random.next())
    const everybody = random.chance(0.15)
    const client = random.int(0, clients - 1)
    const [step, kills] = [clockStep(random.next(), random.next()), random.chance(0.4)]
    if (at + lasts > ms) {
      // In what is left of a round there is time for others.
      if (OUTLAST_A_LEASE.includes(fault) && names.some((name) => !OUTLAST_A_LEASE.includes(name))) continue
      return planned
    }
    const onClient = !OF_SERVER.includes(fault) && !(everybody && fault !== 'freeze')
    planned.push({ at, fault, lasts, client: onClient ? client : null, step, kills })
    at += lasts + random.int(least, most)
  }
}

function durationOf(fault: FaultName, chance: number): number {
  const [least, most] = {
    kill: [0, 1_500],
    restart: [0, 500],
    pause: [300, 5_500],
    disk: [1_000, 4_000],
    clock: [0, 0],
    restore: [0, 0],
    reread: [0, 0],
    poison: [0, 0],
    cut: [0, 1_500],
    halfopen: [500, 5_000],
    blackhole: [500, 4_500],
    freeze: [3_000, 6_000],
    mysql: [500, 6_000],
    redis: [500, 6_000],
    nodes: [500, 6_000],
    kafka: [1_000, 8_000],
    zombie: [12_000, 15_000],
    exile: [12_000, 15_000],
  }[fault] as [number, number]
  return Math.round(least + chance * (most - least))
}

/** From seconds to 20 minutes (access tokens live 15), forward or back. */
const clockStep = (size: number, direction: number): number =>
  Math.round((direction < 0.5 ? -1 : 1) * 1_000 * 1.5 ** (size * 17.5))

const shuffled = (names: readonly FaultName[], random: { next(): number }): FaultName[] =>
  names
    .map((name) => ({ name, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ name }) => name)
