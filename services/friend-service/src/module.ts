import type { App, ReadinessCheck, ServiceModule } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { runConsumer, startRelay, type Consumer, type EventBus, type Outbox, type Relay } from '@bigtech/messaging'
import { withConsumerSpan, type Logger, type Metrics } from '@bigtech/telemetry'
import { answerRequestHttp } from './features/answer-request/answer-request.http.ts'
import { blockUserHttp } from './features/block-user/block-user.http.ts'
import { listFriendsHttp } from './features/list-friends/list-friends.http.ts'
import { listRequestsHttp } from './features/list-requests/list-requests.http.ts'
import { removeFriendHttp } from './features/remove-friend/remove-friend.http.ts'
import { requestFriendHttp } from './features/request-friend/request-friend.http.ts'
import { suggestFriendsHttp } from './features/suggest-friends/suggest-friends.http.ts'
import { syncPeopleHandlers } from './features/sync-people/sync-people.consumer.ts'
import type { Frames, FriendStore, PeopleStore, UserDirectory } from './ports.ts'

export type FriendPorts = {
  friends: FriendStore
  people: PeopleStore
  outbox: Outbox
  bus: EventBus
  directory: UserDirectory
  frames: Frames
  clock: Clock
  logger: Logger
  metrics: Metrics
  readiness: Readonly<Record<string, ReadinessCheck>>
  /** Unique among the processes that run now, and the same after a restart. */
  relayOwner: string
}

export type FriendModule = ServiceModule & { relay(): Relay | undefined }

const CLEANING_MS = 3_600_000

export function createFriendModule(given: FriendPorts): FriendModule {
  const { bus, outbox, clock, logger } = given
  let relay: Relay | undefined
  let consumer: Consumer | undefined
  let cleaning: NodeJS.Timeout | undefined
  const ports = { ...given, notify: () => relay?.notify() }
  const handlers = syncPeopleHandlers(ports)
  const consumes = { group: 'friend-service', topics: ['user.events'], types: Object.keys(handlers) }

  return {
    service: {
      name: 'friend-service',
      title: 'Friend Service',
      description: 'Friend requests, friendships and blocks.',
      port: 8003,
    },
    readiness: given.readiness,
    routes(app: App) {
      requestFriendHttp(app, ports)
      answerRequestHttp(app, ports)
      listRequestsHttp(app, ports)
      listFriendsHttp(app, ports)
      removeFriendHttp(app, ports)
      blockUserHttp(app, ports)
      suggestFriendsHttp(app, ports)
    },
    consumes,
    relay: () => relay,
    async start() {
      relay = startRelay({ outbox, bus, clock, logger, owner: given.relayOwner })
      consumer = await runConsumer({
        bus,
        group: consumes.group,
        topics: consumes.topics,
        handlers,
        clock,
        logger,
        withContext: (headers, run) => withConsumerSpan(headers, 'friend-service consume', run),
      })
      cleaning = setInterval(() => {
        given.people
          .prune(clock.now())
          .catch((error: unknown) => logger.warn({ err: error }, 'cleaning failed; it is tried again later'))
      }, CLEANING_MS)
      cleaning.unref()
    },
    async close() {
      clearInterval(cleaning)
      await consumer?.close()
      await relay
        ?.flush(3_000)
        .catch((error: unknown) => logger.warn({ err: error }, 'outbox not empty; it is sent at the next start'))
      await relay?.close()
    },
  }
}
