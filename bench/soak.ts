/**
 * `npm run soak [-- --profile embedded|distributed --minutes 120 --people 100 --rate 100 --stay 300 --name NAME]`: real clients that come and go
 * for hours; memory, open files, sockets, threads and disk of the server are to stay where they were. Writes bench/results/soak/NAME.json and
 * docs/performance/soak-NAME.svg. `distributed` needs `npm run stack -- up`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startDistributedProduct } from './harness/distributed.ts'
import { startProduct } from './harness/product.ts'
import { drawChart, type Series } from './plot/svg.ts'
import { LEAST_ROWS, trendsOf, type Limit, type Row } from './soak/judge.ts'
import { startPeople } from './soak/people.ts'
import { diskBytes, held } from './soak/sample.ts'

type System = Readonly<{
  gateway: string
  pids: readonly number[]
  /** What grows with messages alone; undefined where engines keep it. */
  folder: string | undefined
  stop(): Promise<void>
}>

const ROOT = join(import.meta.dirname, '..')
const MINUTE_MS = 60_000
/** Share of the requests that may have to be repeated. */
const MOST_TEMPORARY = 0.01

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'embedded' },
    minutes: { type: 'string', default: '120' },
    people: { type: 'string', default: '100' },
    rate: { type: 'string', default: '100' },
    stay: { type: 'string', default: '300' },
    name: { type: 'string' },
  },
})
const [minutes, people, rate, stayS] = [values.minutes, values.people, values.rate, values.stay].map(Number) as [
  number,
  number,
  number,
  number,
]
if (!['embedded', 'distributed'].includes(values.profile) || ![minutes, people, rate, stayS].every((n) => n > 0)) {
  console.error(
    'npm run soak -- [--profile embedded|distributed] [--minutes N] [--people N] [--rate REQUESTS_A_SECOND] [--stay SECONDS]',
  )
  process.exit(2)
}
const name = values.name ?? values.profile

async function startSystem(): Promise<System> {
  // All come from one address.
  const env = { RATE_LIMIT_ANONYMOUS: '1000000', STREAMS_PER_ADDRESS: '1000000' }
  if (values.profile === 'embedded') {
    const product = await startProduct({ env })
    return { gateway: product.urls.gateway, pids: [product.pid], folder: product.folder, stop: () => product.stop() }
  }
  const product = await startDistributedProduct({ env })
  const pids = product.processes.map(({ program }) => program().pid)
  return { gateway: product.gateway, pids, folder: undefined, stop: () => product.stop() }
}

const rows: Row[] = []
/** What a message takes, with all that is kept beside it, since the first minute: what is there before is not of messages. */
let first: { bytes: number; messages: number } | undefined
function diskOf(folder: string, messages: number) {
  const bytes = diskBytes(folder)
  first ??= { bytes, messages }
  return {
    disk_mib: bytes / 2 ** 20,
    disk_bytes_per_message: (bytes - first.bytes) / Math.max(1, messages - first.messages),
  }
}

const ending = new AbortController()
// What was begun is ended in its order, and what was measured is judged: not as the harness does, which ends at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.removeAllListeners(signal).once(signal, () => ending.abort())

const system = await startSystem()
const failures: string[] = []
try {
  const crowd = await startPeople({ gateway: system.gateway, people, rate, stayS })
  try {
    console.log(`${people} people, ${rate} requests a second, ${minutes} minutes; ${name}`)
    let before = { requests: 0, temporary: 0, cpu_s: held(system.pids).cpu_s }
    for (let minute = 1; minute <= minutes; minute++) {
      await sleep(MINUTE_MS, undefined, { signal: ending.signal }).catch(() => {})
      if (ending.signal.aborted) break
      const { cpu_s, ...now } = held(system.pids)
      const { requests, temporary, messages, arrivals, failed } = crowd.counts
      const row: Row = {
        minute,
        ...now,
        ...(system.folder === undefined ? {} : diskOf(system.folder, messages)),
        cpu_cores: ((cpu_s - before.cpu_s) * 1_000) / MINUTE_MS,
        requests_per_s: ((requests - before.requests) * 1_000) / MINUTE_MS,
        temporary_per_s: ((temporary - before.temporary) * 1_000) / MINUTE_MS,
        messages,
        arrivals,
        failed,
        clients_rss_mib: process.memoryUsage().rss / 2 ** 20,
      }
      before = { requests, temporary, cpu_s }
      rows.push(row)
      // Of a run that is ended before its time, all until then is there.
      write()
      console.log(
        Object.entries(row)
          .map(([figure, value]) => `${figure} ${Number(value.toFixed(1))}`)
          .join('  '),
      )
      for (const failure of crowd.failures.splice(0)) console.log(`failed: ${failure}`)
    }
  } finally {
    await crowd.stop()
  }
  const { requests, temporary, failed } = crowd.counts
  if (failed > 0) failures.push(`${failed} requests were refused for good`)
  if (temporary > requests * MOST_TEMPORARY) failures.push(`${temporary} of ${requests} requests were not answered`)
} finally {
  await system.stop()
}

if (rows.length < LEAST_ROWS) failures.push(`${rows.length} minutes tell no trend: ${LEAST_ROWS} or more do`)
else {
  // Who come by and by are all there by then.
  const slow = rows.slice(rows.length >> 1).filter((row) => row['requests_per_s']! < rate / 2)
  if (slow.length > 0) failures.push(`less than half of what was asked for in ${slow.length} minutes`)
  for (const { figure, early, late, perHour, isFlat } of trendsOf(rows, limits())) {
    const line = `${figure}: ${early.toFixed(1)} → ${late.toFixed(1)}, ${perHour.toFixed(1)} an hour`
    console.log(`${isFlat ? 'flat ' : 'GROWS'} ${line}`)
    if (!isFlat) failures.push(`${figure} grows`)
  }
}
for (const failure of failures) console.log(`FAILED: ${failure}`)
process.exit(ending.signal.aborted ? 130 : failures.length > 0 ? 1 : 0)

function limits(): Record<string, Limit> {
  return {
    rss_mib: { share: 0.1, perHour: 30 },
    files: { share: 0.1, perHour: 5 },
    sockets: { share: 0.25, perHour: 20 },
    threads: { share: 0.1, perHour: 2 },
    clients_rss_mib: { share: 0.1, perHour: 30 },
    ...(system.folder === undefined ? {} : { disk_bytes_per_message: { share: 0.1, perHour: 200 } }),
  }
}

function write(): void {
  const series = (figure: string, title: string, colour: string): Series => ({
    name: title,
    colour,
    points: rows.map((row) => ({ x: row.minute, y: row[figure]!, min: row[figure]!, max: row[figure]! })),
  })
  const chart = drawChart({
    title: `${minutes} minutes of ${people} people who come and go, ${rate} requests a second (${name})`,
    x: { label: 'minutes', scale: 'linear' },
    y: { label: 'MiB, or how many', scale: 'linear' },
    series: [
      series('rss_mib', 'resident memory, MiB', '#0b62c4'),
      series('sockets', 'sockets', '#c2510a'),
      series('files', 'open files', '#7b3fc4'),
    ],
  })
  const results = join(ROOT, 'bench/results/soak')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(ROOT, `docs/performance/soak-${name}.svg`), chart)
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ minutes, people, rate, stayS, rows }, null, 2)}\n`)
}
