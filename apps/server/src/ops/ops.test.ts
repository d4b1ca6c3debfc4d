import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { newId } from '@bigtech/kernel'
import type { DeadLetter, EventRecord, GroupLag, StoredRecord, TopicState } from '@bigtech/messaging'
import { eventually } from '@bigtech/testkit'
import { UserClosed, UserProfileUpdated } from '@bigtech/user-service/contract'
import type { Static } from 'typebox'
import { SERVICE_ROLES } from '../roles.ts'
import { openServer } from '../server.fixture.ts'
import type { OpsMetrics } from './ops-metrics.ts'
import type { ServiceHealth as HealthSchema } from './ops.schemas.ts'

type List<T> = { items: T[] }
type ServiceHealth = Static<typeof HealthSchema>

const PATHS = [
  'topics',
  'topics/user.events/messages',
  'lag',
  'partitions',
  'outbox',
  'outbox/user-service/parked',
  'dlq',
  'health',
]

test('operations are for administrators: 401 without a token, 403 for anybody else', async (t) => {
  const { call, person, admin } = await openServer(t)
  const { token } = await person('minsu')
  const operator = await admin()
  for (const path of PATHS) {
    assert.equal((await call('GET', `/ops/${path}`)).status, 401, path)
    const refused = await call('GET', `/ops/${path}`, { token })
    assert.deepEqual([refused.status, refused.body['code']], [403, 'ADMIN_ONLY'], path)
    const answer = await call<List<unknown>>('GET', `/ops/${path}`, { token: operator })
    assert.equal(answer.status, 200, answer.text)
    assert.ok(Array.isArray(answer.body.items), path)
  }
  for (const path of ['dlq/replay', 'outbox/user-service/unpark']) {
    const body = { topic: 'user.events', ids: ['1'] }
    assert.equal((await call('POST', `/ops/${path}`, { body })).status, 401, path)
    assert.equal((await call('POST', `/ops/${path}`, { body, token })).status, 403, path)
    assert.ok((await call('POST', `/ops/${path}`, { body, token: operator })).status < 300, path)
  }
})

test('metrics count what happened since the start', async (t) => {
  const { call, person, admin } = await openServer(t)
  const token = await admin()
  const { token: mine } = await person('minsu')
  const other = await person('jiwoo')
  assert.equal((await call('GET', '/ops/metrics', { token: mine })).status, 403)
  const read = async () => (await call<OpsMetrics>('GET', '/ops/metrics', { token })).body
  const before = await read()
  const { body: room } = await call<{ id: number }>('POST', '/chat-rooms', {
    token: mine,
    body: { type: 'direct', user_id: other.id },
  })
  for (let i = 0; i < 3; i++)
    assert.equal((await call('POST', `/messages/${room.id}`, { token: mine, body: { content: `${i}` } })).status, 201)
  const now = await read()
  const requests = (metrics: OpsMetrics) => metrics.requests.find(({ service }) => service === 'chat-service')!.total
  assert.equal(now.messages_total - before.messages_total, 3)
  assert.equal(requests(now) - requests(before), 4)
  assert.ok(now.uptime_s > before.uptime_s && now.process.rss_bytes > 0 && now.process.loop_active_ms > 0)
  const { uptime_s, process } = now
  const [only, ...others] = now.processes
  assert.deepEqual([others, now.away], [[], []], 'one process')
  const { id, name } = only!
  assert.deepEqual(only, { id, name, services: now.requests.map(({ service }) => service), uptime_s, ...process })
  const counts = now.latency.map(({ count }) => count)
  assert.deepEqual(
    counts,
    counts.toSorted((a, b) => a - b),
    'cumulative',
  )
  assert.equal(now.latency.at(-1)!.le, null)
  assert.equal(
    counts.at(-1),
    now.requests.reduce((sum, { total }) => sum + total, 0),
  )
})

test('topics, their events, lag and outboxes tell what happened', async (t) => {
  const { call, person, admin } = await openServer(t)
  const token = await admin()
  const { id } = await person('minsu')
  const get = async <T>(path: string) => {
    const answer = await call<T>('GET', `/ops/${path}`, { token })
    assert.equal(answer.status, 200, answer.text)
    return answer.body
  }

  const topics = new Map((await get<List<TopicState>>('topics')).items.map((topic) => [topic.name, topic]))
  for (const [name, partitions] of [
    ['user.events', 3],
    ['user.online_status', 6],
    ['friend.events', 3],
    ['message.events', 10],
    ['chat.events', 3],
  ] as const) {
    assert.equal(topics.get(name)?.partitions.length, partitions, name)
    assert.equal(topics.get(`${name}.dlq`)?.retention_ms, 30 * 24 * 3_600_000, name)
  }
  assert.equal(topics.get('user.events')?.retention_ms, 7 * 24 * 3_600_000)

  const partition = id % 3
  const messages = await eventually(async () => {
    const page = await get<{ items: StoredRecord[]; next_offset: number | null }>(
      `topics/user.events/messages?partition=${partition}`,
    )
    assert.ok(page.items.some(({ value }) => value.event_type === 'UserRegistered' && value['user_id'] === id))
    assert.ok(page.items.length > 1, 'the sign-in follows the registration')
    return page
  })
  assert.equal(messages.next_offset, null)
  const first = await get<{ items: StoredRecord[]; next_offset: number | null }>(
    `topics/user.events/messages?partition=${partition}&offset=0&limit=1`,
  )
  assert.equal(first.items[0]?.offset, 0)
  assert.equal(first.next_offset, 1)

  await eventually(async () => {
    const lag = (await get<List<GroupLag>>('lag')).items.filter(({ topic }) => topic === 'user.events')
    assert.deepEqual([...new Set(lag.map(({ group }) => group))].sort(), [
      'ai-service',
      'analytics-service',
      'chat-service',
      'friend-service',
      'notification-service',
      'user-service',
    ])
    assert.equal(
      lag.reduce((sum, { lag }) => sum + lag, 0),
      0,
    )
    const outboxes = (await get<List<{ service: string; pending: number; parked: number }>>('outbox')).items
    assert.deepEqual(
      outboxes.map(({ service, pending, parked }) => [service, pending, parked]),
      [
        ['user-service', 0, 0],
        ['friend-service', 0, 0],
        ['chat-service', 0, 0],
        ['ai-service', 0, 0],
      ],
    )
  })

  const health = await get<List<ServiceHealth>>('health')
  const { processes } = await get<OpsMetrics>('metrics')
  for (const { checks, instances } of health.items)
    assert.deepEqual(instances, [{ name: processes[0]!.name, process: processes[0]!.id, status: 'up', checks }])
  for (const { service, checks } of health.items)
    for (const [name, { status }] of Object.entries(checks)) assert.equal(status, 'up', `${service} ${name}`)
  assert.equal(health.items.length, SERVICE_ROLES.length)

  const code = async (path: string) => (await call('GET', `/ops/${path}`, { token })).body['code']
  assert.equal(await code('topics/nothing/messages'), 'TOPIC_NOT_FOUND')
  assert.equal(await code('topics/user.events/messages?partition=3'), 'TOPIC_NOT_FOUND')
  assert.equal(await code('outbox/nobody/parked'), 'OUTBOX_NOT_FOUND')
  assert.equal(await code('outbox/__proto__/parked'), 'OUTBOX_NOT_FOUND')
})

test('a poison event goes to the DLQ, stops nobody, and takes effect exactly once after its replay', async (t) => {
  const { server, dataDir, call, person, admin, befriend } = await openServer(t)
  const token = await admin()
  const [alice, bob] = [await person('alice'), await person('bob')]
  await befriend(alice, bob)
  const { bus } = server.profile
  const letters = async () =>
    (await call<List<DeadLetter>>('GET', '/ops/dlq?topic=user.events', { token })).body.items.filter(
      ({ failed }) => failed.group === 'friend-service',
    )
  const removals = async () => {
    const found: StoredRecord[] = []
    for (const partition of [0, 1, 2])
      found.push(...(await bus.admin.read({ topic: 'friend.events', partition, offset: 0, limit: 1_000 })))
    return found.filter(({ value }) => value.event_type === 'FriendRemoved').length
  }

  // friend-service cannot do its part of "Bob closed his account": its table is gone for a while.
  // It waits for its turn as long as a commit on a busy disk takes.
  const sabotage = new DatabaseSync(join(dataDir, 'friend.db'), { timeout: 60_000 })
  t.after(() => sabotage.close())
  sabotage.exec('ALTER TABLE blocks RENAME TO blocks_away')
  const closed: EventRecord = UserClosed.make({ user_id: bob.id, saga_id: newId() })
  await bus.publish([closed])
  const [letter] = await eventually(async () => {
    const open = await letters()
    assert.equal(open.length, 1)
    return open
  })
  assert.equal(letter!.event_type, 'UserClosed')
  assert.equal(letter!.event_id, closed.value.event_id)
  assert.equal(letter!.failed.attempts, 5)
  assert.match(letter!.failed.error, /no such table: blocks/)

  // The partition went on: a later event of the same key is handled.
  const later = {
    user_id: bob.id,
    username: 'bobby',
    display_name: 'Bobby',
    profile_image_url: null,
    status_message: null,
  }
  await bus.publish([UserProfileUpdated.make({ ...later, status: 'active' })])
  await eventually(() => {
    const row = sabotage.prepare('SELECT display_name FROM profiles WHERE user_id = ?').get(bob.id)
    assert.equal(row?.['display_name'], 'Bobby')
  })
  assert.equal(await removals(), 0)

  sabotage.exec('ALTER TABLE blocks_away RENAME TO blocks')
  const replay = async (key?: string) =>
    (
      await call<{ replayed: number }>('POST', '/ops/dlq/replay', {
        token,
        body: { topic: 'user.events', offsets: [letter!.offset] },
        ...(key ? { headers: { 'idempotency-key': key } } : {}),
      })
    ).body.replayed
  assert.equal(await replay('once'), 1)
  assert.equal(await replay('once'), 1, 'the same answer again')
  await eventually(async () => assert.equal(await removals(), 1))
  assert.deepEqual(await letters(), [])
  assert.equal(await replay(), 0, 'nothing is open any more')

  // Delivered again, as a bus may: the inbox knows it, and the friendship of after is left alone.
  await befriend(alice, bob)
  await bus.publish([closed])
  await eventually(async () => {
    const lag = (await bus.admin.lag()).filter(
      ({ group, topic }) => group === 'friend-service' && topic === 'user.events',
    )
    assert.equal(
      lag.reduce((sum, { lag }) => sum + lag, 0),
      0,
    )
  })
  await server.profile.services.friend.module.events.flush()
  assert.equal(await removals(), 1)
  assert.equal(await removals(), 1)
  assert.equal(sabotage.prepare('SELECT count(*) AS n FROM friendships').get()?.['n'], 2, 'one row each way')
})
