/**
 * Simulates the partition log: node packages/partition-log/sim.ts --seed 1 --schedules 10000 [--seconds 60] [--break no-fence].
 * Schedules have the seeds from `--seed` on; `--seed S --schedules 1` is the schedule of S once more. Ends with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util'
import { FAULTS } from './src/sim/faults.ts'
import { runSchedules } from './src/sim/run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '10000' },
    seconds: { type: 'string' },
    break: { type: 'string' },
  },
})
const print = (line: string) => process.stdout.write(`${line}\n`)
const fault = values.break === undefined ? {} : FAULTS[values.break]
if (!fault) {
  print(`--break is one of ${Object.keys(FAULTS).join(', ')}`)
  process.exit(2)
}
const report = await runSchedules({
  seed: Number(values.seed),
  schedules: Number(values.schedules),
  ...(values.seconds !== undefined && { seconds: Number(values.seconds) }),
  fault,
})
for (const { seed, violations } of report.broken) print(`seed ${seed}: ${violations[0]}`)
const { schedules, steps, brokenCount, seconds } = report
print(
  `${brokenCount} of ${schedules} schedules broke a promise; ${steps} steps, ${seconds.toFixed(1)} s, ${Math.round(schedules / seconds)} schedules/s`,
)
if (brokenCount > 0) process.exitCode = 1
