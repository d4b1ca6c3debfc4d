import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { CUES, ENTRY_KINDS, QUESTIONNAIRE_NAMES } from '@bigtech/ai-service/contract'
import type { EventBus } from '@bigtech/messaging'
import { nullLogger } from '@bigtech/telemetry'
import { eventually, tempDir } from '@bigtech/testkit'
import { CARE_MEASURES } from './domain/care.ts'
import {
  careWeek,
  closed,
  conversation,
  startService,
  TEST_TOPICS,
  type TestService,
} from './analytics-service.fixture.ts'
import type {
  CareStatistics,
  MessageStatistics,
  Overview,
  RebuildState,
  RetentionStatistics,
  RoomStatistics,
  UserStatistics,
} from './contract/index.ts'

import { createRebuild } from './features/rebuild-statistics/rebuild-statistics.ts'

const PAGES = ['overview', 'messages', 'users', 'rooms', 'retention', 'care'] as const

const allOf = async ({ get }: TestService) =>
  Object.fromEntries(
    await Promise.all(PAGES.map(async (page) => [page, (await get<object>(`/analytics/${page}`)).body] as const)),
  )

test('what people did is in all statistics, and their texts in none', async (t) => {
  const service = await startService(t)
  await service.tell(...conversation(service.clock.now()))

  const overview = (await service.get<Overview>('/analytics/overview')).body
  assert.equal(overview.tz, 'Asia/Seoul')
  assert.equal(overview.to, '2026-01-01T15:00:00.000Z')
  const { messages, active_people, new_accounts, sign_ins, active_rooms, monthly_active } = overview.range
  assert.deepEqual([messages, active_people, new_accounts, sign_ins, active_rooms, monthly_active], [3, 2, 2, 1, 1, 2])
  assert.equal(overview.before.figures.messages, 0)

  const said = (await service.get<MessageStatistics>('/analytics/messages?interval=hour&from=2026-01-01')).body
  assert.deepEqual(
    said.items
      .filter(({ messages: n }) => n > 0)
      .map((item) => [item.start, item.text, item.characters, item.with_mention]),
    [['2026-01-01T00:00:00.000Z', 3, 24, 1]],
  )
  assert.deepEqual(said.by_language, { ko: 2, latin: 1 })
  assert.equal(said.by_hour[9], 3, 'nine in the morning in Seoul')

  const users = (await service.get<UserStatistics>('/analytics/users')).body
  assert.deepEqual(users.funnel, { registered: 2, signed_in: 1, befriended: 0, wrote: 2 })
  const rooms = (await service.get<RoomStatistics>('/analytics/rooms')).body
  assert.deepEqual(rooms.top, [{ room_id: 1, messages: 3 }])
  assert.deepEqual([rooms.response.count, rooms.delivery.count], [2, 1])
  const retention = (await service.get<RetentionStatistics>('/analytics/retention')).body
  assert.deepEqual(retention.items, [{ start: '2025-12-28T15:00:00.000Z', registered: 2, active: [2] }])
  assert.doesNotMatch(JSON.stringify(await allOf(service)), /안녕|see you|user5/)
})

test("care is told of by week, of groups alone, and is nobody's activity", async (t) => {
  const service = await startService(t)
  const [first, second] = ['2025-12-14T15:00:00.000Z', '2025-12-21T15:00:00.000Z']
  const told = [
    ...careWeek(first, { all: [12, 6], 'cue:sleep': [7, 5] }),
    ...careWeek(second, { all: [9, 5], 'a measure of tomorrow': [9, 5] }),
  ]
  await service.tell(...told)
  await service.tell(...told)
  const { items, interval } = (await service.get<CareStatistics>('/analytics/care?interval=day')).body
  assert.equal(interval, 'week', 'whatever is asked for')
  assert.deepEqual(items, [
    { start: first, entries: 12, people: 6, groups: [{ measure: 'cue:sleep', entries: 7, people: 5 }] },
    { start: second, entries: 9, people: 5, groups: [] },
  ])
  assert.equal((await service.get<Overview>('/analytics/overview')).body.range.active_people, 0)
  assert.deepEqual((await service.get<CareStatistics>('/analytics/care?from=2025-12-23')).body.items, [])
  const csv = await service.host.app.inject({
    url: '/analytics/care?format=csv',
    headers: { authorization: 'Bearer 1' },
  })
  assert.match(csv.body, /^\uFEFFstart,measure,entries,people\r\n/)
})

test('every measure that ai-service can tell of is one that is counted', () => {
  const measures = [
    'all',
    ...ENTRY_KINDS,
    ...CUES.map((cue) => `cue:${cue}`),
    ...['concern', 'immediate'].map((level) => `safety:${level}`),
    ...QUESTIONNAIRE_NAMES.map((name) => `positive:${name}`),
  ]
  assert.deepEqual(new Set(CARE_MEASURES), new Set(measures))
})

test('tables are downloads', async (t) => {
  const service = await startService(t)
  await service.tell(...conversation(service.clock.now()))
  for (const page of PAGES) {
    const ask = (format: string) =>
      service.host.app.inject({ url: `/analytics/${page}?format=${format}`, headers: { authorization: 'Bearer 1' } })
    const csv = await ask('csv')
    assert.match(csv.headers['content-type'] as string, /text\/csv/)
    assert.match(csv.headers['content-disposition'] as string, new RegExp(`^attachment; filename="${page}-.*\\.csv"`))
    const parquet = await ask('parquet')
    assert.equal(parquet.rawPayload.subarray(0, 4).toString(), 'PAR1')
    assert.equal(parquet.rawPayload.subarray(-4).toString(), 'PAR1')
  }
  const csv = await service.host.app.inject({
    url: '/analytics/messages?format=csv&from=2026-01-01',
    headers: { authorization: 'Bearer 1' },
  })
  const [head, ...lines] = csv.body.split('\r\n')
  assert.equal(head?.split(',')[0], '\uFEFFstart')
  assert.equal(lines.length, 25, '24 hours, and the end of the last line')
})

test('what cannot be asked is said so', async (t) => {
  const { get } = await startService(t)
  const codeOf = async (query: string) => {
    const { status, body } = await get<{ code: string }>(`/analytics/overview?${query}`)
    return [status, body.code]
  }
  assert.deepEqual(await codeOf('tz=Mars/Olympus'), [400, 'TIME_ZONE_UNKNOWN'])
  assert.deepEqual(await codeOf("tz=UTC'%3B%20DROP%20TABLE%20facts"), [400, 'TIME_ZONE_UNKNOWN'])
  assert.deepEqual(await codeOf('from=2025-02-30'), [400, 'RANGE_INVALID'])
  assert.deepEqual(await codeOf('from=2026-01-02&to=2026-01-01'), [400, 'RANGE_INVALID'])
  assert.deepEqual(await codeOf('from=0001-01-01'), [400, 'RANGE_INVALID'])
  assert.deepEqual(await codeOf('from=1990-01-01'), [400, 'RANGE_TOO_LONG'])
  assert.deepEqual(await codeOf('from=2025-06-01&interval=hour'), [400, 'TOO_MANY_INTERVALS'])
  assert.deepEqual(await codeOf('from=yesterday'), [422, 'VALIDATION_FAILED'])
  assert.equal((await get('/analytics/overview?to=9999-12-31')).status, 200, 'the future ends today')
})

test('statistics are for administrators', async (t) => {
  const { get, host } = await startService(t, { role: 'user' })
  for (const page of [...PAGES, 'rebuild']) assert.equal((await get(`/analytics/${page}`)).status, 403)
  assert.equal((await host.call(1, 'POST', '/analytics/rebuild')).status, 403)
})

test('a broken event is set aside, those around it count; told again nothing changes', async (t) => {
  const service = await startService(t)
  const records = conversation(service.clock.now())
  const broken = { ...records[3]!, value: { ...records[3]!.value, event_id: 'broken', room_id: 'one' } }
  const timeless = { ...records[3]!, value: { ...records[3]!.value, event_id: 'timeless', timestamp: 'yesterday' } }
  await service.tell(records[0]!, broken, ...records.slice(1), timeless)
  const before = await allOf(service)
  assert.equal((before['overview'] as Overview).range.messages, 3)
  await service.tell(...records, ...records.toReversed())
  assert.deepEqual(await allOf(service), before)
  const letters = await service.bus.admin.read({ topic: 'message.events.dlq', partition: 0, offset: 0, limit: 10 })
  assert.deepEqual(
    letters.map(({ value }) => value.event_id).toSorted((a, b) => (a < b ? -1 : 1)),
    ['broken', 'timeless'],
  )
})

test('made anew they are what they were, and go on with what comes', async (t) => {
  const service = await startService(t)
  const now = service.clock.now()
  await service.tell(...conversation(now), closed(6, now + 20_000))
  const before = await allOf(service)
  const rebuilt = async () => {
    const { status } = await service.host.call(1, 'POST', '/analytics/rebuild')
    assert.equal(status, 202)
    await eventually(async () => {
      const { body } = await service.get<RebuildState>('/analytics/rebuild')
      assert.equal(body.state, 'done', JSON.stringify(body))
      assert.deepEqual([body.events, body.total], [8, 8])
    })
  }
  await rebuilt()
  assert.deepEqual(await allOf(service), before)
  // The log loses what it keeps for a week only; the statistics do not.
  service.clock.advance(1)
  await service.bus.admin.prune(Date.now() + 400 * 86_400_000)
  const { status } = await service.host.call(1, 'POST', '/analytics/rebuild')
  assert.equal(status, 202)
  await eventually(async () => assert.equal((await service.get<RebuildState>('/analytics/rebuild')).body.state, 'done'))
  assert.deepEqual(await allOf(service), before)
  await service.tell(...conversation(now + 3_600_000).slice(3, 4))
  assert.equal((await service.get<Overview>('/analytics/overview')).body.range.messages, 4)
})

test('a file that is lost is made anew with the next start', async (t) => {
  const dir = tempDir(t)
  const first = await startService(t, { dir })
  await first.tell(...conversation(first.clock.now()))
  const before = await allOf(first)
  await first.stop()
  await rm(first.file)
  // One that is killed meanwhile has a file, and must know that much is not in it.
  const noted: string[] = []
  const outOfStep = { is: () => false, found: () => void noted.push('found'), mended: () => void noted.push('mended') }
  const second = await startService(t, { dir, outOfStep })
  await eventually(() => assert.deepEqual(noted, ['found', 'mended']))
  assert.equal(second.module.rebuild.state().state, 'done')
  assert.deepEqual(await allOf(second), before)
})

test('a service that has ended makes nothing anew', async (t) => {
  const service = await startService(t)
  await service.stop()
  const { rebuild } = service.module
  await rebuild.run()
  assert.deepEqual([rebuild.state().state, rebuild.state().problem], ['failed', 'the service ends'])
})

test('a rebuild that is stopped reads no further, and changes nothing', async (t) => {
  const service = await startService(t)
  await service.tell(...conversation(service.clock.now()))
  let isStopped = false
  const log = {
    topics: () => service.bus.admin.topics(),
    read(page: Parameters<EventBus['admin']['read']>[0]) {
      assert.ok(!isStopped)
      // The oldest of each are looked at before.
      if (page.limit > 1) {
        isStopped = true
        rebuild.stop()
      }
      return service.bus.admin.read(page)
    },
  }
  const whilePaused = () => assert.fail('nothing takes the place of the statistics')
  const topics = TEST_TOPICS.map(({ name }) => name)
  const { store, clock } = service
  const rebuild = createRebuild({ store, ingest: { whilePaused }, log, topics, clock, logger: nullLogger })
  await rebuild.run()
  assert.ok(isStopped)
  assert.deepEqual([rebuild.state().state, rebuild.state().problem], ['failed', 'the service ends'])
  assert.equal((await service.get<Overview>('/analytics/overview')).body.range.messages, 3)
})
