import { createAnalyticsModule } from '@bigtech/analytics-service'
import { createDuckdbFactStore } from '@bigtech/analytics-service/adapters'
import { systemClock } from '@bigtech/kernel'
import { createMetrics } from '@bigtech/telemetry'
import { analyticsOptions } from '../options.ts'
import type { Shared } from './shared.ts'

export function createAnalytics({ settings, data, bus, logger: parent, idempotency }: Shared) {
  const logger = parent.child({ service: 'analytics-service' })
  const metrics = createMetrics('analytics-service')
  const { timeZone, collectMs, store } = analyticsOptions(settings)
  const module = createAnalyticsModule({
    store: createDuckdbFactStore({ ...store, file: data.path('analytics.duckdb') }),
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
