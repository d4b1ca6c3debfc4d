/**
 * Simulates the partition log: node packages/partition-log/sim.ts --seed 1 --schedules 10000 [--seconds 60] [--workers 2] [--break no-fence].
 * Schedules have the seeds from `--seed` on; `--seed S --schedules 1` is the schedule of S once more. Ends with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { FAULTS } from './src/sim/faults.ts'
import { runSchedules, type Report } from './src/sim/run.ts'

type Part = Readonly<{ seed: number; schedules: number; seconds: number; fault: string | undefined }>

const runPart = ({ seed, schedules, seconds, fault }: Part): Promise<Report> =>
  runSchedules({ seed, schedules, seconds, ...(fault !== undefined && { fault: FAULTS[fault]! }) })

const inWorker = (part: Part): Promise<Report> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(import.meta.filename, { workerData: part })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

const print = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      schedules: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: 'Infinity' },
      workers: { type: 'string', default: '1' },
      break: { type: 'string' },
    },
  })
  const fault = values.break
  if (fault !== undefined && !FAULTS[fault]) {
    print(`--break is one of ${Object.keys(FAULTS).join(', ')}`)
    process.exitCode = 2
    return
  }
  const [seed, all, workers] = [Number(values.seed), Number(values.schedules), Number(values.workers)]
  const share = Math.ceil(all / workers)
  const parts = Array.from({ length: workers }, (_, i) => ({
    seed: seed + i * share,
    schedules: Math.min(share, all - i * share),
    seconds: Number(values.seconds),
    fault,
  }))
  const reports = await Promise.all(parts.map(workers > 1 ? inWorker : runPart))
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0)
  for (const { broken } of reports) for (const one of broken) print(`seed ${one.seed}: ${one.violations[0]}`)
  const seconds = Math.max(...reports.map((report) => report.seconds))
  const [schedules, brokenCount] = [sum((report) => report.schedules), sum((report) => report.brokenCount)]
  print(
    `${brokenCount} of ${schedules} schedules broke a promise; ${sum(({ steps }) => steps)} steps, ` +
      `${seconds.toFixed(1)} s, ${Math.round(schedules / seconds)} schedules/s`,
  )
  if (brokenCount > 0) process.exitCode = 1
}

if (isMainThread) await main()
else parentPort!.postMessage(await runPart(workerData as Part))
