import type { Cache } from '@bigtech/cache'
import type { BlobStore } from '@bigtech/files'
import type { ReadinessCheck, ServiceModule } from '@bigtech/http'
import type { Mailer } from '@bigtech/mail'
import { systemClock, type Clock } from '@bigtech/kernel'
import { withDlq, type EventBus, type Outbox } from '@bigtech/messaging'
import type { UserFrames } from '@bigtech/realtime'
import { createRuntime, type Leases, type ServiceEvents } from '@bigtech/service'
import type { Logger, Metrics } from '@bigtech/telemetry'
import { TokenPair } from './contract/fields.ts'
import { OwnProfile, PublicProfile } from './contract/schemas.ts'
import type { Mailbox } from './contract/mailbox.ts'
import { USER_EVENTS, userTopics } from './contract/events.ts'
import { imageUrlUnder } from './domain/public-events.ts'
import { foldHistories } from './features/fold-history/fold-history.ts'
import { deleteOrphans, tickClosures } from './features/close-account/advance-closure.ts'
import { closureHandlers } from './features/close-account/close-account.consumer.ts'
import { confirmEmailHttp } from './features/confirm-email/confirm-email.http.ts'
import { mailboxOf } from './features/confirm-email/confirm-email.ts'
import { mailboxHttp } from './features/confirm-email/mailbox.http.ts'
import { createAdmin, type CreateAdminPorts } from './features/create-admin/create-admin.ts'
import { relationHandlers } from './features/follow-relations/follow-relations.consumer.ts'
import { profileHandlers } from './features/refresh-profiles/refresh-profiles.consumer.ts'
import { createPresenceTracker, type PresenceTracker } from './features/track-presence/track-presence.ts'
import { changeImageHttp } from './features/change-image/change-image.http.ts'
import { changePasswordHttp } from './features/change-password/change-password.http.ts'
import { closeAccountHttp } from './features/close-account/close-account.http.ts'
import { endSessionsHttp } from './features/end-sessions/end-sessions.http.ts'
import { revokedSessionsHttp } from './features/end-sessions/revoked-sessions.http.ts'
import { exportDataHttp } from './features/export-data/export-data.http.ts'
import { getHistoryHttp } from './features/get-history/get-history.http.ts'
import { getJwksHttp } from './features/get-jwks/get-jwks.http.ts'
import { getPresenceHttp } from './features/get-presence/get-presence.http.ts'
import { getProfileHttp } from './features/get-profile/get-profile.http.ts'
import { getUsersHttp } from './features/get-users/get-users.http.ts'
import { listActivitiesHttp } from './features/list-activities/list-activities.http.ts'
import { refreshSessionHttp } from './features/refresh-session/refresh-session.http.ts'
import { registerUserHttp } from './features/register-user/register-user.http.ts'
import { reserveIdsHttp } from './features/reserve-ids/reserve-ids.http.ts'
import { resetPasswordHttp } from './features/reset-password/reset-password.http.ts'
import { searchUsersHttp } from './features/search-users/search-users.http.ts'
import { setAccessHttp } from './features/set-access/set-access.http.ts'
import { signInHttp } from './features/sign-in/sign-in.http.ts'
import { presenceBeatsHttp } from './features/track-presence/presence-beats.http.ts'
import { trackPresenceHttp } from './features/track-presence/track-presence.http.ts'
import { updateProfileHttp } from './features/update-profile/update-profile.http.ts'
import { createPasswordAttempts, type AttemptLimits } from './access/password-attempts.http.ts'
import { createUserMetrics } from './telemetry/metrics.ts'
import { createProfiles } from './views/profiles.ts'
import type * as Port from './ports.ts'

export type * from './ports.ts'

export type UserModulePorts = Readonly<{
  store: Port.UserStore
  idMark: Port.IdMark
  outbox: Outbox
  bus: EventBus
  /** For presence. */
  frames: UserFrames
  revocations: Port.Revocations
  hasher: Port.PasswordHasher
  commonPasswords: Port.CommonPasswords
  tokens: Port.AccessTokens
  mailer: Mailer
  presence: Port.PresenceStore
  onlineStatus: Port.OnlineStatusPublisher
  cache: Cache
  blobs: BlobStore
  logger: Logger
  metrics: Metrics
  clock?: Clock
  /** Nobody new gets an id up to this one; for services in other processes that still know people by them. */
  reserveIds?: (upTo: number) => Promise<void>
  /** For what one process of the service does at a time; default: there is one process. */
  leases?: Leases
  readiness?: Readonly<Record<string, ReadinessCheck>>
}> &
  AttemptLimits

export type UserModuleOptions = Readonly<{
  /** Prefix of image addresses in profiles and events; default `/api`, the gateway's. */
  imageBaseUrl?: string
  /** Page of the web client to which mails link; asked for each. Default: that of a gateway nobody moved. */
  resetPageUrl?: () => string
  /** Services that must agree before an account is closed; default friend-service and chat-service. */
  closureParticipants?: readonly string[]
  /** default 60 s */
  closureDeadlineMs?: number
  /** Life of an unused session; default 30 days. */
  sessionLifeMs?: number
  /** What people did longer ago is no longer told one by one. Default 400 days. */
  activityLifeMs?: number
  /** Open sessions of one account, default 50; the one unused longest goes. */
  sessionLimit?: number
  presenceEnabled?: boolean
  /** Nobody signs in before the address is confirmed. Default: people may, and are asked to. */
  mustConfirmEmail?: boolean
  /** Addresses of this domain are nobody's, and count as confirmed: for the demo. */
  confirmedDomain?: string | undefined
  port?: number
  /**
   * Name of this process, unlike any other's and the same after a restart: then it takes up the outbox lease that it held when
   * it was killed, instead of waiting 10 s for it. Default: a new name each time.
   */
  instance?: string
}>

export type UserModule = ServiceModule &
  Readonly<{
    events: ServiceEvents
    /** For the operator's command line; works without `start`. */
    createAdmin(command: Parameters<typeof createAdmin>[1]): ReturnType<typeof createAdmin>
    /** For the service that sends mails; undefined: there is no such account. */
    mailbox(this: void, userId: number, withToken: boolean): Promise<Mailbox | undefined>
    /** For realtime connections, which are signs of life too. */
    presence: Pick<PresenceTracker, 'heartbeat' | 'offline'>
    /** What the timers do, to be called by tests instead of waiting. */
    turns: Readonly<Record<'presence' | 'lastSeen' | 'closures' | 'revocations' | 'housekeeping', () => Promise<void>>>
  }>

const GROUP = 'user-service'
const DAY_MS = 24 * 3_600_000
const ACCESS_TOKEN_LIFE_MS = 15 * 60_000

/** Topics of others that are read here, as their owners define them (PRODUCT.md): whoever starts first creates them. */
const foreignTopics = ['friend.events', 'chat.events'].map((name) => ({ name, partitions: 3, retentionMs: 7 * DAY_MS }))

export async function createUserModule(given: UserModulePorts, options: UserModuleOptions = {}): Promise<UserModule> {
  const { bus, cache, clock = systemClock } = given
  const { sessionLifeMs = 30 * DAY_MS } = options
  const logger = given.logger.child({ service: GROUP })
  const imageUrl = imageUrlUnder(options.imageBaseUrl ?? '/api')

  const store: Port.UserStore = {
    ...given.store,
    async transaction(work) {
      const result = await given.store.transaction(work)
      runtime.events.notify()
      return result
    },
  }
  const base = { ...given, store, clock, logger, imageUrl }
  const profiles = createProfiles({ users: store.users, cache, imageUrl })
  const presenceTracker = createPresenceTracker({ ...base, presenceEnabled: options.presenceEnabled ?? true })
  const metrics = createUserMetrics(given.metrics, given.hasher, given.presence)
  const ports = {
    ...base,
    metrics,
    passwords: createPasswordAttempts({ ...base, onLimited: () => metrics.logins.inc({ result: 'limited' }) }),
    profiles,
    presenceTracker,
    background: (work: Promise<void>) => runtime.background(work),
    sessionLifeMs,
    sessionLimit: options.sessionLimit ?? 50,
    mustConfirmEmail: options.mustConfirmEmail ?? false,
    confirmedDomain: options.confirmedDomain,
    resetPageUrl: options.resetPageUrl ?? (() => 'http://localhost:8080/reset-password'),
    closureParticipants: options.closureParticipants ?? ['friend-service', 'chat-service'],
    closureDeadlineMs: options.closureDeadlineMs ?? 60_000,
  }

  const runtime = createRuntime({
    ...base,
    service: GROUP,
    topics: [USER_EVENTS, ...foreignTopics.map((topic) => topic.name)],
    handlers: { ...relationHandlers(ports), ...closureHandlers(ports), ...profileHandlers(profiles) },
    ...(options.instance ? { relayOwner: options.instance } : {}),
  })

  const turns: UserModule['turns'] = {
    presence: () => presenceTracker.sweep(),
    lastSeen: () => presenceTracker.flush(),
    closures: async () => {
      await tickClosures(ports)
      await deleteOrphans(ports)
    },
    // Again and again, because a process that just started has heard nothing of what came before.
    revocations: async () =>
      given.revocations.announce(await store.sessions.revokedSince(clock.now() - ACCESS_TOKEN_LIFE_MS)),
    housekeeping: async () => {
      const count = await store.sessions.prune(clock.now() - sessionLifeMs)
      if (count > 0) logger.info({ count }, 'ended sessions and used tokens were removed')
      await given.blobs.tidy?.(clock.now())
      const folded = await foldHistories({ store, clock }, options.activityLifeMs ?? 400 * DAY_MS)
      if (folded > 0) logger.info({ count: folded }, 'old activities were removed')
    },
  }

  return {
    service: {
      name: GROUP,
      title: 'User Service',
      description: 'Accounts, sessions, profiles and presence',
      port: options.port ?? 8005,
    },
    readiness: given.readiness ?? {},
    consumes: runtime.consumes,
    events: runtime.events,
    async routes(app) {
      for (const schema of [PublicProfile, OwnProfile, TokenPair]) app.addSchema(schema)
      registerUserHttp(app, ports)
      signInHttp(app, ports)
      refreshSessionHttp(app, ports)
      endSessionsHttp(app, ports)
      changePasswordHttp(app, ports)
      resetPasswordHttp(app, ports)
      confirmEmailHttp(app, ports)
      getJwksHttp(app, ports)
      getProfileHttp(app, ports)
      updateProfileHttp(app, ports)
      await changeImageHttp(app, ports)
      searchUsersHttp(app, ports)
      listActivitiesHttp(app, ports)
      exportDataHttp(app, ports)
      closeAccountHttp(app, ports)
      getUsersHttp(app, ports)
      getHistoryHttp(app, ports)
      setAccessHttp(app, ports)
      trackPresenceHttp(app, ports)
      getPresenceHttp(app, ports)
    },
    internalRoutes(app) {
      presenceBeatsHttp(app, ports)
      revokedSessionsHttp(app, ports)
      mailboxHttp(app, ports)
      if (given.reserveIds) reserveIdsHttp(app, { reserveIds: given.reserveIds })
    },
    async start() {
      await bus.ensureTopics(withDlq([...userTopics, ...foreignTopics]))
      await runtime.start()
      await turns.revocations()
      await turns.closures()
      runtime.timers.every(5_000, 'presence', turns.presence)
      runtime.timers.every(5_000, 'lastSeen', turns.lastSeen)
      runtime.timers.every(1_000, 'closures', turns.closures, 'once')
      runtime.timers.every(30_000, 'revocations', turns.revocations)
      runtime.timers.every(3_600_000, 'housekeeping', turns.housekeeping, 'once')
    },
    async close() {
      await runtime.close(() => presenceTracker.flush())
      await given.onlineStatus.close()
    },
    createAdmin: (command) => createAdmin(ports satisfies CreateAdminPorts, command),
    mailbox: (userId, withToken) => mailboxOf(ports, userId, withToken),
    presence: presenceTracker,
    turns,
  }
}
