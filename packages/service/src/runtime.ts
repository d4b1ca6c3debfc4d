import type { Clock } from '@bigtech/kernel'
import {
  runConsumer,
  startRelay,
  type BatchHandler,
  type Consumer,
  type EventBus,
  type EventHandler,
  type Outbox,
  type Relay,
} from '@bigtech/messaging'
import { withConsumerSpan, type Logger, type Metrics } from '@bigtech/telemetry'
import { createBackground, type Background } from './background.ts'
import type { Leases } from './leases.ts'
import { measureEvents } from './measure.ts'
import { createTimers, type Timers } from './timers.ts'

export type RuntimeOptions = Readonly<{
  /** Name of the service and of its consumer group. */
  service: string
  topics: readonly string[]
  /** One of them: what takes an event, or what takes many at once (`batch` of runConsumer). */
  handlers?: Readonly<Record<string, EventHandler>>
  batch?: BatchHandler & Readonly<{ types: readonly string[] }>
  /** Left out by a service that tells the others nothing. */
  outbox?: Outbox
  bus: EventBus
  clock: Clock
  logger: Logger
  metrics: Metrics
  /**
   * Name of this process as the holder of the outbox lease: unlike any other's and the same after a restart, so that it takes the lease up
   * that it held when it was killed, instead of waiting 10 s for it. Default: a new name each time.
   */
  relayOwner?: string
  /** For what only one of several processes of the service does at a time. Default: there is one process. */
  leases?: Leases
}>

/** The life of a service besides its requests: what it publishes, what it consumes, what it does from time to time. */
export type Runtime = Readonly<{
  /** What it reads of events; for the documents. */
  consumes: Readonly<{ group: string; topics: readonly string[]; types: readonly string[] }>
  timers: Pick<Timers, 'every'>
  background: Background['run']
  events: ServiceEvents
  /** Starts the relay and the consumers. May be called again when it was rejected. */
  start(): Promise<void>
  /**
   * Stops the timers and consumers, waits for background work, lets `lastWords` write what is left, and publishes what is in the
   * outbox, for `FLUSH_MS` at most: the rest waits for the next start.
   */
  close(lastWords?: () => Promise<void>): Promise<void>
}>

export type ServiceEvents = Readonly<{
  /** Call after a commit that wrote outbox rows. Never throws, never waits; does nothing before `start`. */
  notify(this: void): void
  /** Resolves when no row is left that can be published. @throws OUTBOX_NOT_EMPTY after 10 s */
  flush(): Promise<void>
}>

const FLUSH_MS = 3_000

export function createRuntime(options: RuntimeOptions): Runtime {
  const { service, topics, handlers = {}, batch, outbox, bus, clock, logger, relayOwner } = options
  const consumes = { group: service, topics, types: batch?.types ?? Object.keys(handlers) }
  const timers = createTimers(logger, {
    clock,
    ...(options.leases ? { leases: options.leases } : {}),
    ...(relayOwner === undefined ? {} : { owner: relayOwner }),
  })
  const background = createBackground(logger)
  const hooks = measureEvents(options.metrics, { service, topics, bus, clock, ...(outbox ? { outbox } : {}) })
  let relay: Relay | undefined
  let consumer: Consumer | undefined

  return {
    consumes,
    timers,
    background: background.run,
    events: {
      notify: () => relay?.notify(),
      flush: async () => relay?.flush(),
    },
    async start() {
      // A start that failed for want of an engine is repeated.
      if (outbox)
        relay ??= startRelay({
          outbox,
          bus,
          clock,
          logger,
          hooks: hooks.relay,
          ...(relayOwner === undefined ? {} : { owner: relayOwner }),
        })
      consumer ??= await runConsumer({
        bus,
        group: service,
        topics,
        ...(batch ? { batch } : { handlers }),
        clock,
        logger,
        hooks: hooks.consumer,
        withContext: (headers, run) => withConsumerSpan(headers, `${service} consume`, run),
      })
    },
    async close(lastWords) {
      await timers.close()
      await consumer?.close()
      await background.idle()
      if (lastWords) await attempt('what was left to write was not written', lastWords)
      await attempt('events wait in the outbox for the next start', async () => relay?.flush(FLUSH_MS))
      await relay?.close()
    },
  }

  async function attempt(failure: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      logger.warn({ err: error }, failure)
    }
  }
}
