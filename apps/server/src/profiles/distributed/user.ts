import { createRedisCache } from '@bigtech/cache/redis'
import { notEssential, TOKEN_AUDIENCE, TOKEN_ISSUER } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import { createMailer } from '@bigtech/mail'
import { createUserFrames } from '@bigtech/realtime'
import { createMetrics } from '@bigtech/telemetry'
import { createUserModule } from '@bigtech/user-service'
import {
  createAccessTokens,
  createArgon2Hasher,
  createBrokerRevocations,
  createCommonPasswords,
  createOnlineStatusPublisher,
  createRedisPresenceStore,
  openMysqlIdMark,
  openMysqlUserDatabase,
  WrongKeySecret,
} from '@bigtech/user-service/adapters'
import { argon2Options, attemptLimits, mailOptions, userOptions } from '../options.ts'
import { StartupError } from '../../startup-error.ts'
import type { MadeUser } from '../profile.ts'
import { openIdempotency } from './idempotency.ts'
import { keptTidy } from './mails.ts'
import type { Surroundings } from './surroundings.ts'

/** How often a process sees what others did with the signing keys, ms. */
const KEYS_MS = 10_000

export async function makeUser(surroundings: Surroundings): Promise<MadeUser> {
  const { settings, instance, engines, closers, limiter } = surroundings
  const { bus, redis, broker, reach } = engines
  const logger = surroundings.logger.child({ service: 'user-service' })
  const metrics = createMetrics('user-service')
  const idMark = await reach('MySQL', () => openMysqlIdMark({ ...engines.mysql('user_ids'), connections: 2 }))
  closers.push(() => idMark.close())
  const database = await reach('MySQL', () => openMysqlUserDatabase(engines.mysql('user_service'), idMark.current()))
  closers.push(() => database.close())
  await reach('MySQL', () => idMark.raise(database.lastId))
  const keys = await reach('MySQL', () => database.signingKeys(settings.SIGNING_KEY_SECRET!)).catch(
    (error: unknown) => {
      throw error instanceof WrongKeySecret ? new StartupError(error.message) : error
    },
  )
  const refresh = setInterval(() => {
    keys.refresh().catch((error: unknown) => logger.warn({ err: error }, 'signing keys were not read'))
  }, KEYS_MS)
  refresh.unref()
  closers.push(() => clearInterval(refresh))
  const cache = createRedisCache(redis)
  closers.push(() => cache.close())
  const blobs = await reach('S3', () => engines.blobs('profile-images'))
  const commonPasswords = createCommonPasswords()
  closers.push(() => commonPasswords.close())
  const limits = attemptLimits(settings)
  const module = await createUserModule(
    {
      store: database.store,
      idMark,
      async reserveIds(upTo) {
        await database.reserveIds(upTo)
        await idMark.raise(upTo)
      },
      outbox: database.outbox,
      leases: database.leases,
      bus,
      frames: createUserFrames(broker),
      revocations: createBrokerRevocations(broker),
      hasher: createArgon2Hasher(argon2Options(settings)),
      commonPasswords,
      tokens: createAccessTokens(keys, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE }),
      mailer: keptTidy(createMailer(mailOptions(settings)), surroundings),
      presence: createRedisPresenceStore(redis),
      onlineStatus: createOnlineStatusPublisher({ bus, logger }),
      cache,
      blobs,
      attempts: limiter('login', limits.attempts),
      addressAttempts: limiter('login_address', limits.addressAttempts),
      freeAttempts: limits.freeAttempts,
      logger: surroundings.logger,
      metrics,
      clock: systemClock,
      readiness: {
        mysql: () => database.check(),
        kafka: notEssential(async () => void (await bus.admin.topics())),
        redis: notEssential(() => redis.check()),
        s3: notEssential(() => blobs.check()),
      },
    },
    { ...userOptions(settings, surroundings.publicUrl), instance },
  )
  const idempotency = await openIdempotency(surroundings, 'user-service')
  return { module, logger, metrics, outbox: database.outbox, idempotency }
}
