import { machineTicks } from './processes.ts'
import { machine, type Result } from './results.ts'
import type { Figures, Options, Running, Workload } from './workload.ts'

const ROUNDS = 3
const USUAL: Options = { seconds: 8, warmUpSeconds: 2 }

/**
 * Starts all sides, then measures them in turns: what else the machine does meanwhile falls on all of them.
 * @param request.rounds and `request.options` go before what the workload says
 */
export async function runWorkload(
  workload: Workload,
  request: { rounds: number | undefined; options: Partial<Options>; onRound(text: string): void },
): Promise<Result> {
  const rounds = request.rounds ?? workload.rounds ?? ROUNDS
  const options = { ...USUAL, ...workload.options, ...request.options }
  const running: { name: string; side: Running; figures: Figures[] }[] = []
  try {
    for (const side of workload.sides) {
      request.onRound(`starting ${side.name}`)
      running.push({ name: side.name, side: await side.start(), figures: [] })
    }
    for (let round = 1; round <= rounds; round++)
      for (const { name, side, figures } of running) {
        request.onRound(`round ${round} of ${rounds}: ${name}`)
        figures.push(await withSteal(() => side.measure(options)))
      }
  } finally {
    for (const { side } of running) await side.stop()
  }
  return {
    workload: workload.name,
    title: workload.title,
    date: new Date().toISOString(),
    machine: machine(),
    rounds,
    ...options,
    sides: running.map(({ name, figures }) => ({ name, rounds: figures })),
    goals: workload.goals,
  }
}

/** Adds what the hypervisor took during the round, warm-up included. */
async function withSteal(measure: () => Promise<Figures>): Promise<Figures> {
  const before = machineTicks()
  const figures = await measure()
  const after = machineTicks()
  if (!before || !after) return figures
  const share = (after.stolen - before.stolen) / Math.max(1, after.total - before.total)
  return { ...figures, machine_steal_percent: share * 100 }
}
