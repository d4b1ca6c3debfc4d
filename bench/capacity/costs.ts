import { summarize, type Result } from '../harness/results.ts'

/** What one unit of work costs, as measured on one core of the machine of the benchmarks. Microseconds of processor time unless named otherwise. */
export type Costs = Readonly<{
  /** chat-service: a message taken, decided, written, applied, published and acknowledged, without its deliveries. */
  message: number
  /** chat-service: one message to one connection. */
  delivery: number
  /** Each engine, for a message. */
  mysql: number
  redis: number
  kafka: number
  /** Every process of chat-service: the place of one message of anybody's room (bench/raw/announcements.ts), */
  heard: number
  /** and each announcement, which has those of a whole document. */
  announcement: number
  /** KiB of memory. */
  connection: number
  process: number
  /** Bytes in the store, with the log, indexes and search terms. */
  stored: number
}>

/** From `node bench/raw/announcements.ts`: 0.18 to 0.19 µs a message in documents of 50 and more. */
const HEARD_US = 0.2
/** Assumed: what the client of Redis does for each message it gets, and the feed for each document. */
const ANNOUNCEMENT_US = 5

/** The workloads it is made of. */
export const MEASURED_BY = ['cluster-sat', 'cluster-room1000', 'idle-ws'] as const

/** @throws when a workload was not measured, or has not what is needed */
export function costsOf(results: ReadonlyMap<string, Result>): Costs {
  const figure = (workload: (typeof MEASURED_BY)[number], name: string, side: string): number => {
    const result = results.get(workload)
    const found = result && summarize(result, name, side)
    if (!found)
      throw new Error(`bench/results has no ${name} of ${workload}: npm run bench -- ${MEASURED_BY.join(' ')}`)
    return found.median
  }
  const ofMessage = (name: string) => figure('cluster-sat', `${name}_us_per_message`, '3 processes')
  const delivery = 1e6 / figure('cluster-room1000', 'deliveries_per_core', '2 processes')
  return {
    // Each of the relay's messages is delivered once.
    message: Math.max(0, ofMessage('chat') - delivery),
    delivery,
    mysql: ofMessage('mysql'),
    redis: ofMessage('redis'),
    kafka: ofMessage('kafka'),
    heard: HEARD_US,
    announcement: ANNOUNCEMENT_US,
    connection: figure('idle-ws', 'connections_19000_kib', 'product'),
    process: (figure('cluster-sat', 'chat_rss_mib', '3 processes') / 3) * 1_024,
    stored: figure('cluster-sat', 'stored_bytes_per_message', '3 processes'),
  }
}
