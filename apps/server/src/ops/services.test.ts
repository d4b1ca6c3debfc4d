import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openRemote, openService } from './service-ops.fixture.ts'
import { createServices } from './services.ts'
import { servicesReady } from './services-ready.ts'
import type { ServiceOps } from './service-ops.ts'

/** The same service as another process would have it. */
const elsewhere = (ops: ServiceOps, name: string): ServiceOps => ({
  ...ops,
  name,
  async usage() {
    const usage = await ops.usage()
    return { ...usage, process: { ...usage.process, id: name, uptime_s: 0, rss_bytes: 1_000, cpu_s: 2 } }
  },
  health: async () => ({ ...(await ops.health()), process: name }),
})

describe('metrics of all services', () => {
  it('a process that runs several services is counted once, their requests all', async (t) => {
    const service = await openService(t)
    await service.app.inject({ url: '/friends' })
    const one = await service.ops.usage()
    const all = await createServices({ a: [service.ops], b: [service.ops] }).metrics(7)
    assert.equal(all.at, 7)
    assert.deepEqual(
      all.processes.map(({ id, name, services }) => [id, name, services]),
      [[one.process.id, 'node-1', ['a', 'b']]],
    )
    assert.equal(all.process.rss_bytes, all.processes[0]!.rss_bytes)
    assert.deepEqual(all.requests, [
      { service: 'a', ...one.requests },
      { service: 'b', ...one.requests },
    ])
    assert.deepEqual(all.latency.at(-1), { le: null, count: 2 * one.requests.total })
    assert.deepEqual(all.away, [])
  })

  it('several processes are added up, a service with several is one; one that is away is named', async (t) => {
    const service = await openService(t)
    const { remote, internal, url } = await openRemote(t, service)
    await internal.close()
    await service.app.inject({ url: '/friends' })
    const one = await service.ops.usage()
    const all = await createServices({ friend: [service.ops, elsewhere(service.ops, 'node-2'), remote] }).metrics(0)
    assert.deepEqual(
      all.processes.map(({ name }) => name),
      ['node-1', 'node-2'],
    )
    assert.equal(all.process.rss_bytes, all.processes[0]!.rss_bytes + 1_000)
    assert.ok(all.process.cpu_s > 2)
    assert.equal(all.uptime_s, all.processes[0]!.uptime_s)
    assert.deepEqual(all.requests, [{ service: 'friend', total: 2 * one.requests.total, errors: 0 }])
    const [away, ...others] = all.away
    assert.deepEqual([away!.service, away!.name, others], ['friend', url.host, []])
    assert.match(away!.detail, /ECONNREFUSED/)
  })

  it('of nobody are an outage', async (t) => {
    const { remote, internal } = await openRemote(t, await openService(t))
    await internal.close()
    await assert.rejects(createServices({ friend: [remote] }).metrics(0), { code: 'DEPENDENCY_UNAVAILABLE' })
  })
})

describe('health of a service', () => {
  it('of one process is its checks', async (t) => {
    const { ops } = await openService(t)
    const { process } = (await ops.usage()) as { process: { id: string } }
    const checks = { database: { status: 'up' } }
    assert.deepEqual(await createServices({ friend: [ops] }).health(), [
      { service: 'friend', checks, instances: [{ name: 'node-1', process: process.id, status: 'up', checks }] },
    ])
  })

  it('of several tells what is down at any, and who is away', async (t) => {
    const service = await openService(t)
    const ill = await openService(t)
    ill.checks['database'] = () => Promise.reject(new Error('the disk is full'))
    const { remote, internal, url } = await openRemote(t, service)
    await internal.close()
    const [health] = await createServices({
      friend: [elsewhere(ill.ops, 'node-2'), service.ops, remote],
    }).health()
    assert.deepEqual(health!.checks['database'], { status: 'down', detail: 'node-2: the disk is full' })
    assert.equal(health!.checks[url.host]!.status, 'down')
    assert.deepEqual(
      health!.instances.map(({ name, status, process }) => [name, status, process !== null]),
      [
        ['node-2', 'up', true],
        ['node-1', 'up', true],
        [url.host, 'down', false],
      ],
    )
    assert.match(health!.instances[2]!.detail!, /ECONNREFUSED/)
  })

  it('makes the gateway ready when one process of each works', async (t) => {
    const [well, ill] = [await openService(t), await openService(t)]
    ill.checks['database'] = () => Promise.reject(new Error('the disk is full'))
    const { remote, internal } = await openRemote(t, well)
    const check = (...instances: ServiceOps[]) => servicesReady({ friend: instances })['friend']!()
    await check(remote)
    await check(ill.ops, remote)
    await assert.rejects(check(ill.ops), { message: 'the disk is full' })
    await internal.close()
    await assert.rejects(check(ill.ops, remote), { message: 'the disk is full; 1 of 2 processes do not answer' })
    await assert.rejects(check(), /no process/)
  })
})

describe('outboxes', () => {
  it('are told once a service, by any of its processes; a service without any is named', async (t) => {
    const service = await openService(t)
    await service.park('안녕')
    const { remote, internal } = await openRemote(t, service)
    await internal.close()
    const { outboxStats, outboxes } = createServices({ friend: [remote, service.ops], chat: [remote] })
    assert.deepEqual(await outboxStats(), {
      items: [{ service: 'friend', pending: 0, parked: 1, oldest_created_at: null }],
      away: ['chat'],
    })
    const parked = await outboxes.get('friend')!.any((outbox) => outbox.parked(10))
    await outboxes.get('friend')!.any((outbox) => outbox.unpark(parked.map(({ id }) => id)))
    assert.equal(service.notified(), 1)
  })
})

describe('partitions', () => {
  const owner = { is_serving: true, n: 7, unapplied: 0, unpublished: 0, waiting: 0 }
  const process = (ops: ServiceOps, name: string, ...terms: (number | null)[]): ServiceOps => ({
    ...ops,
    name,
    partitions: async () =>
      terms.map((term, partition) => ({ partition, owner: term === null ? null : { ...owner, term }, seen: 5 })),
  })

  it('have the owner of the latest term, are seen by each process, and stand without one', async (t) => {
    const service = await openService(t)
    const { remote, internal, url } = await openRemote(t, service)
    await internal.close()
    const { items, away } = await createServices({
      chat: [process(service.ops, 'a', 2, 9, null), process(service.ops, 'b', 3, 8, null), remote],
    }).partitions()
    assert.deepEqual(
      items.map(({ partition, owner: of }) => [partition, of?.process, of?.term]),
      [
        [0, 'b', 3],
        [1, 'a', 9],
        [2, undefined, undefined],
      ],
    )
    for (const { seen } of items)
      assert.deepEqual(seen, [
        { process: 'a', n: 5 },
        { process: 'b', n: 5 },
      ])
    assert.deepEqual(
      away.map(({ name }) => name),
      [url.host],
    )
    assert.match(away[0]!.detail, /ECONNREFUSED/)
  })

  it('are none where one process writes everything, and an outage where nobody answers', async (t) => {
    const service = await openService(t)
    const { partitions: _none, ...alone } = service.ops
    assert.deepEqual(await createServices({ chat: [alone] }).partitions(), { items: [], away: [] })
    const { remote, internal } = await openRemote(t, service)
    await internal.close()
    await assert.rejects(createServices({ chat: [remote] }).partitions(), { code: 'DEPENDENCY_UNAVAILABLE' })
  })
})
