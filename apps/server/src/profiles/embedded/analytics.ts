import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { createAnalyticsModule } from '@bigtech/analytics-service'
import { createDuckdbFactStore, hasDuckdb } from '@bigtech/analytics-service/adapters'
import { systemClock } from '@bigtech/kernel'
import { createMetrics } from '@bigtech/telemetry'
import { RESTORED } from '../../data-dir.ts'
import { analyticsOptions } from '../options.ts'
import type { Shared } from './shared.ts'

export function createAnalytics({ settings, data, bus, logger: parent, idempotency }: Shared) {
  const logger = parent.child({ service: 'analytics-service' })
  const metrics = createMetrics('analytics-service')
  const { timeZone, collectMs, store } = analyticsOptions(settings, hasDuckdb())
  const module = createAnalyticsModule({
    store: createDuckdbFactStore({ ...store, file: data.path('analytics.duckdb') }),
    outOfStep: {
      is: () => existsSync(data.path(RESTORED)),
      found: () => writeFileSync(data.path(RESTORED), '', { flush: true }),
      mended: () => rmSync(data.path(RESTORED), { force: true }),
    },
    bus,
    logger,
    metrics,
    timeZone,
    ...(collectMs === undefined ? {} : { collectMs }),
    clock: systemClock,
    readiness: { events: async () => void (await bus.admin.topics()) },
  })
  return { module, metrics, logger, idempotency: idempotency.storeFor('analytics-service') }
}
