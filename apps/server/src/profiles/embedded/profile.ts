import { careTopics } from '@bigtech/ai-service/contract'
import { chatTopics } from '@bigtech/chat-service/contract'
import { friendTopics } from '@bigtech/friend-service/contract'
import {
  createCallBudget,
  createMemoryRateLimiter,
  createTokenVerifier,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
} from '@bigtech/http'
import { AppError } from '@bigtech/kernel'
import { createEmbeddedBus, withDlq } from '@bigtech/messaging'
import { createMemoryBroker, createRevocationList } from '@bigtech/realtime'
import type { HttpClient } from '@bigtech/resilience'
import { isStorageFault, openIdempotencyStore } from '@bigtech/sql'
import type { Logger } from '@bigtech/telemetry'
import { createEmbeddedUserAdapters, UnreadableKey, UnreadableMark } from '@bigtech/user-service/adapters'
import { userTopics } from '@bigtech/user-service/contract'
import type { Settings } from '../../config.ts'
import type { DataDir } from '../../data-dir.ts'
import { checkDatabases, reasonOf } from '../../data-identity.ts'
import { StartupError } from '../../startup-error.ts'
import { argon2Options, callLimits } from '../options.ts'
import type { MadeServices, Profile } from '../profile.ts'
import { createAi } from './ai.ts'
import { createAnalytics } from './analytics.ts'
import { createChat } from './chat.ts'
import { createFriend } from './friend.ts'
import { createNotification } from './notification.ts'
import type { Closers, Shared } from './shared.ts'
import { createUser } from './user.ts'

const DATABASES = ['user.db', 'friend.db', 'chat.db', 'notification.db', 'ai.db', 'events.db', 'idempotency.db']

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
  services: Readonly<{ user: HttpClient; friend: HttpClient; chat: HttpClient }>,
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
    await bus.ensureTopics(withDlq([...userTopics, ...friendTopics, ...chatTopics, ...careTopics]))
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
    const ai = await createAi(shared, closers, services)
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
