import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventBus, GroupLag, Outbox, StoredRecord } from '@bigtech/messaging'
import { createMetrics } from '@bigtech/telemetry'
import { createTestClock } from '@bigtech/testkit'
import { measureEvents } from './measure.ts'

const row = (topic: string, partition: number, lag: number, group = 'chat-service'): GroupLag => ({
  group,
  topic,
  partition,
  committed_offset: 0,
  end_offset: lag,
  lag,
})

/** Ports that answer what a test says, or are away. */
function open(answers: { lag?: GroupLag[]; stats?: Awaited<ReturnType<Outbox['stats']>> }) {
  const clock = createTestClock()
  const away = () => Promise.reject(new Error('away'))
  const bus = { admin: { lag: async () => answers.lag ?? away() } } as unknown as EventBus
  const outbox = { stats: async () => answers.stats ?? away() } as unknown as Outbox
  const metrics = createMetrics('chat-service')
  const hooks = measureEvents(metrics, {
    service: 'chat-service',
    topics: ['user.events', 'x.events'],
    bus,
    outbox,
    clock,
  })
  const value = async (name: string, label = '') =>
    (await metrics.samples()).find((one) => one.name === name && Object.values(one.labels).join().includes(label))
      ?.value
  return { clock, hooks, value }
}

test('lag is added up by topic, of this service alone', async () => {
  const { value } = open({
    lag: [row('user.events', 0, 2), row('user.events', 1, 3), row('user.events', 0, 100, 'chat-service-2')],
    stats: { pending: 0, parked: 0, oldest_created_at: null },
  })
  assert.equal(await value('consumer_lag_records', 'user.events'), 5)
})

test('the outbox tells how many wait, and how long the oldest has', async () => {
  const clock = createTestClock()
  const { value } = open({ lag: [], stats: { pending: 7, parked: 2, oldest_created_at: clock.now() - 4_000 } })
  assert.equal(await value('outbox_pending_events'), 7)
  assert.equal(await value('outbox_parked_events'), 2)
  assert.equal(await value('outbox_oldest_age_seconds'), 4)
})

test('an engine that is away leaves its figures without a value', async () => {
  const { value } = open({})
  for (const name of ['consumer_lag_records', 'outbox_pending_events', 'outbox_oldest_age_seconds'])
    assert.equal(await value(name), undefined, name)
})

test('what may happen to an event is counted from 0 on: the first dead letter is an increase', async () => {
  const { value } = open({})
  for (const topic of ['user.events', 'x.events'])
    for (const outcome of ['handled', 'ignored', 'skipped', 'dead_lettered'])
      assert.equal(await value('events_handled_total', `${topic},${outcome}`), 0, `${topic} ${outcome}`)
  assert.equal(await value('event_retries_total', 'x.events'), 0)
})

test('events are counted by topic and outcome, and the delay of what was published', async () => {
  const { hooks, value } = open({})
  const record = { topic: 'user.events' } as StoredRecord
  const info = { group: 'chat-service', attempts: 1, durationMs: 20 }
  hooks.consumer.onOutcome!(record, { ...info, outcome: 'handled' })
  hooks.consumer.onOutcome!(record, { ...info, outcome: 'dead_lettered' })
  hooks.consumer.onRetry!(record, { group: 'chat-service', attempt: 1, delayMs: 1, error: new Error('no') })
  hooks.relay.onPublished!({ count: 3, oldestAgeMs: 200 })
  hooks.relay.onOutage!(new Error('away'))
  assert.equal(await value('events_handled_total', 'dead_lettered'), 1)
  assert.equal(await value('event_handling_seconds_count', 'user.events'), 1)
  assert.equal(await value('event_retries_total'), 1)
  assert.equal(await value('events_published_total'), 3)
  assert.equal(await value('event_publish_delay_seconds_sum'), 0.2)
  assert.equal(await value('outbox_outages_total'), 1)
})
