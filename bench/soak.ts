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
import { FLAT, trendsOf, type Row } from './soak/judge.ts'
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
const system = await startSystem()
const crowd = await startPeople({ gateway: system.gateway, people, rate, stayS })
console.log(`${people} people, ${rate} requests a second, ${minutes} minutes; ${name}`)
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
let requests = 0
let cpuS = held(system.pids).cpu_s
for (let minute = 1; minute <= minutes; minute++) {
  await sleep(MINUTE_MS)
  const { cpu_s, ...now } = held(system.pids)
  const { counts } = crowd
  const disk = system.folder === undefined ? {} : diskOf(system.folder, counts.messages)
  const row: Row = {
    minute,
    ...now,
    ...disk,
    cpu_cores: ((cpu_s - cpuS) * 1_000) / MINUTE_MS,
    requests_per_s: ((counts.requests - requests) * 1_000) / MINUTE_MS,
    messages: counts.messages,
    arrivals: counts.arrivals,
    temporary: counts.temporary,
    failed: counts.failed,
    clients_rss_mib: process.memoryUsage().rss / 2 ** 20,
  }
  cpuS = cpu_s
  requests = counts.requests
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
await crowd.stop()
await system.stop()

const judged = [
  'rss_mib',
  'files',
  'sockets',
  'threads',
  'clients_rss_mib',
  ...(system.folder ? ['disk_bytes_per_message'] : []),
]
const trends = rows.length < 8 ? [] : trendsOf(rows, judged)
for (const { figure, early, late, growth } of trends)
  console.log(
    `${growth <= FLAT ? 'flat ' : 'GROWS'} ${figure}: ${early.toFixed(1)} → ${late.toFixed(1)} (${(100 * growth).toFixed(1)} %)`,
  )
process.exit(trends.every(({ growth }) => growth <= FLAT) && crowd.counts.failed === 0 ? 0 : 1)

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
  writeFileSync(
    join(results, `${name}.json`),
    `${JSON.stringify({ minutes, people, rate, stayS, rows }, undefined, 1)}\n`,
  )
}
