import type { App, ReadinessCheck, ServiceModule } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import type { Mailer } from '@bigtech/mail'
import type { EventBus, EventHandler, StoredRecord } from '@bigtech/messaging'
import { onSessionRevoked, type Broker, type UserFrames } from '@bigtech/realtime'
import { createRuntime, type Leases } from '@bigtech/service'
import type { Logger, Metrics } from '@bigtech/telemetry'
import { watchClock } from './access/watched-clock.ts'
import { changeSettingsHttp } from './features/change-settings/change-settings.http.ts'
import { createDelivery } from './features/deliver-pushes/deliver-pushes.ts'
import { LONGEST_PAUSE_MS } from './features/deliver-pushes/push-services.ts'
import { listNotificationsHttp } from './features/list-notifications/list-notifications.http.ts'
import { noteEventHandlers } from './features/note-events/note-events.consumer.ts'
import { createMessageNotes } from './features/note-messages/note-messages.consumer.ts'
import { readNotificationsHttp } from './features/read-notifications/read-notifications.http.ts'
import { sendDigests } from './features/send-digests/send-digests.ts'
import { noteMailHandlers } from './features/send-mails/note-mails.consumer.ts'
import { createMailing } from './features/send-mails/send-mails.ts'
import { subscribeDevicesHttp } from './features/subscribe-devices/subscribe-devices.http.ts'
import { syncPeopleHandlers } from './features/sync-people/sync-people.consumer.ts'
import { tellRooms } from './features/tell-rooms/tell-rooms.ts'
import { unsubscribeHttp } from './features/unsubscribe/unsubscribe.http.ts'
import type * as Port from './ports.ts'

export type NotificationPorts = {
  notes: Port.NoteStore
  settings: Port.SettingsStore
  subscriptions: Port.SubscriptionStore
  pushes: Port.PushStore
  people: Port.PeopleStore
  mails: Port.MailStore
  rooms: Port.Rooms
  mailboxes: Port.Mailboxes
  sender: Port.PushSender
  mailer: Mailer
  /** Where people reach the web client; asked for each mail. */
  publicUrl: () => string
  bus: EventBus
  broker: Broker
  frames: UserFrames
  clock: Clock
  logger: Logger
  metrics: Metrics
  readiness: Readonly<Record<string, ReadinessCheck>>
  /** Unique among the processes that run now, and the same after a restart. */
  instance: string
  /** For what one process of the service does at a time; default: there is one process. */
  leases?: Leases
}

/** Records of a partition that are handled together. */
const MOST_AT_ONCE = 500
const MANY = 50
const ROOMS_EVERY_MS = 500
const PUSHES_EVERY_MS = 500
const MAILS_EVERY_MS = 2_000
const DIGESTS_EVERY_MS = 60_000
const EXPIRE_EVERY_MS = 30_000
const CLEANING_MS = 3_600_000
/** Longer than a room waits, and than anything is claimed. */
const LONGEST_MS = 60_000

export type NotificationModule = ServiceModule & {
  /** What the timers do, to be called by tests instead of waiting. */
  turns: Readonly<Record<'mails' | 'digests' | 'expire', () => Promise<void>>>
}

export function createNotificationModule(outer: NotificationPorts): NotificationModule {
  const clock = watchClock(outer.clock)
  const given = { ...outer, clock }
  const { broker, subscriptions } = given
  const mailing = createMailing(given)
  const sendMails = oneAtATime(() => mailing.run())
  const wake = () => runtime.background(delivery.run())
  const ports = { ...given, wake, wakeMails: () => runtime.background(sendMails()) }
  const delivery = createDelivery(ports)
  const messages = createMessageNotes(ports)
  // An account that is closed is erased first, and told of it then.
  const alone = inTurn(syncPeopleHandlers(ports), noteEventHandlers(ports), noteMailHandlers(ports))
  const runtime = createRuntime({
    ...given,
    service: 'notification-service',
    relayOwner: given.instance,
    topics: ['user.events', 'friend.events', 'chat.events', 'message.events', 'care.events'],
    batch: {
      types: [...Object.keys(alone), ...messages.types],
      most: MOST_AT_ONCE,
      async handle(records: readonly StoredRecord[]) {
        const isOfMessages = ({ value }: StoredRecord) => messages.types.includes(value.event_type)
        // In their order: what is said, and then taken back, is told nobody.
        const said: StoredRecord[] = []
        for (const record of records) {
          if (isOfMessages(record)) {
            said.push(record)
            continue
          }
          if (said.length > 0) await messages.handle(said.splice(0), 'now')
          await alone[record.value.event_type]!(record)
        }
        // So many at once are what is behind: it waits for nothing more.
        if (said.length > 0) await messages.handle(said, records.length < MANY ? 'soon' : 'now')
      },
    },
  })
  /** A device whose session ended is told nothing more: somebody else may have it. */
  const revocations = onSessionRevoked(broker, ({ session_id }) =>
    runtime.background(subscriptions.remove({ session_id })),
  )

  /** @param claimedMs no claim lasts longer from now on */
  async function putRight(claimedMs: number): Promise<void> {
    const now = clock.now()
    // First: what fails from here on is written with a time that is right.
    delivery.putRight()
    await given.pushes.putRight({
      now,
      roomsUntil: now + LONGEST_MS,
      // A push service may have asked for more, up to a day: it is not known which of the two a time is from, and to be asked once too often harms it little.
      pushesUntil: now + LONGEST_PAUSE_MS,
      claimsUntil: Math.max(0, now + claimedMs),
    })
    await mailing.putRight()
    clock.isPutRight()
  }

  return {
    service: {
      name: 'notification-service',
      title: 'Notification Service',
      description: 'What people are told: the list of notifications, devices, and how each wants it.',
      port: 8004,
    },
    readiness: given.readiness,
    consumes: runtime.consumes,
    routes(app: App) {
      listNotificationsHttp(app, ports)
      readNotificationsHttp(app, ports)
      changeSettingsHttp(app, ports)
      subscribeDevicesHttp(app, ports)
      unsubscribeHttp(app, ports)
    },
    async start() {
      // Without others, whoever had claimed something was this process before it was killed.
      await putRight(given.leases ? LONGEST_MS : -Infinity)
      await runtime.start()
      runtime.timers.every(ROOMS_EVERY_MS, 'rooms', async () => {
        if (clock.wasSetBack()) await putRight(LONGEST_MS)
        return tellRooms(ports)
      })
      runtime.timers.every(PUSHES_EVERY_MS, 'pushes', () => delivery.run())
      runtime.timers.every(MAILS_EVERY_MS, 'mails', sendMails)
      runtime.timers.every(DIGESTS_EVERY_MS, 'digests', () => sendDigests(given), 'once')
      runtime.timers.every(EXPIRE_EVERY_MS, 'expired pushes', () => delivery.expire(), 'once')
      runtime.timers.every(EXPIRE_EVERY_MS, 'expired mails', () => mailing.expire(), 'once')
      runtime.timers.every(CLEANING_MS, 'cleaning', () => given.notes.prune(given.clock.now()), 'once')
    },
    turns: { mails: sendMails, digests: () => sendDigests(given), expire: () => mailing.expire() },
    async close() {
      revocations.stop()
      await Promise.all([delivery.close(), mailing.close()])
      await runtime.close()
    },
  }
}

/** One run at a time; what comes meanwhile is one more. @returns ends when there is nothing more to do */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let isDue = false
  const runAll = async () => {
    try {
      while (isDue) {
        isDue = false
        await run()
      }
    } finally {
      running = undefined
    }
  }
  return () => {
    isDue = true
    running ??= runAll()
    return running
  }
}

/** Each event to all that take it, one after the other. Each has its effect once, so that all may be done again. */
function inTurn(...maps: readonly Record<string, EventHandler>[]): Record<string, EventHandler> {
  const types = new Set(maps.flatMap((map) => Object.keys(map)))
  return Object.fromEntries(
    [...types].map((type) => {
      const handlers = maps.flatMap((map) => map[type] ?? [])
      const handle: EventHandler = async (record) => {
        for (const handler of handlers) await handler(record)
      }
      return [type, handle]
    }),
  )
}
