import { createChatModule } from '@bigtech/chat-service'
import {
  createRedisTickets,
  createRemotePresenceBeats,
  createSqliteChatStore,
  createUserDirectory,
} from '@bigtech/chat-service/adapters'
import { notEssential } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import { openIdempotencyStore, probeReads } from '@bigtech/sql'
import { createMetrics } from '@bigtech/telemetry'
import { openDataDir } from '../../data-dir.ts'
import { chatStoreEvents } from '../chat-store-events.ts'
import { chatOptions } from '../options.ts'
import type { MadeChat } from '../profile.ts'
import { tellIdsInUse } from './ids-in-use.ts'
import type { Surroundings } from './surroundings.ts'

/** One process has the chats: their log is a file of its own in DATA_DIR. */
export async function makeChat(surroundings: Surroundings): Promise<MadeChat> {
  const { settings, instance, engines, peers, closers, isRevoked, tokens, calls } = surroundings
  const { bus, broker, redis, reach } = engines
  const logger = surroundings.logger.child({ service: 'chat-service' })
  const metrics = createMetrics('chat-service')
  const data = openDataDir(settings.DATA_DIR)
  closers.push(() => data.release())
  const store = await createSqliteChatStore(data.path('chat.db'), chatStoreEvents(logger))
  closers.push(() => store.close())
  const { people } = store
  closers.push(tellIdsInUse(peers.internal('user', 'chat-service'), () => people.highestId(), logger))
  const presence = createRemotePresenceBeats(peers.internal('user', 'chat-service'), {
    onTrouble: (error) => logger.warn({ err: error }, 'presence was not told'),
  })
  closers.push(() => presence.close())
  const blobs = await reach('S3', () => engines.blobs('chat'))
  const idempotency = await openIdempotencyStore(data.path('idempotency.db'))
  closers.push(() => idempotency.close())
  const module = createChatModule(
    {
      ...store,
      bus,
      broker,
      tokens,
      calls,
      logger,
      metrics,
      clock: systemClock,
      blobs,
      directory: createUserDirectory(peers.api('user')),
      presence,
      tickets: createRedisTickets(redis, isRevoked),
      readiness: {
        async database() {
          await store.check()
          probeReads(data.path('chat.db'))
        },
        kafka: notEssential(async () => void (await bus.admin.topics())),
        redis: notEssential(() => redis.check()),
        s3: notEssential(() => blobs.check()),
      },
    },
    chatOptions(settings, instance),
  )
  return {
    module,
    logger,
    metrics,
    outbox: store.outbox,
    files: store.files,
    idempotency: idempotency.storeFor('chat-service'),
  }
}
