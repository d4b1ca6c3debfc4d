import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createAnalyticsModule } from '@bigtech/analytics-service'
import {
  createArchivedFactStore,
  createBlobArchive,
  createDuckdbFactStore,
  hasDuckdb,
} from '@bigtech/analytics-service/adapters'
import { notEssential } from '@bigtech/http'
import { createRedisIdempotencyStore } from '@bigtech/http/redis'
import { systemClock } from '@bigtech/kernel'
import { createMetrics } from '@bigtech/telemetry'
import { analyticsOptions } from '../options.ts'
import type { MadeAnalytics } from '../profile.ts'
import type { Surroundings } from './surroundings.ts'

/** Events are collected for longer where each batch becomes an object, ms. */
const COLLECT_MS = 10_000

/** Facts are objects of the file store; what is in DATA_DIR is this process's reading of them, under its own name. */
export async function makeAnalytics(surroundings: Surroundings): Promise<MadeAnalytics> {
  const { settings, instance, engines } = surroundings
  const { bus, redis, reach } = engines
  const logger = surroundings.logger.child({ service: 'analytics-service' })
  const metrics = createMetrics('analytics-service')
  const { timeZone, store: limits, collectMs } = analyticsOptions(settings, hasDuckdb())
  mkdirSync(settings.DATA_DIR, { recursive: true })
  const facts = await reach('S3', () => engines.blobs('analytics/facts'))
  const store = createArchivedFactStore({
    local: createDuckdbFactStore({ ...limits, file: join(settings.DATA_DIR, `analytics-${instance}.duckdb`) }),
    facts: createBlobArchive(facts),
    closed: createBlobArchive(await engines.blobs('analytics/closed')),
    now: () => systemClock.now(),
  })
  const module = createAnalyticsModule({
    store,
    bus,
    logger,
    metrics,
    timeZone,
    clock: systemClock,
    collectMs: collectMs ?? COLLECT_MS,
    readiness: {
      s3: () => facts.check(),
      kafka: notEssential(async () => void (await bus.admin.topics())),
      redis: notEssential(() => redis.check()),
    },
  })
  return { module, logger, metrics, idempotency: createRedisIdempotencyStore(redis, 'analytics-service') }
}
