import { createFriendModule } from '@bigtech/friend-service'
import { createMessageDirectory, createUserDirectory, openMysqlFriendDatabase } from '@bigtech/friend-service/adapters'
import { notEssential } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import { createUserFrames } from '@bigtech/realtime'
import { createMetrics } from '@bigtech/telemetry'
import { friendLimits } from '../options.ts'
import type { MadeFriend } from '../profile.ts'
import { tellIdsInUse } from './ids-in-use.ts'
import { openIdempotency } from './idempotency.ts'
import type { Surroundings } from './surroundings.ts'

export async function makeFriend(surroundings: Surroundings): Promise<MadeFriend> {
  const { settings, instance, engines, peers, closers } = surroundings
  const { bus, broker, redis, reach } = engines
  const logger = surroundings.logger.child({ service: 'friend-service' })
  const metrics = createMetrics('friend-service')
  const database = await reach('MySQL', () => openMysqlFriendDatabase(engines.mysql('friend_service')))
  closers.push(() => database.close())
  const { people } = database
  closers.push(tellIdsInUse(peers.internal('user', 'friend-service'), () => people.highestId(), logger))
  const module = createFriendModule({
    ...database,
    bus,
    logger,
    metrics,
    clock: systemClock,
    relayOwner: instance,
    limits: friendLimits(settings),
    frames: createUserFrames(broker),
    directory: createUserDirectory(peers.api('user')),
    messages: createMessageDirectory(peers.api('chat')),
    readiness: {
      mysql: () => database.check(),
      kafka: notEssential(async () => void (await bus.admin.topics())),
      redis: notEssential(() => redis.check()),
    },
  })
  const idempotency = await openIdempotency(surroundings, 'friend-service')
  return { module, logger, metrics, outbox: database.outbox, idempotency }
}
