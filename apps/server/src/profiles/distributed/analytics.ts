import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createAnalyticsModule } from '@bigtech/analytics-service'
import { createDuckdbFactStore } from '@bigtech/analytics-service/adapters'
import { notEssential } from '@bigtech/http'
import { createRedisIdempotencyStore } from '@bigtech/http/redis'
import { systemClock } from '@bigtech/kernel'
import { createMetrics } from '@bigtech/telemetry'
import { analyticsOptions } from '../options.ts'
import type { MadeAnalytics } from '../profile.ts'
import type { Surroundings } from './surroundings.ts'

export async function makeAnalytics(surroundings: Surroundings): Promise<MadeAnalytics> {
  const { settings, engines } = surroundings
  const { bus, redis } = engines
  const logger = surroundings.logger.child({ service: 'analytics-service' })
  const metrics = createMetrics('analytics-service')
  const { timeZone, store } = analyticsOptions(settings)
  mkdirSync(settings.DATA_DIR, { recursive: true })
  const module = createAnalyticsModule({
    store: createDuckdbFactStore({ ...store, file: join(settings.DATA_DIR, 'analytics.duckdb') }),
    bus,
    logger,
    metrics,
    timeZone,
    clock: systemClock,
    readiness: { kafka: async () => void (await bus.admin.topics()), redis: notEssential(() => redis.check()) },
  })
  return { module, logger, metrics, idempotency: createRedisIdempotencyStore(redis, 'analytics-service') }
}
