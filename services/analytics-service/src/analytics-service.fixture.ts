import { join } from 'node:path'
import { startModule, type Answer, type TestHost } from '@bigtech/http/testing'
import { createEmbeddedBus, withDlq, type EventBus, type EventRecord, type TopicConfig } from '@bigtech/messaging'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { createTestClock, tempDir, type Cleanup, type TestClock } from '@bigtech/testkit'
import { careTopics, CareWeekCounted } from '@bigtech/ai-service/contract'
import { chatTopics, MessageSent, MessagesRead } from '@bigtech/chat-service/contract'
import { friendTopics } from '@bigtech/friend-service/contract'
import { userTopics, UserClosed, UserLoggedIn, UserRegistered } from '@bigtech/user-service/contract'
import { createDuckdbFactStore } from './adapters/index.ts'
import { createAnalyticsModule, type AnalyticsModule, type AnalyticsPorts } from './module.ts'
import type { FactStore } from './ports.ts'

export type TestService = Readonly<{
  /** The administrator asks. */
  get: <T>(path: string) => Promise<Answer<T>>
  host: TestHost
  module: AnalyticsModule
  store: FactStore
  bus: EventBus
  clock: TestClock
  /** Publishes these, and waits until the service has handled all there is. */
  tell(...records: EventRecord[]): Promise<void>
  handled(): Promise<void>
  file: string
  stop(): Promise<void>
}>

export const TEST_TOPICS: readonly TopicConfig[] = [...userTopics, ...friendTopics, ...chatTopics, ...careTopics]

/** A whole analytics-service on DuckDB and a real event bus; the other services are played. */
export async function startService(
  t: Cleanup,
  options: { dir?: string; role?: 'user'; outOfStep?: AnalyticsPorts['outOfStep'] } = {},
): Promise<TestService> {
  const dir = options.dir ?? tempDir(t)
  const file = join(dir, 'analytics.duckdb')
  const clock = createTestClock()
  const bus = await createEmbeddedBus({ file: join(dir, 'bus.db') })
  await bus.ensureTopics(withDlq([...TEST_TOPICS]))
  const store = createDuckdbFactStore({ file })
  const module = createAnalyticsModule({
    store,
    bus,
    clock,
    logger: nullLogger,
    metrics: createMetrics('analytics-service'),
    timeZone: 'Asia/Seoul',
    readiness: {},
    collectMs: 5,
    ...(options.outOfStep === undefined ? {} : { outOfStep: options.outOfStep }),
  })
  const host = await startModule(module, { role: options.role ?? 'admin' })
  let ended: Promise<void> | undefined
  const stop = () => (ended ??= host.close().then(() => bus.close()))
  t.after(stop)
  const handled = async () => {
    const ends = (await bus.admin.topics()).filter(({ name }) => TEST_TOPICS.some((topic) => topic.name === name))
    const isDone = async () => {
      const lag = (await bus.admin.lag('analytics-service')).filter(({ group }) => group === 'analytics-service')
      return ends.every(({ name, partitions }) =>
        partitions.every(
          ({ partition, end_offset }) =>
            end_offset === 0 ||
            (lag.find((row) => row.topic === name && row.partition === partition)?.committed_offset ?? 0) >= end_offset,
        ),
      )
    }
    const until = Date.now() + 20_000
    while (!(await isDone())) {
      if (Date.now() > until) throw new Error('the events were not handled within 20 s')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  return {
    get: (path) => host.call(1, 'GET', path),
    host,
    module,
    store,
    bus,
    clock,
    file,
    handled,
    stop,
    async tell(...records) {
      await bus.publish(records)
      await handled()
    },
  }
}

/** A week that is over, as ai-service tells of it. */
export const careWeek = (
  week_start: string,
  measures: Record<string, [entries: number, people: number]>,
): EventRecord[] =>
  Object.entries(measures).map(([measure, [entries, people]]) =>
    CareWeekCounted.make({ week_start, measure, entries, people }, { now: Date.parse(week_start) + 8 * 86_400_000 }),
  )

/** Two people who register, write to each other and read; `now` is when they began. */
export function conversation(now: number): EventRecord[] {
  const at = (after: number) => ({ now: now + after })
  const said = (seq: number, user_id: number, content: string, after: number) =>
    MessageSent.make(
      {
        message_id: `msg_1_${seq}`,
        room_id: 1,
        user_id,
        seq,
        rev: seq,
        content,
        message_type: 'text',
        reply_to: null,
        reply_to_user_id: null,
        mentions: [],
        mentions_everyone: false,
        file_id: null,
      },
      at(after),
    )
  const registered = (user_id: number, after: number) =>
    UserRegistered.make(
      {
        user_id,
        username: `user${user_id}`,
        display_name: `user${user_id}`,
        profile_image_url: null,
        status_message: null,
        status: 'active',
        email: `user${user_id}@example.com`,
      },
      at(after),
    )
  return [
    registered(5, 0),
    registered(6, 10),
    UserLoggedIn.make({ user_id: 5, is_new_device: false }, at(100)),
    said(1, 5, '안녕하세요', 1_000),
    said(2, 6, '네, 안녕하세요 @민수', 16_000),
    said(3, 5, 'see you', 17_500),
    MessagesRead.make({ room_id: 1, user_id: 6, old_read_seq: 0, read_seq: 1 }, at(4_000)),
  ]
}

export const closed = (user_id: number, now: number): EventRecord =>
  UserClosed.make({ user_id, saga_id: 's1' }, { now })
