import type { BlobStore } from '@bigtech/files'
import type { App, CallBudget, ReadinessCheck, ServiceModule, TokenVerifier } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import type { EventBus, Outbox } from '@bigtech/messaging'
import { createUserFrames, type Broker } from '@bigtech/realtime'
import { createRuntime, type Leases, type ServiceEvents } from '@bigtech/service'
import type { Logger, Metrics } from '@bigtech/telemetry'
import { answerInvitationHttp } from './features/answer-invitation/answer-invitation.http.ts'
import type { ChangeLimits } from './domain/message.ts'
import { changeMessageHttp } from './features/change-message/change-message.http.ts'
import { filesHttp } from './features/files/files.http.ts'
import { createDoubtfulUploads } from './features/files/doubtful-uploads.ts'
import { removeOrphans } from './features/files/files.ts'
import { inviteLinkHttp } from './features/invite-link/invite-link.http.ts'
import { listRoomsHttp } from './features/list-rooms/list-rooms.http.ts'
import { manageMembersHttp } from './features/manage-members/manage-members.http.ts'
import { manageRoomsHttp } from './features/manage-rooms/manage-rooms.http.ts'
import type { RoomLimits } from './features/manage-rooms/manage-rooms.ts'
import { markReadHttp } from './features/mark-read/mark-read.http.ts'
import { runPartitionHttp } from './features/run-partition/run-partition.http.ts'
import { readMessagesHttp } from './features/read-messages/read-messages.http.ts'
import { searchMessagesHttp } from './features/search-messages/search-messages.http.ts'
import { sendMessageHttp } from './features/send-message/send-message.http.ts'
import { setFocusHttp } from './features/set-focus/set-focus.http.ts'
import { sendTypingHttp } from './features/send-typing/send-typing.http.ts'
import { openStreamHttp } from './features/open-stream/open-stream.http.ts'
import { openStreamWs } from './features/open-stream/open-stream.ws.ts'
import { createStreams, type StreamOptions, type Streams } from './features/open-stream/streams.ts'
import type { Audience } from './contract/audience.ts'
import { MESSAGE_TYPES } from './contract/schemas.ts'
import type { UnreadRooms } from './contract/unread.ts'
import { tellUnreadHttp } from './features/tell-unread/tell-unread.http.ts'
import { tellUnread } from './features/tell-unread/tell-unread.ts'
import { tellAudienceHttp } from './features/tell-audience/tell-audience.http.ts'
import { tellAudience } from './features/tell-audience/tell-audience.ts'
import { syncPeopleHandlers } from './features/sync-people/sync-people.consumer.ts'
import type {
  ChangeFeed,
  ClosureStore,
  FileStore,
  FocusStore,
  MessageLog,
  PartitionShare,
  PeopleReadModel,
  PresenceBeats,
  RoomStore,
  TicketStore,
  Usage,
  UserDirectory,
} from './ports.ts'

export type ChatPorts = {
  messages: MessageLog
  rooms: RoomStore
  feed: ChangeFeed
  people: PeopleReadModel
  files: FileStore
  closures: ClosureStore
  outbox: Outbox
  blobs: BlobStore
  directory: UserDirectory
  tickets: TicketStore
  bus: EventBus
  broker: Broker
  /** Frames of changes, which each process makes for its own streams. `broker` brings them too. */
  local: Broker
  /** Where many processes share one log. */
  share?: PartitionShare
  /** For what one of many processes does at a time. */
  leases?: Leases
  tokens: TokenVerifier
  /** Commands of streams count as calls. */
  calls: CallBudget
  clock: Clock
  logger: Logger
  metrics: Metrics
  presence: PresenceBeats
  focus: FocusStore
  /** Forgets old event ids. */
  prune(now: number): Promise<void>
  readiness: Readonly<Record<string, ReadinessCheck>>
}

export type ChatOptions = {
  maxFileBytes: number
  limits: RoomLimits & Readonly<{ change: ChangeLimits; storage: Usage }>
  streams: StreamOptions
  /** Unique among the processes that run now, and the same after a restart. */
  relayOwner: string
}

export type ChatModule = ServiceModule & {
  events: ServiceEvents
  streams: Streams
  /** For services in the same process; others ask the internal port. */
  audience(this: void, roomId: number, afterSeq: number): Promise<Audience | undefined>
  unread(this: void, userId: number, since: number): Promise<UnreadRooms>
}

const CLEANING_MS = 10 * 60_000

export function createChatModule(ports: ChatPorts, options: ChatOptions): ChatModule {
  const streams = createStreams(ports, options.streams)
  const { share } = ports
  const { change: changeLimits, storage, ...roomLimits } = options.limits
  const doubtful = createDoubtfulUploads(ports)
  const filePorts = { ...ports, maxBytes: options.maxFileBytes, limits: storage, doubtful }
  const messagePorts = { ...ports, changeLimits }
  const roomPorts = { ...ports, frames: createUserFrames(ports.broker), limits: roomLimits }
  const streamPorts = { ...messagePorts, streams }
  const sent = ports.metrics.counter({
    name: 'messages_sent_total',
    help: 'Messages stored',
    labelNames: ['message_type'],
  })
  // From 0: without a series nobody would notice that nothing has been sent since the start.
  for (const message_type of MESSAGE_TYPES) sent.inc({ message_type }, 0)
  const created = ports.metrics.counter({ name: 'chat_rooms_created_total', help: 'Rooms created' })
  const runtime = createRuntime({
    ...ports,
    service: 'chat-service',
    topics: ['user.events', 'friend.events'],
    handlers: syncPeopleHandlers(ports),
    relayOwner: options.relayOwner,
  })

  ports.feed.onStored((change) => {
    runtime.events.notify()
    if (change.kind === 'message') sent.inc({ message_type: change.row.message_type })
    if (change.kind === 'joined' && change.join_seq === 0) created.inc()
  })

  return {
    service: {
      name: 'chat-service',
      title: 'Chat Service',
      description: 'Rooms, messages, read state, files, search and the realtime streams (docs/realtime.md).',
      port: 8002,
    },
    readiness: ports.readiness,
    async routes(app: App) {
      sendMessageHttp(app, ports)
      changeMessageHttp(app, messagePorts)
      readMessagesHttp(app, ports)
      searchMessagesHttp(app, ports)
      manageRoomsHttp(app, roomPorts)
      listRoomsHttp(app, ports)
      manageMembersHttp(app, roomPorts)
      answerInvitationHttp(app, roomPorts)
      markReadHttp(app, ports)
      inviteLinkHttp(app, roomPorts)
      await filesHttp(app, filePorts)
      sendTypingHttp(app, ports)
      setFocusHttp(app, ports)
      openStreamHttp(app, streamPorts)
      openStreamWs(app, streamPorts)
    },
    internalRoutes(app: App) {
      tellAudienceHttp(app, ports)
      tellUnreadHttp(app, ports)
      if (share) runPartitionHttp(app, { share })
    },
    ...(share
      ? {
          join: () => share.start(),
          leave: () => share.leave(),
        }
      : {}),
    consumes: runtime.consumes,
    streams,
    events: runtime.events,
    audience: (roomId, afterSeq) => tellAudience(ports, roomId, afterSeq),
    unread: (userId, since) => tellUnread(ports, userId, since),
    async start() {
      await runtime.start()
      runtime.timers.every(
        CLEANING_MS,
        'cleaning',
        async () => {
          await ports.prune(ports.clock.now())
          while ((await removeOrphans(filePorts)) > 0);
          await ports.blobs.tidy?.(ports.clock.now())
        },
        'once',
      )
      runtime.timers.every(CLEANING_MS, 'doubtful uploads', () => doubtful.settle())
    },
    async close() {
      await streams.close()
      await runtime.close()
    },
  }
}
