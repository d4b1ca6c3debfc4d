import type { PartitionStatus } from '@bigtech/partition-log'
import type { Metrics } from '@bigtech/telemetry'
import type { Indexer } from './indexer.ts'

/** Commands. 160 is the most that one document takes. */
const BATCHES = [1, 2, 5, 10, 20, 40, 80, 160] as const

/** @returns what is told of each document of commands that this process wrote */
export function measureCommits(metrics: Metrics): (p: number, commands: number) => void {
  const commits = metrics.histogram({
    name: 'partition_commit_commands',
    help: 'Commands decided for a document of the log; its count is the documents written here',
    labelNames: ['partition'],
    buckets: BATCHES,
  })
  return (p, commands) => commits.observe({ partition: String(p) }, commands)
}

/** Read at each scrape. */
export function measureIndex(metrics: Metrics, indexer: Pick<Indexer, 'waiting'>): void {
  metrics.gauge({
    name: 'search_index_waiting_rooms',
    help: 'Rooms with messages that this process wrote and has not indexed for the search yet; a search of one of them waits for it',
    collect: (series) => series.set({}, indexer.waiting),
  })
}

type Read = (status: PartitionStatus) => number | undefined

/** Read at each scrape. A partition has no series where there is nothing to tell: of lags only its owner knows. */
export function measurePartitions(metrics: Metrics, status: () => readonly PartitionStatus[]): void {
  const gauge = (name: string, help: string, read: Read) =>
    metrics.gauge({
      name,
      help,
      labelNames: ['partition'],
      collect(series) {
        series.reset()
        for (const one of status()) {
          const value = read(one)
          if (value !== undefined) series.set({ partition: String(one.p) }, value)
        }
      },
    })
  const serving = (read: (owner: NonNullable<PartitionStatus['owner']>) => number | undefined): Read => {
    return ({ owner }) => (owner?.isServing ? read(owner) : undefined)
  }
  gauge(
    'partition_owned',
    '1 when this process writes the partition; over all processes 1, or nobody does',
    ({ owner }) => (owner?.isServing ? 1 : 0),
  )
  gauge('partition_seen_document', 'Up to where this process has seen the log', ({ seen }) => seen.n)
  gauge(
    'partition_last_document',
    'The last document of the log, by its owner',
    serving(({ n }) => n),
  )
  gauge(
    'partition_unapplied_documents',
    'Documents in the log, but not in the tables yet',
    serving(({ unapplied }) => unapplied),
  )
  gauge(
    'partition_unpublished_documents',
    'Documents in the log, but not on the bus yet',
    serving(({ unpublished }) => unpublished),
  )
  gauge('partition_waiting_commands', 'Commands that wait for the owner', ({ owner }) => owner?.waiting)
}

/** All of the log at once, for who lists what there is. */
export function measureLog(
  metrics: Metrics,
  log: Readonly<{ status: () => readonly PartitionStatus[]; indexer: Pick<Indexer, 'waiting'> }>,
): void {
  measureCommits(metrics)
  measurePartitions(metrics, log.status)
  measureIndex(metrics, log.indexer)
}
