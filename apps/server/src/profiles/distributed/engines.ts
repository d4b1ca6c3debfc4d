import type { S3BlobStore } from '@bigtech/files/s3'
import { AppError } from '@bigtech/kernel'
import { createNamespacedBus, createUnnamedBus, type EventBus } from '@bigtech/messaging'
import { createKafkaBus } from '@bigtech/messaging/kafka'
import type { Broker } from '@bigtech/realtime'
import { createRedisBroker } from '@bigtech/realtime/redis'
import { connectRedis, type RedisLink } from '@bigtech/redis'
import type { MysqlOptions, ReplicatedMysqlOptions } from '@bigtech/sql'
import type { Logger } from '@bigtech/telemetry'
import type { Settings } from '../../config.ts'
import { StartupError } from '../../startup-error.ts'

/** Closed in the reverse order of their opening, after the modules. */
export type Closers = (() => Promise<void> | void)[]

/** The engines as the roles of this process use them together. */
export type Engines = Readonly<{
  bus: EventBus
  redis: RedisLink
  broker: Broker
  /** Where a service's database is. */
  mysql(service: string): ReplicatedMysqlOptions
  /** Files of one kind, below a prefix of their own. */
  blobs(kind: string): Promise<S3BlobStore>
  /** Opens what needs an engine; waits for one that is not there yet. @throws StartupError */
  reach<T>(what: string, open: () => Promise<T>): Promise<T>
}>

/** Engines and services start together: they are waited for so long, ms. */
const START_MS = 60_000
const TRY_AGAIN_MS = 1_000

/** The events, by the names of this installation. */
export async function openBus(
  settings: Settings,
  clientId: string,
  logger: Logger,
  closers: Closers,
): Promise<EventBus> {
  const { INSTALLATION: installation } = settings
  const bus = await createKafkaBus({
    brokers: settings.KAFKA_BROKERS,
    clientId,
    replication: settings.KAFKA_REPLICATION,
    minInsyncReplicas: settings.KAFKA_MIN_INSYNC_REPLICAS,
    logger,
  })
  closers.push(() => bus.close())
  return installation ? createNamespacedBus(bus, installation) : createUnnamedBus(bus)
}

export async function openEngines(
  settings: Settings,
  clientId: string,
  logger: Logger,
  closers: Closers,
): Promise<Engines> {
  const onTrouble = (engine: string) => (error: unknown) => logger.warn({ err: error }, `${engine} is in trouble`)

  const bus = await openBus(settings, clientId, logger, closers)
  const redis = await connectRedis(settings.REDIS_URL!, {
    namespace: settings.INSTALLATION,
    onTrouble: onTrouble('Redis'),
  }).catch((error: unknown) => {
    throw error instanceof TypeError ? new StartupError(`REDIS_URL cannot be read: ${error.message}.`) : error
  })
  closers.push(() => redis.close())
  const broker = await createRedisBroker(redis, { onTrouble: onTrouble('Redis') })
  closers.push(() => broker.close())

  return {
    bus,
    redis,
    broker,
    mysql: (service) => ({
      ...databaseOf(settings, service),
      // Shorter than anybody waits for an answer to a request.
      answerTimeoutMs: 5_000,
      replicaUrl: settings.READ_REPLICA_URL,
      onReplicaFailure: onTrouble('the read replica'),
    }),
    async blobs(kind) {
      const { S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret } = settings
      const { createS3BlobStore } = await import('@bigtech/files/s3')
      const store = await createS3BlobStore({
        ...(endpoint ? { endpoint } : {}),
        ...(id && secret ? { credentials: { accessKeyId: id, secretAccessKey: secret } } : {}),
        region: settings.S3_REGION,
        bucket: settings.S3_BUCKET,
        prefix: `${settings.INSTALLATION ? `${settings.INSTALLATION}/` : ''}${kind}/`,
      })
      closers.push(() => store.close())
      return store
    },
    reach: (what, open) => reach(what, open, logger),
  }
}

/** Where a service's tables are. */
export const databaseOf = (
  { MYSQL_URL, MYSQL_CONNECTIONS: connections, INSTALLATION: installation }: Settings,
  service: string,
): MysqlOptions => ({
  url: MYSQL_URL!,
  database: ['bigtech', ...(installation ? [installation] : []), service].join('_'),
  connections,
})

/** @throws StartupError */
export async function reach<T>(what: string, open: () => Promise<T>, logger: Logger): Promise<T> {
  const until = performance.now() + START_MS
  for (let told = false; ; told = true) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw refusal(what, error)
      if (performance.now() > until)
        throw new StartupError(`${what} could not be reached for ${START_MS / 1_000} s: ${causeOf(error)}.`)
      if (!told) logger.warn({ err: error }, `${what} cannot be reached yet; it is tried again`)
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
    }
  }
}

/** What the engine says of a wrong password or a missing right is for the operator; anything else is a fault of the program. */
function refusal(what: string, error: unknown): unknown {
  const { sqlMessage, $metadata, name, message } = error as Partial<Error> & { sqlMessage?: string; $metadata?: object }
  const words = sqlMessage ?? ($metadata || name === 'MongoServerError' ? message : undefined)
  return words === undefined ? error : new StartupError(`${what} refuses this program: ${words}.`)
}

const causeOf = (error: AppError): string =>
  error.details.cause instanceof Error ? error.details.cause.message : error.message
