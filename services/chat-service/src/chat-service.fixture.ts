import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createDiskBlobStore } from '@bigtech/files'
import { createCallBudget, type App } from '@bigtech/http'
import { idTokens, startModule, type Answer, type Method } from '@bigtech/http/testing'
import { createEmbeddedBus, withDlq, type EventBus, type StoredRecord } from '@bigtech/messaging'
import { createMemoryBroker, parseEnvelope, roomChannel, userChannel, type Broker } from '@bigtech/realtime'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { createTestClock, tempDir, type Cleanup, type TestClock } from '@bigtech/testkit'
import { friendTopics } from '@bigtech/friend-service/contract'
import { userTopics } from '@bigtech/user-service/contract'
import { createMemoryFocus, createMemoryTickets, createSqliteChatStore, type ChatStore } from './adapters/index.ts'
import { chatTopics } from './contract/index.ts'
import type { MessageView, RoomView } from './contract/schemas.ts'
import { createChatModule, type ChatModule } from './module.ts'

/** Ids of people whom everybody knows. */
export const [MINSU, JIWOO, EMMA, HARIN] = [1, 2, 3, 4] as const
const NAMES = new Map<number, string>([
  [MINSU, '민수'],
  [JIWOO, '지우'],
  [EMMA, 'Emma'],
  [HARIN, '하린'],
])

export type Refusal = { code: string }
export type List<T> = { items: T[]; next_cursor: string | null }

export type TestService = {
  app: App
  module: ChatModule
  bus: EventBus
  clock: TestClock
  call<T = Refusal>(by: number, method: Method, url: string, body?: object): Promise<Answer<T>>
  /** A group of the first with the others. */
  group(owner: number, ...others: number[]): Promise<RoomView>
  direct(one: number, other: number): Promise<RoomView>
  say(by: number, roomId: number, content: string, more?: object): Promise<MessageView>
  room(by: number, roomId: number): Promise<RoomView>
  /** What the room's and a user's open streams are sent from now on. */
  frames(roomId: number, userId?: number): Record<string, unknown>[]
  published(topic: string): Promise<StoredRecord['value'][]>
  /** On a free port. @returns its address */
  listen(): Promise<string>
}

/**
 * A whole chat-service on its real database, event bus and broker; user-service is played.
 * @param shared a store that other services have too; it is closed by who opened it
 */
export async function startService(t: Cleanup, shared?: Omit<ChatStore, 'close'>): Promise<TestService> {
  const dir = tempDir(t)
  const clock = createTestClock()
  const broker = createMemoryBroker()
  const bus = await createEmbeddedBus({ file: join(dir, 'bus.db') })
  await bus.ensureTopics(withDlq([...chatTopics, ...friendTopics, ...userTopics]))
  const own = shared ? undefined : await createSqliteChatStore(join(dir, 'chat.db'))
  const store = shared ?? own!
  const day = 86_400_000
  const module = createChatModule(
    {
      ...store,
      bus,
      broker,
      local: broker,
      tokens: idTokens,
      calls: createCallBudget(1_000_000),
      clock,
      logger: nullLogger,
      metrics: createMetrics('chat-service'),
      blobs: await createDiskBlobStore(join(dir, 'blobs')),
      directory: { find: async () => [] },
      tickets: createMemoryTickets(clock, () => false),
      presence: { beat: () => {} },
      focus: createMemoryFocus(clock),
      readiness: {},
    },
    {
      relayOwner: 'test',
      maxFileBytes: 1_000_000,
      limits: {
        members: 10,
        rooms: 100,
        per_day: 100,
        links_per_day: 100,
        ask_again_after: 30 * day,
        change: { reactions: 20, pins: 50 },
        storage: { files: 100, bytes: 100_000_000 },
      },
      streams: {
        heartbeatMs: 15_000,
        maxBufferedBytes: 1_000_000,
        maxConnections: 100,
        maxPerUser: 20,
        maxPerNetwork: 200,
        maxConcurrentResumes: 8,
      },
    },
  )
  for (const [user_id, display_name] of NAMES)
    await store.people.applyProfile({
      event_id: `seed-${user_id}`,
      user_id,
      now: clock.now(),
      profile: { username: `user${user_id}`, display_name, profile_image_url: null, active: true },
    })
  const host = await startModule(module)
  const { app } = host
  t.after(async () => {
    await host.close()
    await own?.close()
    await bus.close()
  })

  const call: TestService['call'] = (...args) => host.call(...args)
  const done = async <T>(by: number, method: Method, url: string, payload?: object): Promise<T> => {
    const { status, body } = await call<T>(by, method, url, payload)
    assert.ok(status < 300, `${method} ${url}: ${JSON.stringify(body)}`)
    return body
  }
  let listening: Promise<string> | undefined
  return {
    app,
    module,
    bus,
    clock,
    call,
    listen: () => (listening ??= app.listen({ port: 0, host: '127.0.0.1' })),
    group: (owner, ...member_ids) => done(owner, 'POST', '/chat-rooms', { type: 'group', name: '모임', member_ids }),
    direct: (one, user_id) => done(one, 'POST', '/chat-rooms', { type: 'direct', user_id }),
    say: (by, roomId, content, more = {}) => done(by, 'POST', `/messages/${roomId}`, { content, ...more }),
    room: (by, roomId) => done(by, 'GET', `/chat-rooms/${roomId}`),
    frames: (roomId, userId) => listen(broker, [roomChannel(roomId), ...(userId ? [userChannel(userId)] : [])]),
    async published(topic) {
      await module.events.flush()
      const { partitions } = (await bus.admin.topics()).find(({ name }) => name === topic)!
      const values: StoredRecord['value'][] = []
      for (const { partition } of partitions)
        for (const { value } of await bus.admin.read({ topic, partition, offset: 0, limit: 1_000 })) values.push(value)
      return values
    },
  }
}

function listen(broker: Broker, channels: readonly string[]): Record<string, unknown>[] {
  const frames: Record<string, unknown>[] = []
  for (const channel of channels)
    broker.subscribe(channel, (text) => {
      const parsed = parseEnvelope(text)
      if ('frame' in parsed) frames.push(JSON.parse(parsed.frame.json) as Record<string, unknown>)
    })
  return frames
}
