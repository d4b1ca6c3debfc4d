import { join } from 'node:path'
import type { App } from '@bigtech/http'
import { startModule, type TestHost } from '@bigtech/http/testing'
import { createEmbeddedBus, withDlq, type EventBus, type StoredRecord } from '@bigtech/messaging'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { createTestClock, tempDir, type Cleanup, type TestClock } from '@bigtech/testkit'
import { userTopics } from '@bigtech/user-service/contract'
import { openFriendDatabase } from './adapters/index.ts'
import { friendTopics } from './contract/events.ts'
import { createFriendModule, type FriendPorts } from './module.ts'

export const DAY_MS = 86_400_000

/** Ids of people whom everybody knows. */
export const [MINSU, JIWOO, EMMA, HARIN] = [1, 2, 3, 4] as const
const NAMES = new Map([
  [MINSU, '민수'],
  [JIWOO, '지우'],
  [EMMA, 'Emma'],
  [HARIN, '하린'],
])

export type Person = { user_id: number; username: string; display_name: string }
export type List<T> = { items: T[]; next_cursor: string | null }
export type Request = { id: number; from_user_id: number; to_user_id: number; status: string }

export type TestService = {
  app: App
  clock: TestClock
  /** Frames pushed to open streams: `[user, frame]`. */
  frames: [number, Record<string, unknown>][]
  /** Whether user-service can be asked. */
  directory: { down: boolean; online: Set<number> }
  /** What everybody can read in chat-service. */
  messages: { readable: Set<string> }
  call: TestHost['call']
  bus: EventBus
  /** The events that were published. */
  published(): Promise<StoredRecord['value'][]>
  befriend(one: number, other: number): Promise<void>
  /** What the operator is shown. */
  reports(): ReturnType<FriendPorts['reports']['list']>
}

/** A whole friend-service on its real database and event bus; user-service and chat-service are played. */
export async function startService(
  t: Cleanup,
  options: { limits?: Partial<FriendPorts['limits']> } = {},
): Promise<TestService> {
  const dir = tempDir(t)
  const clock = createTestClock()
  const bus = await createEmbeddedBus({ file: join(dir, 'bus.db') })
  await bus.ensureTopics(withDlq([...friendTopics, ...userTopics]))
  const database = await openFriendDatabase(join(dir, 'friend.db'))
  const frames: TestService['frames'] = []
  const directory = { down: false, online: new Set<number>() }
  const messages = { readable: new Set(['msg_1_2', 'msg_1_3']) }
  const ask = () => {
    if (directory.down) throw new Error('user-service does not answer')
  }
  const module = createFriendModule({
    ...database,
    bus,
    clock,
    logger: nullLogger,
    metrics: createMetrics('friend-service'),
    frames: { toUser: (user, frame) => void frames.push([user, frame as Record<string, unknown>]) },
    directory: {
      async find() {
        ask()
        return []
      },
      async presence(ids) {
        ask()
        return ids.map((user_id) => ({ user_id, online: directory.online.has(user_id), last_seen_at: null }))
      },
    },
    messages: { areReadable: async (ids) => ids.every((id) => messages.readable.has(id)) },
    limits: { requests_per_day: 1_000, ask_again_after: 30 * DAY_MS, ...options.limits },
    readiness: {},
    relayOwner: 'test',
  })
  for (const [user_id, display_name] of NAMES)
    await database.people.applyProfile({
      event_id: `seed-${user_id}`,
      now: clock.now(),
      profile: {
        user_id,
        username: `user${user_id}`,
        display_name,
        status_message: null,
        profile_image_url: null,
        active: true,
      },
    })
  const host = await startModule(module)
  const { app, call } = host
  t.after(async () => {
    await host.close()
    await database.close()
    await bus.close()
  })

  return {
    app,
    bus,
    clock,
    frames,
    directory,
    messages,
    call,
    async published() {
      await module.events.flush()
      const values: StoredRecord['value'][] = []
      for (const partition of [0, 1, 2])
        for (const { value } of await bus.admin.read({ topic: 'friend.events', partition, offset: 0, limit: 1_000 }))
          values.push(value)
      return values
    },
    reports: () => database.reports.list({ before: undefined, limit: 100 }),
    async befriend(one, other) {
      await call(one, 'POST', '/friends/request', { target_user_id: other })
      await call(other, 'POST', '/friends/request', { target_user_id: one })
    },
  }
}
