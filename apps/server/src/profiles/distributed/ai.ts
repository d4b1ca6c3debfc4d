import { createAiModule } from '@bigtech/ai-service'
import { createFriends, createPeople, openMysqlAiDatabase } from '@bigtech/ai-service/adapters'
import { notEssential } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import { createMetrics } from '@bigtech/telemetry'
import { aiPorts } from '../care.ts'
import { CONSENT_WRITES } from '../options.ts'
import type { MadeAi } from '../profile.ts'
import { openIdempotency } from './idempotency.ts'
import type { Surroundings } from './surroundings.ts'

export async function makeAi(surroundings: Surroundings): Promise<MadeAi> {
  const { settings, instance, engines, closers, limiter, peers } = surroundings
  const { bus, redis, reach } = engines
  const logger = surroundings.logger.child({ service: 'ai-service' })
  const metrics = createMetrics('ai-service')
  const database = await reach('MySQL', () => openMysqlAiDatabase(engines.mysql('ai_service')))
  closers.push(() => database.close())
  const module = createAiModule({
    ...database,
    ...aiPorts(settings),
    friends: createFriends(peers.api('friend')),
    people: createPeople(peers.api('user')),
    consentWrites: limiter('care_consents', CONSENT_WRITES),
    bus,
    clock: systemClock,
    logger,
    metrics,
    relayOwner: instance,
    readiness: {
      mysql: () => database.check(),
      kafka: notEssential(async () => void (await bus.admin.topics())),
      redis: notEssential(() => redis.check()),
    },
  })
  const idempotency = await openIdempotency(surroundings, 'ai-service')
  return { module, logger, metrics, outbox: database.outbox, idempotency }
}
