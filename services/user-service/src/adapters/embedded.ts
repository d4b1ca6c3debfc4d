import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createMemoryCache, type Cache } from '@bigtech/cache'
import { createDiskBlobStore, type BlobStore } from '@bigtech/files'
import { systemClock, type Clock } from '@bigtech/kernel'
import type { EventBus } from '@bigtech/messaging'
import { createMailer } from '@bigtech/mail'
import { createUserFrames, type Broker } from '@bigtech/realtime'
import type { Logger } from '@bigtech/telemetry'
import type { SigningKeys } from '../ports.ts'
import { createArgon2Hasher, type Argon2Options } from './argon2/password-hasher.ts'
import { createBrokerRevocations } from './broker/revocations.ts'
import { createOnlineStatusPublisher } from './bus/online-status.ts'
import { createAccessTokens } from './jwt/access-tokens.ts'
import { createFileIdMark } from './file/id-mark.ts'
import { createFileSigningKeys } from './jwt/file-signing-keys.ts'
import { createMemoryPresenceStore } from './memory/presence-store.ts'
import { openUserDatabase } from './sqlite/open.ts'
import { createCommonPasswords } from './zxcvbn/common-passwords.ts'

export type EmbeddedUserOptions = Readonly<{
  /** Holds `user.db`, `user-ids`, `keys/`, `mail/` and `profile-images/`; made if missing. */
  dataDir: string
  bus: EventBus
  broker: Broker
  logger: Logger
  /** `iss` and `aud` of the access tokens: TOKEN_ISSUER and TOKEN_AUDIENCE of packages/http */
  issuer: string
  audience: string
  /** See createMailer. */
  mail: Readonly<{ from: string; smtpUrl?: string | undefined }>
  clock?: Clock
  argon2?: Argon2Options
  /** default: a cache of this service's own */
  cache?: Cache
  /** default: files below dataDir */
  blobs?: BlobStore
}>

/** All ports of createUserModule that a single machine can offer, but for `attempts`, `metrics` and those passed in. */
export async function createEmbeddedUserAdapters(options: EmbeddedUserOptions) {
  const { dataDir, bus, broker, logger, clock = systemClock } = options
  await mkdir(dataDir, { recursive: true })
  const keys: SigningKeys = await createFileSigningKeys(join(dataDir, 'keys'))
  const blobs = options.blobs ?? (await createDiskBlobStore(join(dataDir, 'profile-images')))
  const idMark = createFileIdMark(join(dataDir, 'user-ids'))
  const database = await openUserDatabase(join(dataDir, 'user.db'), idMark.current())
  await idMark.raise(database.lastId)
  const commonPasswords = createCommonPasswords()
  const mailer = createMailer({ folder: join(dataDir, 'mail'), ...options.mail })
  return {
    ports: {
      store: database.store,
      idMark,
      outbox: database.outbox,
      bus,
      frames: createUserFrames(broker),
      revocations: createBrokerRevocations(broker),
      hasher: createArgon2Hasher(options.argon2),
      commonPasswords,
      tokens: createAccessTokens(keys, { issuer: options.issuer, audience: options.audience }),
      mailer,
      presence: createMemoryPresenceStore(clock),
      onlineStatus: createOnlineStatusPublisher({ bus, logger }),
      cache: options.cache ?? createMemoryCache(),
      blobs,
      logger,
      clock,
    },
    /** `keys.rotate()` makes a new signing key. */
    keys,
    /** Nobody new gets an id that others still know: after accounts and their mark were lost together. */
    async reserveIds(upTo: number) {
      await database.reserveIds(upTo)
      await idMark.raise(upTo)
    },
    pruneMails: (before: number) => mailer.prune(before),
    /** Rejects when the database cannot be written. */
    check: () => database.check(),
    /** After the module was closed. */
    async close() {
      await commonPasswords.close()
      await database.close()
    },
  }
}
