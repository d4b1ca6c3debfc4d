import type { AiModule } from '@bigtech/ai-service'
import type { AnalyticsModule } from '@bigtech/analytics-service'
import type { ChatModule, ChatPorts } from '@bigtech/chat-service'
import type { FriendModule } from '@bigtech/friend-service'
import type { CallBudget, IdempotencyStore, RateLimiter, ServiceModule, TokenVerifier } from '@bigtech/http'
import type { EventBus, Outbox } from '@bigtech/messaging'
import type { PartitionStatus } from '@bigtech/partition-log'
import type { Logger, Metrics } from '@bigtech/telemetry'
import type { UserModule } from '@bigtech/user-service'

/** A service as a profile made it: what the process needs to serve, watch and stop it. */
export type MadeService<Module extends ServiceModule = ServiceModule> = Readonly<{
  module: Module
  logger: Logger
  metrics: Metrics
  /** Of a service that tells others something. */
  outbox?: Outbox
  idempotency: IdempotencyStore
}>

export type MadeUser = MadeService<UserModule>
export type MadeFriend = MadeService<FriendModule>
export type MadeChat = MadeService<ChatModule> &
  Readonly<{
    files: Pick<ChatPorts['files'], 'largestUsages'>
    /** Of the log that it shares with others. */
    partitions?: () => readonly PartitionStatus[]
  }>

export type MadeAnalytics = MadeService<AnalyticsModule>
export type MadeNotification = MadeService
export type MadeAi = MadeService<AiModule>

export type MadeServices = Readonly<{
  user: MadeUser
  friend: MadeFriend
  chat: MadeChat
  notification: MadeNotification
  ai: MadeAi
  analytics: MadeAnalytics
}>

/** What all services and the gateway of a process share, whatever it runs on. */
export type Profile = Readonly<{
  bus: EventBus
  tokens: TokenVerifier
  calls: CallBudget
  /** Of the gateway: calls without a sign-in, and streams opened with a ticket, each per address. */
  limits: Readonly<{ anonymous: RateLimiter; tickets: RateLimiter }>
  services: Partial<MadeServices>
  /** The gateway's own. */
  idempotency: IdempotencyStore
  /** After the modules were closed. */
  close(): Promise<void>
}>
