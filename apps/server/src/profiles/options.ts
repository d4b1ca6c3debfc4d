import { join } from 'node:path'
import type { ChatOptions } from '@bigtech/chat-service'
import type { FriendPorts } from '@bigtech/friend-service'
import { newVapidKeys, type NotificationDatabase, type PushOptions } from '@bigtech/notification-service/adapters'
import type { UserModuleOptions } from '@bigtech/user-service'
import { demoDataWanted, type Settings } from '../config.ts'
import { DEMO_DOMAIN } from '../demo/world.ts'
import { streamsThatFit } from '../open-files.ts'
import { StartupError } from '../startup-error.ts'

/** What the services take from the settings, whatever they run on. `instance`: the name of the process as the holder of leases. */

export const userOptions = (settings: Settings, publicUrl: () => string): UserModuleOptions => ({
  sessionLimit: settings.SESSIONS_PER_USER,
  presenceEnabled: settings.PRESENCE,
  closureDeadlineMs: settings.CLOSURE_DEADLINE,
  activityLifeMs: settings.ACTIVITY_RETENTION,
  mustConfirmEmail: settings.EMAIL_CONFIRMATION === 'required',
  confirmedDomain: demoDataWanted(settings) ? DEMO_DOMAIN : undefined,
  resetPageUrl: () => `${publicUrl()}/reset-password`,
})

export const friendLimits = (settings: Settings): FriendPorts['limits'] => ({
  ask_again_after: settings.ASK_AGAIN_AFTER,
  requests_per_day: settings.FRIEND_REQUESTS_PER_DAY,
})

export const chatOptions = (settings: Settings, instance: string): ChatOptions => ({
  relayOwner: instance,
  maxFileBytes: settings.MAX_FILE_SIZE,
  limits: {
    members: settings.MEMBERS_PER_ROOM,
    rooms: settings.ROOMS_PER_USER,
    per_day: settings.GROUPS_PER_DAY,
    links_per_day: settings.INVITE_LINKS_PER_DAY,
    ask_again_after: settings.ASK_AGAIN_AFTER,
    change: { reactions: settings.REACTIONS_PER_MESSAGE, pins: settings.PINS_PER_ROOM },
    storage: { files: settings.FILES_PER_USER, bytes: settings.STORAGE_PER_USER },
  },
  streams: {
    heartbeatMs: settings.STREAM_HEARTBEAT,
    maxBufferedBytes: settings.STREAM_BUFFER,
    maxConnections: streamsThatFit(settings.MAX_CONNECTIONS),
    maxPerUser: settings.STREAMS_PER_USER,
    maxPerNetwork: settings.STREAMS_PER_ADDRESS,
    maxConcurrentResumes: 8,
  },
})

/** The keys of the settings, or those that the database has, or else new ones. */
export async function pushOptions(
  settings: Settings,
  database: Pick<NotificationDatabase, 'vapidKeys'>,
): Promise<PushOptions> {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = settings
  return {
    keys: publicKey && privateKey ? { publicKey, privateKey } : await database.vapidKeys(newVapidKeys),
    subject: settings.PUSH_CONTACT,
    allowPrivate: settings.PUSH_TO_PRIVATE_NETWORKS,
  }
}

/** Mails go to a mail server, or as files into the data folder. */
export const mailOptions = (settings: Settings) => ({
  smtpUrl: settings.SMTP_URL,
  from: settings.MAIL_FROM,
  folder: join(settings.DATA_DIR, 'mail'),
})

/** Consents that one person gives in an hour: each is kept, and told. */
export const CONSENT_WRITES = { limit: 60, windowS: 3_600 }

/**
 * Of the statistics: two threads, so that the chats beside them have a processor left.
 * @throws StartupError in an image that was built without them
 */
export function analyticsOptions(settings: Settings, canCount: boolean) {
  if (!canCount)
    throw new StartupError(
      'DuckDB is not here (an image built WITHOUT=statistics): no role analytics, and no PROFILE=embedded, which has it',
    )
  return {
    timeZone: settings.ANALYTICS_TIME_ZONE,
    collectMs: settings.ANALYTICS_COLLECT,
    store: { memory: settings.ANALYTICS_MEMORY, threads: 2 },
  }
}

/** Failed sign-ins: of an account at an address in a minute, and of an address in 15 minutes. */
export const attemptLimits = (settings: Settings) => ({
  attempts: { limit: settings.LOGIN_ATTEMPTS, windowS: 60 },
  addressAttempts: { limit: settings.LOGIN_ATTEMPTS_ADDRESS, windowS: 15 * 60 },
  freeAttempts: 2 * settings.LOGIN_ATTEMPTS,
})

/** Of the gateway, a minute and address. */
export const callLimits = (settings: Settings) => ({
  anonymous: { limit: settings.RATE_LIMIT_ANONYMOUS, windowS: 60 },
  tickets: { limit: settings.RATE_LIMIT_USER, windowS: 60 },
})

export const argon2Options = (settings: Settings) => ({ memoryKiB: settings.PASSWORD_HASH_MEMORY / 1_024 })
