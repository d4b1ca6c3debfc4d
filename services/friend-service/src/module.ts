import type { App, ReadinessCheck, ServiceModule } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import type { EventBus, Outbox } from '@bigtech/messaging'
import type { UserFrames } from '@bigtech/realtime'
import { createRuntime, type Leases, type ServiceEvents } from '@bigtech/service'
import type { Logger, Metrics } from '@bigtech/telemetry'
import type { FriendLimits } from './access/change-pair.ts'
import { answerRequestHttp } from './features/answer-request/answer-request.http.ts'
import { blockUserHttp } from './features/block-user/block-user.http.ts'
import { handleReport, type HandleReport } from './features/handle-report/handle-report.ts'
import { listFriendsHttp } from './features/list-friends/list-friends.http.ts'
import { listRequestsHttp } from './features/list-requests/list-requests.http.ts'
import { removeFriendHttp } from './features/remove-friend/remove-friend.http.ts'
import { reportUserHttp } from './features/report-user/report-user.http.ts'
import { requestFriendHttp } from './features/request-friend/request-friend.http.ts'
import { suggestFriendsHttp } from './features/suggest-friends/suggest-friends.http.ts'
import { syncPeopleHandlers } from './features/sync-people/sync-people.consumer.ts'
import { createFriendMetrics } from './telemetry/metrics.ts'
import type { FriendStore, MessageDirectory, PeopleStore, Report, ReportStore, UserDirectory } from './ports.ts'

export type FriendPorts = {
  friends: FriendStore
  people: PeopleStore
  reports: ReportStore
  outbox: Outbox
  bus: EventBus
  directory: UserDirectory
  messages: MessageDirectory
  frames: UserFrames
  clock: Clock
  logger: Logger
  metrics: Metrics
  limits: FriendLimits
  readiness: Readonly<Record<string, ReadinessCheck>>
  /** Unique among the processes that run now, and the same after a restart. */
  relayOwner: string
  /** For what one process of the service does at a time; default: there is one process. */
  leases?: Leases
}

export type FriendModule = ServiceModule & {
  events: ServiceEvents
  /** For the operator. */
  reports: Pick<ReportStore, 'list'> & { handle(command: HandleReport): Promise<Report | undefined> }
}

const CLEANING_MS = 3_600_000

export function createFriendModule(given: FriendPorts): FriendModule {
  const ports = { ...given, notify: () => runtime.events.notify(), changed: createFriendMetrics(given.metrics) }
  const runtime = createRuntime({
    ...given,
    service: 'friend-service',
    topics: ['user.events'],
    handlers: syncPeopleHandlers(ports),
  })

  return {
    service: {
      name: 'friend-service',
      title: 'Friend Service',
      description: 'Friend requests, friendships, blocks and reports.',
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
      reportUserHttp(app, ports)
      suggestFriendsHttp(app, ports)
    },
    consumes: runtime.consumes,
    events: runtime.events,
    reports: {
      list: (query) => given.reports.list(query),
      handle: (command) => handleReport(given, command),
    },
    async start() {
      await runtime.start()
      runtime.timers.every(CLEANING_MS, 'cleaning', () => given.people.prune(given.clock.now()), 'once')
    },
    close: () => runtime.close(),
  }
}
