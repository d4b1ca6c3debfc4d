import { createAiModule } from '@bigtech/ai-service'
import { createFriends, createPeople, openAiDatabase } from '@bigtech/ai-service/adapters'
import { createMemoryRateLimiter } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import type { HttpClient } from '@bigtech/resilience'
import { createMetrics } from '@bigtech/telemetry'
import { aiPorts } from '../care.ts'
import { CONSENT_WRITES } from '../options.ts'
import type { MadeAi } from '../profile.ts'
import { readinessOf, RELAY_OWNER, type Closers, type Shared } from './shared.ts'

export async function createAi(
  shared: Shared,
  closers: Closers,
  services: Readonly<{ user: HttpClient; friend: HttpClient }>,
): Promise<MadeAi> {
  const { settings, data, bus } = shared
  const logger = shared.logger.child({ service: 'ai-service' })
  const metrics = createMetrics('ai-service')
  const database = await openAiDatabase(data.path('ai.db'))
  closers.push(() => database.close())
  const module = createAiModule({
    ...database,
    ...aiPorts(settings),
    friends: createFriends(services.friend),
    people: createPeople(services.user),
    consentWrites: createMemoryRateLimiter(CONSENT_WRITES),
    bus,
    clock: systemClock,
    logger,
    metrics,
    relayOwner: RELAY_OWNER,
    readiness: readinessOf(shared, 'ai.db', () => database.check()),
  })
  const idempotency = shared.idempotency.storeFor('ai-service')
  return { module, metrics, logger, outbox: database.outbox, idempotency }
}
