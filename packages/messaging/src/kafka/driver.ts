import { AppError } from '@bigtech/kernel'
import { isUnavailable, messagingErrors } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type * as Driver from '@platformatic/kafka'

export type { Driver }

export type KafkaOptions = Readonly<{
  /** `host:port` of some brokers: the others are learnt from them. */
  brokers: readonly string[]
  /** What the brokers call this program in their logs and quotas. */
  clientId: string
  /** Copies of each new topic, on as many brokers. Default 3; a single broker takes 1. */
  replication?: number
  /** So many copies must hold a record before it counts as stored. Default 2 (of 3: one broker may be away); a single broker takes 1. */
  minInsyncReplicas?: number
  /** A call that the brokers have not answered within this time rejects with BUS_UNAVAILABLE. Default 5 s. */
  timeoutMs?: number
  /**
   * A consumer that was killed is missed after this time; only then do others take its partitions. Default 10 s; brokers refuse less than
   * their `group.min.session.timeout.ms` (6 s). It says nothing about handlers, which may take as long as they like.
   */
  sessionTimeoutMs?: number
  /** How often a consumer says that it lives, and learns that others came or went. Default 1 s. */
  heartbeatMs?: number
  logger?: Logger
}>

export type Settings = Required<KafkaOptions>

/** What all of the adapter's parts share. */
export type Context = Readonly<{ driver: typeof Driver; settings: Settings }>

/**
 * What every client of the driver is made with.
 * @param turn counts the clients made for one purpose: each asks another broker first, as one that hangs would be asked again and again
 */
export const connectionOf = ({ brokers, clientId, timeoutMs }: Settings, turn = 0) => ({
  clientId,
  bootstrapBrokers: brokers.map((_, n) => brokers[(n + turn) % brokers.length]!),
  connectTimeout: Math.min(2_000, timeoutMs),
  requestTimeout: timeoutMs,
  timeout: timeoutMs,
  retryDelay: 100,
})

/** The broker's word for what is wrong, such as NOT_LEADER_OR_FOLLOWER. */
export function brokerErrors(error: unknown): string[] {
  const { apiId, errors, cause } = (error ?? {}) as { apiId?: unknown; errors?: unknown; cause?: unknown }
  return [
    ...(typeof apiId === 'string' ? [apiId] : []),
    ...(Array.isArray(errors) ? errors.flatMap(brokerErrors) : []),
    ...(cause === undefined ? [] : brokerErrors(cause)),
  ]
}

export const isUnknownTopic = (error: unknown): boolean =>
  (error instanceof Error && error.message.startsWith('Unknown topic ')) ||
  brokerErrors(error).some((id) => id === 'UNKNOWN_TOPIC_OR_PARTITION' || id === 'INVALID_TOPIC_EXCEPTION')

const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])
export const isTooLarge = (error: unknown): boolean => brokerErrors(error).some((id) => TOO_LARGE.has(id))

/**
 * Whatever the brokers or the way to them refuse counts as an outage: what an operator can mend (a right, a quota, a replica that is
 * away) must not make good records into dead letters. The two faults that a record can have are named above.
 */
export const unavailable = (cause?: unknown) => messagingErrors.BUS_UNAVAILABLE({ retryAfterS: 1, cause })

/** @throws BUS_UNAVAILABLE when the brokers refuse, or have not answered in time */
export async function answered<T>(call: Promise<T>, timeoutMs: number): Promise<T> {
  const timer = Promise.withResolvers<never>()
  const handle = setTimeout(() => timer.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    return await Promise.race([call, timer.promise])
  } catch (error) {
    throw error instanceof AppError ? error : unavailable(error)
  } finally {
    clearTimeout(handle)
  }
}

export type AdminClient = ReturnType<typeof createAdminClient>

/** Calls that are not of one consumer or producer. After an outage the next broker is asked. */
export function createAdminClient({ driver, settings }: Context) {
  let turn = 0
  const open = (): Driver.Admin => {
    const opened = new driver.Admin({ ...connectionOf(settings, turn++), retries: 3 })
    opened.on('error', () => {}) // each call tells its own
    return opened
  }
  let admin = open()
  return {
    /** @throws BUS_UNAVAILABLE when the brokers refuse, or have not answered in time */
    async ask<T>(call: (admin: Driver.Admin) => Promise<T>, timeoutMs = settings.timeoutMs): Promise<T> {
      const asked = admin
      try {
        return await answered(call(asked), timeoutMs)
      } catch (error) {
        if (isUnavailable(error) && admin === asked) {
          admin = open()
          asked.close().catch(() => {})
        }
        throw error
      }
    },
    close: (): Promise<void> => admin.close().catch(() => {}),
  }
}
