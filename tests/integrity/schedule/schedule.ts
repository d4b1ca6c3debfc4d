import { createHash } from 'node:crypto'
import type { FaultName } from '../history/types.ts'
import { planFaults, type PlannedFault } from './faults.ts'
import { planBurst, planOps, type PlannedOp } from './ops.ts'
import { planRooms, userCount, type PlannedRoom } from './rooms.ts'

export type RoundPlan = { round: number; ms: number; rooms: PlannedRoom[]; ops: PlannedOp[]; faults: PlannedFault[] }

export type Schedule = { rounds: RoundPlan[]; /** equal for equal schedules */ digest: string }

export type ScheduleOptions = {
  seed: number
  seconds: number
  round: number
  clients: number
  rooms: number
  rate: number
  faults: readonly FaultName[]
}

/**
 * All that is decided before a run: which client tries what at which moment, and which fault strikes when. A pure function of the
 * options. What a run makes of it is not: which message an edit finds, and who comes first, depends on the interleaving.
 */
export function planRun(options: ScheduleOptions): Schedule {
  const { seconds, round: length } = options
  const rounds: RoundPlan[] = []
  for (let left = seconds; left > 0; left -= length)
    rounds.push(planRound(options, rounds.length, Math.min(left, length) * 1_000))
  return { rounds, digest: createHash('sha256').update(JSON.stringify(rounds)).digest('hex').slice(0, 16) }
}

function planRound(options: ScheduleOptions, round: number, ms: number): RoundPlan {
  const { seed, clients, rate } = options
  const rooms = planRooms({ seed, round, users: userCount(clients), rooms: options.rooms })
  const faults = planFaults({ seed, round, ms, clients, faults: options.faults })
  const plan = { seed, round, ms, clients, rooms, rate }
  const bursts = faults.flatMap(({ at, fault, client, lasts }) => {
    if (client === null) return []
    if (fault === 'freeze') return [planBurst(plan, { at: at + 50, do: 'flood', client })]
    // The first long absence of a round.
    const away = faults.find((one) => one.client !== null && one.fault === 'cut' && one.lasts > 700)
    if (fault === 'cut' && away?.at === at && lasts > 700)
      return [planBurst(plan, { at: at + 50, do: 'storm', client })]
    return []
  })
  const ops = [...planOps(plan), ...bursts].toSorted((a, b) => a.at - b.at)
  return { round, ms, rooms, ops, faults }
}
