import type { App, ReadinessCheck, ServiceModule } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import type { EventBus, EventHandler, StoredRecord } from '@bigtech/messaging'
import { onSessionRevoked, type Broker, type UserFrames } from '@bigtech/realtime'
import { createRuntime, type Leases } from '@bigtech/service'
import type { Logger, Metrics } from '@bigtech/telemetry'
import { changeSettingsHttp } from './features/change-settings/change-settings.http.ts'
import { createDelivery } from './features/deliver-pushes/deliver-pushes.ts'
import { listNotificationsHttp } from './features/list-notifications/list-notifications.http.ts'
import { noteEventHandlers } from './features/note-events/note-events.consumer.ts'
import { createMessageNotes } from './features/note-messages/note-messages.consumer.ts'
import { readNotificationsHttp } from './features/read-notifications/read-notifications.http.ts'
import { subscribeDevicesHttp } from './features/subscribe-devices/subscribe-devices.http.ts'
import { syncPeopleHandlers } from './features/sync-people/sync-people.consumer.ts'
import { tellRooms } from './features/tell-rooms/tell-rooms.ts'
import type { NoteStore, PeopleStore, PushSender, PushStore, Rooms, SettingsStore, SubscriptionStore } from './ports.ts'

export type NotificationPorts = {
  notes: NoteStore
  settings: SettingsStore
  subscriptions: SubscriptionStore
  pushes: PushStore
  people: PeopleStore
  rooms: Rooms
  sender: PushSender
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
const EXPIRE_EVERY_MS = 30_000
const CLEANING_MS = 3_600_000

export function createNotificationModule(given: NotificationPorts): ServiceModule {
  const { broker, subscriptions } = given
  const wake = () => runtime.background(delivery.run())
  const ports = { ...given, wake }
  const delivery = createDelivery(ports)
  const messages = createMessageNotes(ports)
  const alone: Record<string, EventHandler> = { ...syncPeopleHandlers(ports), ...noteEventHandlers(ports) }
  const runtime = createRuntime({
    ...given,
    service: 'notification-service',
    relayOwner: given.instance,
    topics: ['user.events', 'friend.events', 'chat.events', 'message.events'],
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
    },
    async start() {
      await runtime.start()
      runtime.timers.every(ROOMS_EVERY_MS, 'rooms', () => tellRooms(ports))
      runtime.timers.every(PUSHES_EVERY_MS, 'pushes', () => delivery.run())
      runtime.timers.every(EXPIRE_EVERY_MS, 'expired pushes', () => delivery.expire(), 'once')
      runtime.timers.every(CLEANING_MS, 'cleaning', () => given.notes.prune(given.clock.now()), 'once')
    },
    async close() {
      revocations.stop()
      await delivery.close()
      await runtime.close()
    },
  }
}
