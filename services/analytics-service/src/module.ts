import type { App, ReadinessCheck, ServiceModule } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import type { EventBus } from '@bigtech/messaging'
import { createRuntime, type Leases } from '@bigtech/service'
import type { Logger, Metrics } from '@bigtech/telemetry'
import { toldBy, type EventValue as FactEvent } from './domain/facts.ts'
import { TOPICS } from './domain/topics.ts'
import { getCareHttp } from './features/get-care/get-care.http.ts'
import { getMessagesHttp } from './features/get-messages/get-messages.http.ts'
import { getOverviewHttp } from './features/get-overview/get-overview.http.ts'
import { getRetentionHttp } from './features/get-retention/get-retention.http.ts'
import { getRoomsHttp } from './features/get-rooms/get-rooms.http.ts'
import { getUsersHttp } from './features/get-users/get-users.http.ts'
import { ingestEventsBatch } from './features/ingest-events/ingest-events.consumer.ts'
import { createIngest } from './features/ingest-events/ingest-events.ts'
import { rebuildStatisticsHttp } from './features/rebuild-statistics/rebuild-statistics.http.ts'
import { createRebuild, type Rebuild } from './features/rebuild-statistics/rebuild-statistics.ts'
import { createUpkeep } from './features/keep-up/keep-up.ts'
import type { FactStore } from './ports.ts'

/** What bench/load/analytics.ts measures beside the adapters. */
export { batchOf } from './features/ingest-events/ingest-events.ts'
export { scopeOf } from './domain/scope.ts'

export type AnalyticsPorts = Readonly<{
  store: FactStore
  bus: EventBus
  clock: Clock
  logger: Logger
  metrics: Metrics
  /** Whose days and weeks are meant when nobody says. */
  timeZone: string
  readiness: Readonly<Record<string, ReadinessCheck>>
  /** How long events are collected before they are written, ms. */
  collectMs?: number
  leases?: Leases
  /** The file is of another moment than the log of events, as after a restore: it is made anew from that. */
  outOfStep?: Readonly<{ is(): boolean; found(): void; mended(): void }>
}>

export type AnalyticsModule = ServiceModule &
  Readonly<{
    rebuild: Rebuild
    /** Counts what was never in the log; a repeat changes nothing. Resolves when it is durable. */
    takePast(values: readonly FactEvent[]): Promise<void>
  }>

/** An event as it is counted. */
export type { EventValue as FactEvent } from './domain/facts.ts'

const UPKEEP_MS = 60_000
const SERVICE = 'analytics-service'

export function createAnalyticsModule(ports: AnalyticsPorts): AnalyticsModule {
  const { store, bus, clock, logger } = ports
  const upkeep = createUpkeep(store, clock)
  const ingest = createIngest({
    store: { write: (batch) => upkeep.written(store.write(batch)) },
    clock,
    ...(ports.collectMs === undefined ? {} : { collectMs: ports.collectMs }),
  })
  const rebuild = createRebuild({ store, ingest, log: bus.admin, topics: TOPICS, clock, logger })
  const runtime = createRuntime({ ...ports, service: SERVICE, topics: TOPICS, batch: ingestEventsBatch(ingest) })

  const mend = async () => {
    await rebuild.run()
    if (rebuild.state().state === 'done') ports.outOfStep?.mended()
  }

  return {
    service: {
      name: SERVICE,
      title: 'Analytics Service',
      description: 'Statistics of what people do, made from the events of the other services; for administrators.',
      port: 8007,
    },
    readiness: ports.readiness,
    consumes: runtime.consumes,
    rebuild,
    async takePast(values) {
      const told = values.map(toldBy)
      await store.write({ facts: told.flatMap(({ facts }) => facts), forget: [], positions: [], now: clock.now() })
    },
    routes(app: App) {
      getOverviewHttp(app, ports)
      getMessagesHttp(app, ports)
      getUsersHttp(app, ports)
      getRoomsHttp(app, ports)
      getRetentionHttp(app, ports)
      getCareHttp(app, ports)
      rebuildStatisticsHttp(app, { rebuild, background: runtime.background })
    },
    async start() {
      // Without a file of its own it is new, or has lost it: what it took before is read from the log once more.
      const hasLost = !store.exists() && (await hasRead(bus))
      // What is counted from now on makes a file, which would say nothing of what it lacks.
      if (hasLost) ports.outOfStep?.found()
      await runtime.start()
      if (hasLost || ports.outOfStep?.is()) runtime.background(mend())
      runtime.timers.every(UPKEEP_MS, 'upkeep', () => upkeep.run())
    },
    async close() {
      // The consumer ends with what it has in hand, and that is collected for seconds otherwise.
      ingest.hurry()
      rebuild.stop()
      await runtime.close()
      await store.close()
    },
  }
}

async function hasRead(bus: EventBus): Promise<boolean> {
  const lag = await bus.admin.lag(SERVICE)
  return lag.some(({ group, committed_offset }) => group === SERVICE && committed_offset > 0)
}
