import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startModule, type TestHost } from '@bigtech/http/testing'
import { createEmbeddedBus, withDlq, type EventBus, type EventRecord } from '@bigtech/messaging'
import { createMailer } from '@bigtech/mail'
import { readMail } from '@bigtech/mail/testing'
import { createMemoryBroker, sessionRevoked, SESSIONS_CHANNEL } from '@bigtech/realtime'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { createTestClock, eventually, tempDir, type Cleanup, type TestClock } from '@bigtech/testkit'
import { careTopics } from '@bigtech/ai-service/contract'
import { chatTopics, MessageSent, MessagesRead } from '@bigtech/chat-service/contract'
import { friendTopics } from '@bigtech/friend-service/contract'
import { userTopics } from '@bigtech/user-service/contract'
import {
  createPushSender,
  newVapidKeys,
  openNotificationDatabase,
  type NotificationDatabase,
} from './adapters/index.ts'
import type { RoomMember, RoomMessage } from './domain/decide-push.ts'
import { createNotificationModule } from './module.ts'
import type { Audience } from './ports.ts'
import { startPushService, type Pushed } from './push-service.fixture.ts'

export const [MINSU, JIWOO, EMMA] = [1, 2, 3] as const
const NAMES = new Map<number, string>([
  [MINSU, '민수'],
  [JIWOO, '지우'],
  [EMMA, 'Emma'],
])

export const addressOf = (user: number): string => `user${user}@example.com`

type Room = { audience: Audience; messages: RoomMessage[]; members: Map<number, RoomMember> }
export type PushServiceOptions = Parameters<typeof startPushService>[2]

/** A whole notification-service on its database and event bus, with a push service; chat-service is played. */
export async function startService(
  t: Cleanup,
  options: {
    push?: PushServiceOptions
    smtpUrl?: string
    /** How long a push service may say nothing. */
    timeoutMs?: number
    database?: (t: Cleanup) => Promise<NotificationDatabase>
  } = {},
) {
  const dir = tempDir(t)
  const clock: TestClock = createTestClock()
  const bus: EventBus = await createEmbeddedBus({ file: join(dir, 'bus.db') })
  await bus.ensureTopics(withDlq([...userTopics, ...friendTopics, ...chatTopics, ...careTopics]))
  const open = options.database ?? (() => openNotificationDatabase(join(dir, 'notification.db')))
  const database = await open(t)
  const broker = createMemoryBroker()
  const keys = await database.vapidKeys(newVapidKeys)
  const pushService = await startPushService(t, () => keys.publicKey, options.push)
  const metrics = createMetrics('notification-service')
  const frames: [number, Record<string, unknown>][] = []
  /** user-service is played. */
  const accounts = { isDown: false, confirmed: new Set<number>(), closed: new Set<number>() }
  const chat = { isDown: false, rooms: new Map<number, Room>() }
  const module = createNotificationModule({
    ...database,
    bus,
    broker,
    clock,
    logger: nullLogger,
    metrics,
    frames: { toUser: (user, frame) => void frames.push([user, frame as Record<string, unknown>]) },
    rooms: {
      async audience(roomId, afterSeq) {
        if (chat.isDown) throw new Error('chat-service does not answer')
        const room = chat.rooms.get(roomId)
        if (!room) return undefined
        const messages = room.messages.filter(({ seq }) => seq > afterSeq)
        const last_seq = room.messages.at(-1)?.seq ?? 0
        return { room: { ...room.audience.room, last_seq }, members: [...room.members.values()], messages }
      },
      async unread(userId) {
        if (chat.isDown) throw new Error('chat-service does not answer')
        return [...chat.rooms.values()].flatMap(({ audience: { room }, members, messages }) => {
          const unread_count = messages.length - (members.get(userId)?.read_seq ?? messages.length)
          return unread_count > 0 ? [{ id: room.id, name: room.name ?? '', unread_count }] : []
        })
      },
    },
    mailboxes: {
      async of(userId, withToken) {
        if (accounts.isDown) throw new Error('user-service does not answer')
        const display_name = NAMES.get(userId)
        if (display_name === undefined || accounts.closed.has(userId)) return undefined
        const email_verified = accounts.confirmed.has(userId)
        const confirmation_token = withToken && !email_verified ? `token-of-${userId}` : null
        return { email: addressOf(userId), display_name, email_verified, confirmation_token }
      },
    },
    mailer: createMailer({
      smtpUrl: options.smtpUrl,
      from: 'BigTech Chat <no-reply@chat.example.com>',
      folder: join(dir, 'mail'),
    }),
    publicUrl: () => 'https://chat.example.com',
    sender: createPushSender({
      keys,
      subject: 'mailto:operator@example.com',
      allowPrivate: true,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    }),
    readiness: {},
    instance: 'test',
  })
  for (const [user_id, display_name] of NAMES)
    await database.people.applyProfile({
      event_id: `seed-${user_id}`,
      now: clock.now(),
      person: { user_id, display_name, profile_image_url: null, active: true },
    })
  const host: TestHost = await startModule(module)
  t.after(async () => {
    await host.close()
    await database.close()
    await bus.close()
  })

  const seen = new Set<Pushed>()
  const service = {
    clock,
    bus,
    frames,
    chat,
    accounts,
    metrics,
    database,
    pushService,
    anotherPushService: () => startPushService(t, () => keys.publicKey),
    module,
    call: host.call,
    app: host.app,
    tell: (...events: readonly EventRecord[]) => bus.publish(events),
    /** All that were written to files, in the order of their writing. */
    mails: async () => {
      const folder = join(dir, 'mail')
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).sort()
      return Promise.all(names.map(async (name) => readMail(await readFile(join(folder, name), 'utf8'))))
    },
    /** When no mail is due any more. */
    mailed: async () => {
      await service.handled()
      await eventually(async () => {
        const waiting = await database.mails.waiting(clock.now())
        if (waiting > 0) throw new Error(`${waiting} mails wait`)
      })
    },
    /** When all that was published is handled. */
    handled: () =>
      eventually(async () => {
        const groups = await bus.admin.lag('notification-service')
        const lag = groups.reduce((sum, group) => sum + group.lag, 0)
        if (lag > 0) throw new Error(`${lag} records wait`)
      }),
    device: async (user: number, name: string, language = 'ko', at = pushService) => {
      const subscription = at.subscribe(name)
      const headers = { authorization: `Bearer ${user}`, 'accept-language': language }
      const url = '/notifications/subscriptions'
      await host.app.inject({ method: 'PUT', url, headers, payload: { ...subscription, device: name } })
      return subscription
    },
    room: (
      id: number,
      members: readonly number[],
      type: 'direct' | 'group' = 'group',
      name: string | null = '동네 모임',
    ) => {
      const member = (user_id: number): RoomMember => ({
        user_id,
        notify: 'all',
        muted_until: null,
        read_seq: 0,
        join_seq: 0,
        focused: false,
      })
      const room: Room = {
        audience: { room: { id, type, name, last_seq: 0 }, members: [], messages: [] },
        messages: [],
        members: new Map(members.map((user) => [user, member(user)])),
      }
      chat.rooms.set(id, room)
      const change = (user: number, how: Partial<RoomMember>) =>
        void room.members.set(user, { ...room.members.get(user)!, ...how })
      return {
        change,
        /** Said, and told by an event. */
        async say(user_id: number, content: string, more: Partial<RoomMessage> = {}) {
          const seq = room.messages.length + 1
          const message: RoomMessage = {
            seq,
            user_id,
            message_type: 'text',
            content,
            mentions: [],
            mentions_everyone: false,
            reply_to_user_id: null,
            ...more,
          }
          room.messages.push(message)
          change(user_id, { read_seq: seq })
          const { message_type, mentions_everyone, reply_to_user_id } = message
          const mentions = [...message.mentions]
          const event = {
            room_id: id,
            user_id,
            seq,
            rev: seq,
            content,
            message_type,
            mentions,
            mentions_everyone,
            reply_to_user_id,
          }
          await service.tell(
            MessageSent.make({ ...event, message_id: `msg_${id}_${seq}`, reply_to: null, file_id: null }),
          )
        },
        async read(user_id: number, read_seq = room.messages.length) {
          const old_read_seq = room.members.get(user_id)!.read_seq
          change(user_id, { read_seq })
          await service.tell(MessagesRead.make({ room_id: id, user_id, old_read_seq, read_seq }))
        },
      }
    },
    revoke: (user_id: number, session_id: string) =>
      broker.publish(SESSIONS_CHANNEL, sessionRevoked({ session_id, user_id })),
    /** Time passes, and everything that is due by then is told. @returns what has arrived since the last look */
    arrived: async (ms = 2_000): Promise<Pushed[]> => {
      await service.handled()
      clock.advance(ms)
      await eventually(async () => {
        const { rooms, deliveries } = await database.pushes.waiting(clock.now())
        if (rooms > 0 || deliveries > 0) throw new Error(`${rooms} rooms and ${deliveries} pushes wait`)
      })
      const fresh = pushService.pushed.filter((one) => !seen.has(one))
      for (const one of fresh) seen.add(one)
      return fresh
    },
  }
  return service
}
