import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { messagingErrors } from './errors.ts'
import type { EventRecord, Outbox } from './ports.ts'
import { type RelayOptions, startRelay } from './relay.ts'
import { createSqlOutbox, enqueue } from './sql/outbox.ts'
import { testDatabase } from './sql/database.fixture.ts'
import { event, numberOf, type Scope } from './testing.ts'

const fast = { baseMs: 1, capMs: 5 }

/** A bus that keeps what it took, all or nothing per publish; `reject` decides which publishes fail, and how. */
function stubBus() {
  const taken: EventRecord[] = []
  const stub = {
    taken,
    calls: 0,
    numbers: () => taken.map(numberOf),
    reject: (_records: readonly EventRecord[]): Error | undefined => undefined,
    async publish(records: readonly EventRecord[]): Promise<void> {
      stub.calls++
      const error = stub.reject(records)
      if (error) throw error
      taken.push(...records)
    },
  }
  return stub
}

async function setUp(t: Scope, options: Partial<RelayOptions> = {}) {
  const { db } = await testDatabase(t)
  const outbox = createSqlOutbox(db)
  const bus = stubBus()
  const start = (more: Partial<RelayOptions> = {}) => {
    const relay = startRelay({ outbox, bus, backoff: fast, ...options, ...more })
    t.after(() => relay.close())
    return relay
  }
  const add = (records: EventRecord[]) => db.transaction().execute((trx) => enqueue(trx, records, Date.now()))
  return { outbox, bus, start, add }
}

const numbered = (count: number, key = (n: number) => `key-${n % 3}`) =>
  Array.from({ length: count }, (_, n) => event('topic', key(n), n))

test('publishes everything in order, batch after batch', async (t) => {
  const { outbox, bus, start, add } = await setUp(t, { batch: 10 })
  await add(numbered(95))
  await start().flush()
  assert.deepEqual(bus.numbers(), [...Array(95).keys()])
  assert.equal(bus.calls, 10)
  assert.equal((await outbox.stats()).pending, 0)
})

test('notify publishes at once, long before the poll; many notifies cost few claims', async (t) => {
  const { outbox, bus, add } = await setUp(t)
  let claims = 0
  const counting: Outbox = { ...outbox, claim: (options) => (claims++, outbox.claim(options)) }
  const arrived = Promise.withResolvers<void>()
  const relay = startRelay({
    outbox: counting,
    bus,
    pollMs: 600_000,
    hooks: { onPublished: ({ count }) => count === 5 && arrived.resolve() },
  })
  t.after(() => relay.close())
  await relay.flush()
  await add(numbered(5))
  const before = claims
  for (let n = 0; n < 1_000; n++) relay.notify()
  await arrived.promise
  assert.ok(claims - before <= 3, `${claims - before} claims`)
})

test('while the bus is down rows wait and no attempt is counted; afterwards all go out in order', async (t) => {
  const outages = Promise.withResolvers<void>()
  let failures = 0
  const { outbox, bus, start, add } = await setUp(t, {
    maxAttempts: 2,
    hooks: { onOutage: () => ++failures === 5 && outages.resolve() },
  })
  bus.reject = () => messagingErrors.BUS_UNAVAILABLE()
  await add(numbered(20))
  const relay = start()
  await outages.promise
  assert.deepEqual(await outbox.stats().then(({ pending, parked }) => [pending, parked]), [20, 0])
  bus.reject = () => undefined
  await relay.flush()
  assert.deepEqual(bus.numbers(), [...Array(20).keys()])
})

test('a poison row delays its own key only, then is parked alone', async (t) => {
  const parked: number[] = []
  const seenBeforeParking: number[] = []
  const { outbox, bus, start, add } = await setUp(t, {
    maxAttempts: 4,
    hooks: {
      onParked(row) {
        parked.push(numberOf(row.record))
        seenBeforeParking.push(...bus.numbers())
      },
    },
  })
  bus.reject = (records) => (records.some((record) => numberOf(record) === 7) ? new Error('too large') : undefined)
  await add(numbered(60))
  await start().flush()
  assert.deepEqual(parked, [7])
  const others = [...Array(60).keys()].filter((n) => n !== 7)
  assert.deepEqual(
    seenBeforeParking,
    others.filter((n) => n % 3 !== 1 || n < 7),
  )
  for (const key of [0, 1, 2])
    assert.deepEqual(
      bus.numbers().filter((n) => n % 3 === key),
      others.filter((n) => n % 3 === key),
    )
  assert.deepEqual(
    (await outbox.parked({ limit: 5 })).map(({ attempts, last_error }) => [attempts, last_error]),
    [[4, 'too large']],
  )
})

test('a rejected row is not tried again before its backoff ends, nor are the rows of its key', async (t) => {
  const { outbox, bus, start, add } = await setUp(t, { backoff: { baseMs: 1e9, capMs: 1e9 }, pollMs: 1, owner: 'me' })
  bus.reject = (records) => (records.some((record) => numberOf(record) === 0) ? new Error('too large') : undefined)
  await add(numbered(6))
  const relay = start()
  await eventually(async () => {
    assert.deepEqual(bus.numbers(), [1, 2, 4, 5])
    assert.equal((await outbox.stats()).pending, 2)
  })
  await assert.rejects(relay.flush(100), { code: 'OUTBOX_NOT_EMPTY', message: /^2 events/ })
  assert.deepEqual(bus.numbers(), [1, 2, 4, 5])
  const waiting = await outbox.claim({ owner: 'me', limit: 10, leaseMs: 1_000, now: Date.now() })
  assert.deepEqual(
    waiting.map(({ record, attempts }) => [numberOf(record), attempts]),
    [
      [0, 1],
      [3, 0],
    ],
  )
})

test('nothing is published in the second half of the lease', async (t) => {
  let now = 1_000_000
  const { outbox, bus, start, add } = await setUp(t, { clock: { now: () => now }, leaseMs: 1_000, pollMs: 600_000 })
  const claimed = Promise.withResolvers<void>()
  const slow: Outbox = {
    ...outbox,
    async claim(options) {
      const rows = await outbox.claim(options)
      if (rows.length > 0 && bus.calls === 0) now += 501
      claimed.resolve()
      return rows
    },
  }
  await add(numbered(3))
  const relay = start({ outbox: slow })
  await claimed.promise
  await relay.stats()
  assert.equal(bus.calls, 0)
})

test('a relay that dies between publishing and marking: duplicates, but nothing lost and keys in order', async (t) => {
  let now = 1_000_000
  const clock = { now: () => now }
  const { outbox, bus, start, add } = await setUp(t, { clock, batch: 4 })
  await add(numbered(10))
  const died = Promise.withResolvers<void>()
  const dying: Outbox = {
    ...outbox,
    published: () => (died.resolve(), Promise.reject(new Error('killed'))),
    release: async () => {},
  }
  const first = start({ outbox: dying, backoff: { baseMs: 1e9, capMs: 1e9 } })
  await died.promise
  await first.close()
  const second = start()
  await assert.rejects(second.flush(50), { code: 'OUTBOX_NOT_EMPTY' }, 'the lease of the first is still there')
  now += 10_001
  await second.flush()
  const all = bus.numbers()
  assert.deepEqual(all.slice(0, 4), [0, 1, 2, 3])
  assert.deepEqual(all.slice(-10), [...Array(10).keys()])
})

test('close gives up the lease, so that the next relay need not wait', async (t) => {
  const { bus, start, add } = await setUp(t)
  await add(numbered(1))
  const first = start()
  await first.flush()
  await first.close()
  await add(numbered(1))
  await start().flush()
  assert.equal(bus.taken.length, 2)
})

test('close does not wait for a backoff', async (t) => {
  const outage = Promise.withResolvers<void>()
  const { bus, start, add } = await setUp(t, {
    backoff: { baseMs: 600_000, capMs: 600_000 },
    hooks: { onOutage: () => outage.resolve() },
  })
  bus.reject = () => messagingErrors.BUS_UNAVAILABLE()
  await add(numbered(1))
  const relay = start()
  await outage.promise
  await relay.close()
  await assert.rejects(relay.flush(1_000), { code: 'OUTBOX_NOT_EMPTY' })
})
