import { rmSync } from 'node:fs'
import { startWorker } from '../harness/worker.ts'
import { temporaryFolder } from '../harness/processes.ts'
import type { Running, Workload } from '../harness/workload.ts'
import type { AnalyticsCommands } from '../load/analytics.ts'

/** `ANALYTICS_MESSAGES=1000000 npm run bench -- analytics` for a look; 10⁸ take 8 GB of disk and some minutes. */
const MESSAGES = Number(process.env['ANALYTICS_MESSAGES'] ?? 100_000_000)
const INGESTED_BATCHES = 12

/** Made once, for both sides. */
let made: Promise<string> | undefined
let users = 0

async function folderOfFiles(): Promise<string> {
  made ??= (async () => {
    const folder = temporaryFolder()
    const worker = startWorker<AnalyticsCommands>('analytics.ts')
    await worker.ask('prepare', { at: folder, messages: MESSAGES })
    await worker.stop()
    return folder
  })()
  users++
  return made
}

async function release(): Promise<void> {
  if (--users === 0) rmSync(await made!, { recursive: true, force: true })
}

async function startStatistics(): Promise<Running> {
  const at = await folderOfFiles()
  const worker = startWorker<AnalyticsCommands>('analytics.ts')
  await worker.ask('open', { at })
  const loaded = await worker.ask('load', {})
  return {
    measure: async () => ({
      ...loaded,
      ...(await worker.ask('ask', {})),
      ...(await worker.ask('ingest', { batches: INGESTED_BATCHES })),
    }),
    async stop() {
      await worker.stop()
      await release()
    },
  }
}

async function startFiles(): Promise<Running> {
  const at = await folderOfFiles()
  const worker = startWorker<AnalyticsCommands>('analytics.ts')
  await worker.ask('open', { at })
  return {
    measure: () => worker.ask('askFiles', {}),
    async stop() {
      await worker.stop()
      await release()
    },
  }
}

const QUESTIONS = ['overview', 'messages', 'hours', 'users', 'funnel', 'rooms', 'top_rooms', 'latencies', 'retention']

export const workloads: readonly Workload[] = [
  {
    name: 'analytics',
    title:
      'statistics of a month among 10⁸ messages of a quarter (slowest of five); DuckDB alone on the same Parquet files',
    sides: [
      { name: 'product', start: startStatistics },
      { name: 'duckdb-parquet', start: startFiles },
    ],
    goals: [
      ...QUESTIONS.map((question) => ({ figure: `${question}_ms`, atMost: 300 })),
      { figure: 'peak_mib', atMost: 1_536 },
      { figure: 'ingested_events_per_s', atLeast: 200_000 },
      { figure: 'parquet_facts_per_s', atLeast: 200_000 },
    ],
    rounds: 3,
  },
]
