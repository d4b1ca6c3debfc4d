import type { Clock } from '@bigtech/kernel'
import { OUTCOMES, type ConsumerHooks, type EventBus, type Outbox, type RelayHooks } from '@bigtech/messaging'
import { readAtScrape, type Metrics } from '@bigtech/telemetry'

/** Seconds. A consumer's transaction takes milliseconds; retries make it longer. */
const HANDLING_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] as const
/** Seconds from the change to the bus: tens of milliseconds, or as long as the bus was away. */
const DELAY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600] as const
/** Kafka is asked for groups, offsets and ends of topics: not at each scrape of each scraper. */
const LAG_FRESH_MS = 10_000

type Measured = Readonly<{
  service: string
  /** What it consumes. */
  topics: readonly string[]
  bus: EventBus
  outbox?: Outbox
  clock: Clock
}>

/** What a service publishes and consumes, and how far it is behind. Labels are topics and outcomes: few, and known beforehand. */
export function measureEvents(
  metrics: Metrics,
  measured: Measured,
): Readonly<{ relay: RelayHooks; consumer: ConsumerHooks }> {
  measureLag(metrics, measured)
  return {
    relay: measured.outbox ? measureOutbox(metrics, measured.outbox, measured.clock) : {},
    consumer: measureConsumer(metrics, measured.topics),
  }
}

function measureConsumer(metrics: Metrics, topics: readonly string[]): ConsumerHooks {
  const handled = metrics.counter({
    name: 'events_handled_total',
    help: 'Events taken from the bus: handled, ignored (no handler for the type), skipped (of another group), dead_lettered',
    labelNames: ['topic', 'outcome'],
  })
  const retries = metrics.counter({
    name: 'event_retries_total',
    help: 'Attempts at an event that failed and are made again',
    labelNames: ['topic'],
  })
  // From 0: a series that begins with 1 has not increased, and nobody would be told of the first dead letter.
  for (const topic of topics) {
    retries.inc({ topic }, 0)
    for (const outcome of OUTCOMES) handled.inc({ topic, outcome }, 0)
  }
  const duration = metrics.histogram({
    name: 'event_handling_seconds',
    help: 'Time to handle an event, its retries included',
    labelNames: ['topic'],
    buckets: HANDLING_BUCKETS,
  })
  for (const topic of topics) duration.zero({ topic })
  return {
    onOutcome({ topic }, { outcome, durationMs }) {
      handled.inc({ topic, outcome })
      if (outcome === 'handled') duration.observe({ topic }, durationMs / 1_000)
    },
    onRetry: ({ topic }) => retries.inc({ topic }),
  }
}

function measureOutbox(metrics: Metrics, outbox: Outbox, clock: Clock): RelayHooks {
  const published = metrics.counter({ name: 'events_published_total', help: 'Events moved from the outbox to the bus' })
  const outages = metrics.counter({
    name: 'outbox_outages_total',
    help: 'Attempts at publishing that failed because bus or outbox could not be reached',
  })
  const delay = metrics.histogram({
    name: 'event_publish_delay_seconds',
    help: 'Time from the change to the bus, of the oldest event of each batch',
    buckets: DELAY_BUCKETS,
  })
  const stats = readAtScrape(() => outbox.stats())
  const gauge = (name: string, help: string, value: (now: NonNullable<Awaited<ReturnType<typeof stats>>>) => number) =>
    metrics.gauge({
      name,
      help,
      async collect(series) {
        const now = await stats()
        if (now) series.set({}, value(now))
        else series.remove({})
      },
    })
  gauge('outbox_pending_events', 'Events in the outbox that are not on the bus yet', ({ pending }) => pending)
  gauge(
    'outbox_parked_events',
    'Events that the bus refused again and again; an operator decides',
    ({ parked }) => parked,
  )
  gauge('outbox_oldest_age_seconds', 'Age of the oldest event that waits in the outbox; 0 when none does', (now) =>
    now.oldest_created_at === null ? 0 : Math.max(0, clock.now() - now.oldest_created_at) / 1_000,
  )
  return {
    onPublished({ count, oldestAgeMs }) {
      published.inc(count)
      delay.observe(Math.max(0, oldestAgeMs) / 1_000)
    },
    onOutage: () => outages.inc(),
  }
}

function measureLag(metrics: Metrics, { service, bus }: Measured): void {
  const read = readAtScrape(() => bus.admin.lag(service), { freshMs: LAG_FRESH_MS })
  metrics.gauge({
    name: 'consumer_lag_records',
    help: 'Records on the bus that this service has not handled yet; each of its processes tells the same',
    labelNames: ['topic'],
    async collect(series) {
      const rows = await read()
      series.reset()
      const topics = new Map<string, number>()
      for (const { group, topic, lag } of rows ?? [])
        if (group === service) topics.set(topic, (topics.get(topic) ?? 0) + lag)
      for (const [topic, lag] of topics) series.set({ topic }, lag)
    },
  })
}
