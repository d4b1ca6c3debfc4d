import { createFriendModule } from '@bigtech/friend-service'
import { createMessageDirectory, createUserDirectory, openFriendDatabase } from '@bigtech/friend-service/adapters'
import { systemClock } from '@bigtech/kernel'
import { createUserFrames } from '@bigtech/realtime'
import type { HttpClient } from '@bigtech/resilience'
import { createMetrics } from '@bigtech/telemetry'
import { friendLimits } from '../options.ts'
import { readinessOf, RELAY_OWNER, type Closers, type Shared } from './shared.ts'

export async function createFriend(
  shared: Shared,
  closers: Closers,
  services: Readonly<{ user: HttpClient; chat: HttpClient }>,
) {
  const { settings, data, bus } = shared
  const logger = shared.logger.child({ service: 'friend-service' })
  const metrics = createMetrics('friend-service')
  const database = await openFriendDatabase(data.path('friend.db'))
  closers.push(() => database.close())
  const module = createFriendModule({
    ...database,
    bus,
    logger,
    metrics,
    clock: systemClock,
    relayOwner: RELAY_OWNER,
    limits: friendLimits(settings),
    frames: createUserFrames(shared.broker),
    directory: createUserDirectory(services.user),
    messages: createMessageDirectory(services.chat),
    readiness: readinessOf(shared, 'friend.db', () => database.check()),
  })
  return {
    module,
    metrics,
    logger,
    outbox: database.outbox,
    people: database.people,
    idempotency: shared.idempotency.storeFor('friend-service'),
  }
}
