import { createChatModule } from '@bigtech/chat-service'
import {
  createMemoryFocus,
  createMemoryTickets,
  createSqliteChatStore,
  createUserDirectory,
} from '@bigtech/chat-service/adapters'
import { createDiskBlobStore } from '@bigtech/files'
import { systemClock } from '@bigtech/kernel'
import type { HttpClient } from '@bigtech/resilience'
import { createMetrics } from '@bigtech/telemetry'
import type { UserModule } from '@bigtech/user-service'
import { chatStoreEvents } from '../chat-store-events.ts'
import { chatOptions } from '../options.ts'
import { readinessOf, RELAY_OWNER, type Closers, type Shared } from './shared.ts'

export async function createChat(
  shared: Shared,
  closers: Closers,
  userService: HttpClient,
  presence: Pick<UserModule['presence'], 'heartbeat'>,
) {
  const { settings, data, bus, broker, tokens, calls, isRevoked } = shared
  const logger = shared.logger.child({ service: 'chat-service' })
  const metrics = createMetrics('chat-service')
  const store = await createSqliteChatStore(data.path('chat.db'), chatStoreEvents(logger))
  closers.push(() => store.close())
  const module = createChatModule(
    {
      ...store,
      bus,
      broker,
      local: broker,
      tokens,
      calls,
      logger,
      metrics,
      clock: systemClock,
      blobs: await createDiskBlobStore(data.path('blobs', 'chat')),
      directory: createUserDirectory(userService),
      presence: {
        beat: (userId) =>
          void presence
            .heartbeat(userId)
            .catch((error: unknown) => logger.warn({ err: error }, 'presence was not told')),
      },
      tickets: createMemoryTickets(systemClock, isRevoked),
      focus: createMemoryFocus(systemClock),
      readiness: readinessOf(shared, 'chat.db', () => store.check()),
    },
    chatOptions(settings, RELAY_OWNER),
  )
  const idempotency = shared.idempotency.storeFor('chat-service')
  return { module, metrics, logger, outbox: store.outbox, files: store.files, people: store.people, idempotency }
}
