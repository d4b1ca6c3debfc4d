import {
  createCallBudget,
  createRedisRateLimiter,
  createRemoteJwks,
  createRemoteRevocations,
  createTokenVerifier,
  type RateLimit,
} from '@bigtech/http'
import { createRedisIdempotencyStore } from '@bigtech/http/redis'
import { newId } from '@bigtech/kernel'
import { withDlq } from '@bigtech/messaging'
import { createRevocationList } from '@bigtech/realtime'
import type { Logger } from '@bigtech/telemetry'
import { careTopics } from '@bigtech/ai-service/contract'
import { chatTopics } from '@bigtech/chat-service/contract'
import { friendTopics } from '@bigtech/friend-service/contract'
import { userTopics } from '@bigtech/user-service/contract'
import type { Settings } from '../../config.ts'
import { rolesOf } from '../../engine-settings.ts'
import { addressOf, reachable } from '../../addresses.ts'
import type { Role } from '../../roles.ts'
import { callLimits } from '../options.ts'
import type { MadeServices, Profile } from '../profile.ts'
import { openEngines, type Closers, type Engines } from './engines.ts'
import { watchNodeName } from './node-name.ts'
import { createPeers, type OwnAddresses, type Peers } from './peers.ts'
import type { Surroundings } from './surroundings.ts'

export type DistributedProfile = Profile & Readonly<{ roles: ReadonlySet<Role>; engines: Engines; peers: Peers }>

/**
 * The distributed profile: users and friends on MySQL, events on Kafka, files in S3, presence, limits, tickets and frames on Redis. Of the
 * services only those are loaded that this process runs.
 * @param own filled as its services begin to listen
 */
export async function createDistributedProfile(
  settings: Settings,
  logger: Logger,
  own: OwnAddresses,
): Promise<DistributedProfile> {
  const roles = rolesOf(settings)
  const instance = settings.NODE_ID ?? newId()
  const closers: Closers = []
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    const engines = await openEngines(settings, `bigtech-${instance}`, logger, closers)
    const { bus, redis, broker, reach } = engines
    if (settings.NODE_ID) {
      const nodeName = watchNodeName(redis, settings.NODE_ID, logger)
      closers.push(() => nodeName.close())
    }
    const topics = withDlq([...userTopics, ...friendTopics, ...chatTopics, ...careTopics])
    await reach(`Kafka (${settings.KAFKA_BROKERS.join(', ')})`, () => bus.ensureTopics(topics))
    const peers = createPeers(settings, own)
    const revocations = createRevocationList(broker, {
      source: createRemoteRevocations(peers.internal('user', 'gateway')),
      onTrouble: (error) =>
        logger.warn({ err: error }, 'user-service was not asked which sessions ended; it is tried again'),
    })
    closers.push(() => revocations.close())
    const { isRevoked } = revocations
    const jwks = createRemoteJwks(peers.api('user'))
    const tokens = createTokenVerifier({
      async jwks() {
        await revocations.complete()
        return jwks()
      },
      isRevoked,
    })
    const limits = callLimits(settings)
    const limiter = (name: string, limit: RateLimit) => createRedisRateLimiter(redis, { name, ...limit })
    const surroundings: Surroundings = {
      settings,
      instance,
      logger,
      engines,
      peers,
      tokens,
      calls: createCallBudget(settings.RATE_LIMIT_USER),
      isRevoked,
      limiter,
      ownAddress: () => settings.NODE_ADDRESS ?? addressAmongOthers(settings.SERVICE_HOST, own.chat?.internal),
      publicUrl: () => settings.PUBLIC_URL ?? 'http://localhost:8080',
      closers,
    }
    return {
      roles,
      engines,
      peers,
      bus,
      tokens,
      calls: surroundings.calls,
      limits: { anonymous: limiter('', limits.anonymous), tickets: limiter('tickets', limits.tickets) },
      services: await makeServices(roles, surroundings),
      idempotency: createRedisIdempotencyStore(redis, 'gateway'),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A process that listens everywhere is reached at its machine's address. */
function addressAmongOthers(host: string, internal: string | undefined): string | undefined {
  return internal && addressOf(reachable(host), Number(new URL(internal).port))
}

/** Each is loaded only here, so that a process has no more in memory than what it runs. */
async function makeServices(roles: ReadonlySet<Role>, surroundings: Surroundings): Promise<Partial<MadeServices>> {
  return {
    ...(roles.has('user') ? { user: await (await import('./user.ts')).makeUser(surroundings) } : {}),
    ...(roles.has('friend') ? { friend: await (await import('./friend.ts')).makeFriend(surroundings) } : {}),
    ...(roles.has('chat') ? { chat: await (await import('./chat.ts')).makeChat(surroundings) } : {}),
    ...(roles.has('notification')
      ? { notification: await (await import('./notification.ts')).makeNotification(surroundings) }
      : {}),
    ...(roles.has('ai') ? { ai: await (await import('./ai.ts')).makeAi(surroundings) } : {}),
    ...(roles.has('analytics')
      ? { analytics: await (await import('./analytics.ts')).makeAnalytics(surroundings) }
      : {}),
  }
}
