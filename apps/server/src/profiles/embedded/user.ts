import { createMemoryRateLimiter } from '@bigtech/http'
import { createMetrics } from '@bigtech/telemetry'
import { createUserModule } from '@bigtech/user-service'
import type { createEmbeddedUserAdapters } from '@bigtech/user-service/adapters'
import { attemptLimits, userOptions } from '../options.ts'
import { readinessOf, RELAY_OWNER, type Shared } from './shared.ts'

export async function createUser(shared: Shared, users: Awaited<ReturnType<typeof createEmbeddedUserAdapters>>) {
  const { settings } = shared
  const logger = shared.logger.child({ service: 'user-service' })
  const metrics = createMetrics('user-service')
  const limits = attemptLimits(settings)
  const module = await createUserModule(
    {
      ...users.ports,
      attempts: createMemoryRateLimiter(limits.attempts),
      addressAttempts: createMemoryRateLimiter(limits.addressAttempts),
      freeAttempts: limits.freeAttempts,
      metrics,
      readiness: readinessOf(shared, 'user.db', () => users.check()),
    },
    { ...userOptions(settings, shared.publicUrl), instance: RELAY_OWNER },
  )
  return {
    module,
    metrics,
    logger,
    outbox: users.ports.outbox,
    idempotency: shared.idempotency.storeFor('user-service'),
  }
}
