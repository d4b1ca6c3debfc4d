import type { Fault } from './sim-node.ts'
import { World } from './world.ts'

export type Report = {
  schedules: number
  steps: number
  /** At most `keep`, by seed. */
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

/** So many worlds take steps in turn, because letting microtasks run costs more than a step. They share nothing. */
const AT_ONCE = 8
const KEEP = 10

/** Runs schedules. What one does depends on its seed alone. */
export async function runSchedules(options: Options): Promise<Report> {
  const { seed, schedules, seconds = Infinity, fault, isFirstEnough = false } = options
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1_000
  const report: Report = { schedules: 0, steps: 0, broken: [], brokenCount: 0, seconds: 0 }
  let next = seed
  let worlds: World[] = []
  const isFull = () => next - seed >= schedules || elapsed() >= seconds || (isFirstEnough && report.brokenCount > 0)
  const begin = () => {
    while (worlds.length < AT_ONCE && !isFull()) worlds.push(new World(next++, fault))
  }
  for (begin(); worlds.length > 0; begin()) {
    const going = worlds.filter((world) => world.step())
    if (going.length < worlds.length) {
      for (const world of worlds) if (!going.includes(world)) end(world, report)
      worlds = going
    }
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  report.seconds = elapsed()
  return report
}

function end({ seed, violations, steps }: World, report: Report): void {
  report.schedules++
  report.steps += steps
  if (violations.length === 0) return
  report.brokenCount++
  report.broken.push({ seed, violations })
  report.broken.sort((a, b) => a.seed - b.seed)
  report.broken.length = Math.min(report.broken.length, KEEP)
}
