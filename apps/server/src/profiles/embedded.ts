import { createAiModule } from '@bigtech/ai-service'
import { openAiDatabase } from '@bigtech/ai-service/adapters'
import { createAnalyticsModule } from '@bigtech/analytics-service'
import { createDuckdbFactStore } from '@bigtech/analytics-service/adapters'
import { createChatModule, type ChatModule } from '@bigtech/chat-service'
import { chatTopics } from '@bigtech/chat-service/contract'
import {
  createMemoryFocus,
  createMemoryTickets,
  createSqliteChatStore,
  createUserDirectory,
} from '@bigtech/chat-service/adapters'
import { createDiskBlobStore } from '@bigtech/files'
import { createFriendModule } from '@bigtech/friend-service'
import { friendTopics } from '@bigtech/friend-service/contract'
import {
  createMessageDirectory,
  createUserDirectory as createFriendDirectory,
  openFriendDatabase,
} from '@bigtech/friend-service/adapters'
import {
  createCallBudget,
  createMemoryRateLimiter,
  createTokenVerifier,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  type CallBudget,
  type TokenVerifier,
} from '@bigtech/http'
import { AppError, systemClock } from '@bigtech/kernel'
import { createNotificationModule } from '@bigtech/notification-service'
import { createPushSender, openNotificationDatabase, roomsOf } from '@bigtech/notification-service/adapters'
import { createMailer, PATIENT } from '@bigtech/mail'
import { createEmbeddedBus, withDlq, type EventBus } from '@bigtech/messaging'
import { createMemoryBroker, createRevocationList, createUserFrames, type Broker } from '@bigtech/realtime'
import type { HttpClient } from '@bigtech/resilience'
import { isStorageFault, openIdempotencyStore, probeReads } from '@bigtech/sql'
import { createMetrics, type Logger } from '@bigtech/telemetry'
import { createUserModule, type UserModule } from '@bigtech/user-service'
import { userTopics } from '@bigtech/user-service/contract'
import { createEmbeddedUserAdapters, UnreadableKey, UnreadableMark } from '@bigtech/user-service/adapters'
import type { Settings } from '../config.ts'
import type { DataDir } from '../data-dir.ts'
import { checkDatabases, reasonOf } from '../data-identity.ts'
import { StartupError } from '../startup-error.ts'
import { aiPorts } from './care.ts'
import {
  analyticsOptions,
  argon2Options,
  attemptLimits,
  callLimits,
  chatOptions,
  friendLimits,
  mailOptions,
  pushOptions,
  userOptions,
} from './options.ts'
import { chatStoreEvents } from './chat-store-events.ts'
import type { MadeServices, Profile } from './profile.ts'

/** One process at a time has the data folder: after kill -9 its outbox leases are its own again at once. */
const RELAY_OWNER = 'embedded'

const DATABASES = ['user.db', 'friend.db', 'chat.db', 'notification.db', 'ai.db', 'events.db', 'idempotency.db']

/** What several services share. */
type Shared = {
  settings: Settings
  publicUrl: () => string
  data: DataDir
  logger: Logger
  bus: EventBus
  broker: Broker
  tokens: TokenVerifier
  calls: CallBudget
  isRevoked(this: void, sessionId: string): boolean
  idempotency: Awaited<ReturnType<typeof openIdempotencyStore>>
}

/** Adapters are closed in the reverse order of their opening, after the modules. */
type Closers = (() => Promise<void> | void)[]

export type EmbeddedProfile = Profile & Readonly<{ services: MadeServices }>

/**
 * The embedded profile: SQLite files, the event log in SQLite, memory for what may be lost, local disk for files.
 * @param services how others ask them
 * @param publicUrl where people reach the gateway, once it listens
 * @param options.acceptLoss go on without databases that are missing or damaged
 */
export async function createEmbeddedProfile(
  settings: Settings,
  data: DataDir,
  logger: Logger,
  services: Readonly<{ user: HttpClient; chat: HttpClient }>,
  publicUrl: () => string,
  { acceptLoss = false }: { acceptLoss?: boolean } = {},
): Promise<EmbeddedProfile> {
  const markDatabases = checkDatabases(data, DATABASES, { acceptLoss, warn: (text) => logger.warn(text) })
  const closers: Closers = []
  const close = async () => {
    for (const closer of closers.toReversed()) await closer()
  }
  try {
    const broker = createMemoryBroker()
    const revocations = createRevocationList(broker)
    closers.push(() => revocations.close())
    const bus = await createEmbeddedBus({ file: data.path('events.db'), logger })
    closers.push(() => bus.close())
    await bus.ensureTopics(withDlq([...userTopics, ...friendTopics, ...chatTopics]))
    const users = await createEmbeddedUserAdapters({
      dataDir: data.path(),
      bus,
      broker,
      logger,
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      mail: { smtpUrl: settings.SMTP_URL, from: settings.MAIL_FROM },
      argon2: argon2Options(settings),
    })
    closers.push(() => users.close())
    const isRevoked = (id: string) => revocations.isRevoked(id)
    const tokens = createTokenVerifier({ jwks: async () => users.keys.jwks(), isRevoked })
    const idempotency = await openIdempotencyStore(data.path('idempotency.db'))
    closers.push(() => idempotency.close())
    const prune = async () => {
      try {
        await idempotency.prune(Date.now())
        await users.pruneMails(Date.now() - settings.MAIL_RETENTION)
      } catch (error) {
        logger.warn({ err: error }, 'old idempotency keys and mails were not removed; it is tried again')
      }
    }
    await prune()
    const pruning = setInterval(() => void prune(), 3_600_000)
    pruning.unref()
    closers.push(() => clearInterval(pruning))
    const calls = createCallBudget(settings.RATE_LIMIT_USER)
    const shared: Shared = { settings, publicUrl, data, logger, bus, broker, tokens, calls, isRevoked, idempotency }
    const user = await createUser(shared, users)
    const friend = await createFriend(shared, closers, services)
    const chat = await createChat(shared, closers, services.user, user.module.presence)
    const notification = await createNotification(shared, closers, { user: user.module, chat: chat.module })
    const ai = await createAi(shared, closers)
    const analytics = createAnalytics(shared)
    await users.reserveIds(Math.max(await friend.people.highestId(), await chat.people.highestId()))
    markDatabases()
    const limits = callLimits(settings)
    return {
      bus,
      tokens,
      calls,
      limits: {
        anonymous: createMemoryRateLimiter(limits.anonymous),
        tickets: createMemoryRateLimiter(limits.tickets),
      },
      services: { user, friend, chat, notification, ai, analytics },
      idempotency: idempotency.storeFor('gateway'),
      close,
    }
  } catch (error) {
    await close()
    throw startupErrorOf(error, data)
  }
}

/** What the operator can act on is one line; anything else is a fault of the program. */
function startupErrorOf(error: unknown, data: DataDir): unknown {
  if (error instanceof UnreadableKey || error instanceof UnreadableMark)
    return new StartupError(`${error.message} Restore it from a backup.`)
  const storage = error instanceof AppError && error.code === 'STORAGE_UNAVAILABLE'
  const system = error as NodeJS.ErrnoException
  if (!storage && !isStorageFault(error) && system.path === undefined) return error
  return new StartupError(`The files in DATA_DIR ${data.path()} cannot be used: ${reasonOf(error)}.`)
}

async function createUser(shared: Shared, users: Awaited<ReturnType<typeof createEmbeddedUserAdapters>>) {
  const { settings } = shared
  const logger = shared.logger.child({ service: 'user-service' })
  const metrics = createMetrics('user-service')
  const limits = attemptLimits(settings)
  const module = await createUserModule(
    {
      ...users.ports,
      attempts: createMemoryRateLimiter(limits.attempts),
      addressAttempts: createMemoryRateLimiter(limits.addressAttempts),
      freeAttempts: limits.freeAttempts,
      metrics,
      readiness: readinessOf(shared, 'user.db', () => users.check()),
    },
    { ...userOptions(settings, shared.publicUrl), instance: RELAY_OWNER },
  )
  return {
    module,
    metrics,
    logger,
    outbox: users.ports.outbox,
    idempotency: shared.idempotency.storeFor('user-service'),
  }
}

/** A store is ready that can be written, and whose pages can be read. */
const readinessOf = ({ data, bus }: Shared, file: string, check: () => Promise<void>) => ({
  async database() {
    await check()
    probeReads(data.path(file))
  },
  async events() {
    await bus.admin.topics()
    probeReads(data.path('events.db'))
  },
})

async function createFriend(
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
    directory: createFriendDirectory(services.user),
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

async function createChat(
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

async function createNotification(
  shared: Shared,
  closers: Closers,
  { user, chat }: { user: Pick<UserModule, 'mailbox'>; chat: Pick<ChatModule, 'audience' | 'unread'> },
) {
  const { settings, data, bus, broker } = shared
  const logger = shared.logger.child({ service: 'notification-service' })
  const metrics = createMetrics('notification-service')
  const database = await openNotificationDatabase(data.path('notification.db'))
  closers.push(() => database.close())
  const module = createNotificationModule({
    ...database,
    bus,
    broker,
    logger,
    metrics,
    clock: systemClock,
    instance: RELAY_OWNER,
    frames: createUserFrames(broker),
    rooms: roomsOf(chat),
    mailboxes: { of: user.mailbox },
    mailer: createMailer({ ...mailOptions(settings), folder: data.path('mail'), timeouts: PATIENT }),
    publicUrl: shared.publicUrl,
    sender: createPushSender(await pushOptions(settings, database)),
    readiness: readinessOf(shared, 'notification.db', () => database.check()),
  })
  return { module, metrics, logger, idempotency: shared.idempotency.storeFor('notification-service') }
}

async function createAi(shared: Shared, closers: Closers) {
  const { settings, data, bus } = shared
  const logger = shared.logger.child({ service: 'ai-service' })
  const metrics = createMetrics('ai-service')
  const database = await openAiDatabase(data.path('ai.db'))
  closers.push(() => database.close())
  const module = createAiModule({
    ...database,
    ...aiPorts(settings),
    bus,
    clock: systemClock,
    logger,
    metrics,
    readiness: readinessOf(shared, 'ai.db', () => database.check()),
  })
  return { module, metrics, logger, idempotency: shared.idempotency.storeFor('ai-service') }
}

function createAnalytics({ settings, data, bus, logger: parent, idempotency }: Shared) {
  const logger = parent.child({ service: 'analytics-service' })
  const metrics = createMetrics('analytics-service')
  const { timeZone, collectMs, store } = analyticsOptions(settings)
  const module = createAnalyticsModule({
    store: createDuckdbFactStore({ ...store, file: data.path('analytics.duckdb') }),
    bus,
    logger,
    metrics,
    timeZone,
    ...(collectMs === undefined ? {} : { collectMs }),
    clock: systemClock,
    readiness: { events: async () => void (await bus.admin.topics()) },
  })
  return { module, metrics, logger, idempotency: idempotency.storeFor('analytics-service') }
}
