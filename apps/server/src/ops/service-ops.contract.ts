import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { openService, type OpenedService } from './service-ops.fixture.ts'
import type { ServiceOps } from './service-ops.ts'

/** What an instance of a service promises to who asks it (service-ops.ts), wherever it runs. */
export function serviceOpsContract(
  name: string,
  reach: (t: TestContext, service: OpenedService) => Promise<ServiceOps>,
): void {
  const open = async (t: TestContext) => {
    const service = await openService(t)
    return { ...service, ops: await reach(t, service) }
  }

  suite(`ops of a service: ${name}`, () => {
    test('usage counts what the service answered since the start, and measures its process', async (t) => {
      const { ops, app } = await open(t)
      const before = await ops.usage()
      for (let i = 0; i < 3; i++) assert.equal((await app.inject({ url: '/friends' })).statusCode, 200)
      const after = await ops.usage()
      assert.equal(after.requests.total - before.requests.total, 3)
      assert.equal(after.requests.errors, 0)
      assert.equal(after.process.id, before.process.id)
      assert.ok(after.process.uptime_s > before.process.uptime_s && after.process.rss_bytes > 0)
      const last = after.latency.at(-1)!
      assert.deepEqual(last, { le: null, count: after.requests.total })
      assert.ok(after.latency.length > 5)
    })

    test('health is the state of each dependency, with the reason; one that hangs keeps nobody waiting', async (t) => {
      const { ops, checks } = await open(t)
      const usage = await ops.usage()
      assert.deepEqual(await ops.health(), { process: usage.process.id, checks: { database: { status: 'up' } } })
      checks['events'] = () => Promise.reject(new Error('no broker'))
      checks['files'] = () => new Promise(() => {})
      const from = performance.now()
      const { checks: states } = await ops.health()
      assert.ok(performance.now() - from < 1_900)
      assert.deepEqual(states['database'], { status: 'up' })
      assert.deepEqual(states['events'], { status: 'down', detail: 'no broker' })
      assert.match(states['files']!.detail!, /^no answer within/)
    })

    test('the document is the one of the service’s own port', async (t) => {
      const { ops, app } = await open(t)
      const document = await ops.document()
      assert.ok(document.paths!['/friends'])
      assert.deepEqual(JSON.parse(JSON.stringify(document)), (await app.inject({ url: '/openapi.json' })).json())
    })

    test('parked events are told as they are, and are tried again at once when they are put back', async (t) => {
      const { ops, park, notified } = await open(t)
      const [one, two] = [await park('안녕'), await park('점심')]
      assert.deepEqual(await ops.outbox!.stats(), { pending: 0, parked: 2, oldest_created_at: null })
      const parked = await ops.outbox!.parked(10)
      assert.deepEqual(
        parked.map(({ id, record, last_error, created_at }) => [id, record.value['content'], last_error, created_at]),
        [
          [one, '안녕', 'no such topic', 1_000],
          [two, '점심', 'no such topic', 1_000],
        ],
      )
      assert.deepEqual(Object.keys(parked[0]!.record.headers), ['ce_id'])
      assert.equal((await ops.outbox!.parked(1)).length, 1)
      await ops.outbox!.unpark([one, 'unknown'])
      assert.equal(notified(), 1)
      await ops.outbox!.unpark([one])
      assert.deepEqual(await ops.outbox!.stats(), { pending: 1, parked: 1, oldest_created_at: 1_000 })
    })

    test('reports come newest first, page by page', async (t) => {
      const { ops, reports } = await open(t)
      const report = { user_id: 8, reason: 'spam', note: '도배', message_ids: ['12-345'], created_at: 0 } as const
      for (let reporter_id = 1; reporter_id <= 3; reporter_id++)
        await reports.add({ ...report, reporter_id, limit: 10, since: 0 })
      const newest = await ops.reports!.list({ limit: 2 })
      assert.deepEqual(
        newest.map(({ reporter_id }) => reporter_id),
        [3, 2],
      )
      const [oldest] = await ops.reports!.list({ before: newest[1]!.id, limit: 2 })
      const open_ = { status: 'open', handled_by: null, handled_at: null } as const
      const created_at = '1970-01-01T00:00:00.000Z'
      assert.deepEqual(oldest, { ...report, id: oldest!.id, reporter_id: 1, created_at, ...open_ })
    })

    test('a report is marked as handled, and told apart; undone it is open again; there is no other', async (t) => {
      const { ops, reports } = await open(t)
      const report = {
        user_id: 8,
        reason: 'spam',
        note: '',
        message_ids: [],
        created_at: 0,
        limit: 10,
        since: 0,
      } as const
      const [one, two] = [
        await reports.add({ ...report, reporter_id: 1 }),
        await reports.add({ ...report, reporter_id: 2 }),
      ]
      const ids = async (status: 'open' | 'handled') =>
        (await ops.reports!.list({ limit: 10, status })).map(({ id }) => id)
      const handled = await ops.reports!.mark({ id: one!, status: 'handled', by: 3 })
      assert.deepEqual([handled!.id, handled!.status, handled!.handled_by], [one, 'handled', 3])
      assert.match(handled!.handled_at!, /^\d{4}-.*Z$/)
      assert.deepEqual([await ids('open'), await ids('handled')], [[two], [one]])
      assert.deepEqual(await ops.reports!.mark({ id: one!, status: 'handled', by: 4 }), handled, 'the first stays')
      const undone = await ops.reports!.mark({ id: one!, status: 'open', by: 4 })
      assert.deepEqual([undone!.status, undone!.handled_by, undone!.handled_at], ['open', null, null])
      assert.deepEqual([await ids('open'), await ids('handled')], [[two, one], []])
      assert.equal(await ops.reports!.mark({ id: 99, status: 'handled', by: 3 }), undefined)
    })

    test('storage has the accounts that use most', async (t) => {
      const { ops } = await open(t)
      const { total, allowed, accounts } = await ops.storage!(2)
      assert.deepEqual([total.files, allowed.bytes, accounts.map(({ user_id }) => user_id)], [3, 1_000, [7, 8]])
    })

    test('of partitions it tells what it writes, and what it has seen', async (t) => {
      const { ops } = await open(t)
      assert.deepEqual(await ops.partitions!(), [
        {
          partition: 0,
          owner: { term: 2, is_serving: true, n: 7, unapplied: 1, unpublished: 3, waiting: 4 },
          seen: 6,
        },
        {
          partition: 1,
          owner: { term: 3, is_serving: false, n: 0, unapplied: 0, unpublished: null, waiting: 2 },
          seen: 5,
        },
        { partition: 2, owner: null, seen: 9 },
      ])
    })

    test('a storage that is away is an outage', async (t) => {
      const service = await openService(t)
      const broken: ServiceOps = {
        ...service.ops,
        storage: () =>
          Promise.reject(new AppError('STORAGE_UNAVAILABLE', { kind: 'unavailable', ko: '저장소', en: 'Storage' })),
      }
      const ops = await reach(t, { ...service, ops: broken })
      await assert.rejects(
        async () => ops.storage!(2),
        (error) => error instanceof AppError && error.kind === 'unavailable',
      )
    })
  })
}
