import type { Fault } from './sim-node.ts'
import { World } from './world.ts'

export type Report = {
  schedules: number
  steps: number
  /** The first ones. */
  broken: { seed: number; violations: readonly string[] }[]
  brokenCount: number
  seconds: number
}

export type Options = Readonly<{
  /** Schedules have the seeds from this on. */
  seed: number
  schedules: number
  seconds?: number
  fault?: Fault
  /** Stop at the first that breaks a promise. */
  isFirstEnough?: boolean
}>

const KEEP = 10

/** Runs schedules, one after the other. What one does depends on its seed alone. */
export async function runSchedules(options: Options): Promise<Report> {
  const { seed, schedules, seconds = Infinity, fault, isFirstEnough = false } = options
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1_000
  const report: Report = { schedules: 0, steps: 0, broken: [], brokenCount: 0, seconds: 0 }
  for (let i = 0; i < schedules && elapsed() < seconds; i++) {
    const world = new World(seed + i, fault)
    await run(world)
    report.schedules++
    report.steps += world.steps
    if (world.violations.length === 0) continue
    report.brokenCount++
    if (report.broken.length < KEEP) report.broken.push({ seed: world.seed, violations: world.violations })
    if (isFirstEnough) break
  }
  report.seconds = elapsed()
  return report
}

async function run(world: World): Promise<void> {
  // What a step resolves runs before the next: a tick comes when no microtask is left.
  while (world.step()) await new Promise<void>((resolve) => process.nextTick(resolve))
}
