import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { EventRecord, Outbox } from './ports.ts'
import { event, numberOf, type Scope } from './testing.ts'

export type OutboxUnderTest = {
  outbox: Outbox
  /** Inserts rows the way the service does, in one committed transaction. */
  enqueue: (records: EventRecord[], now: number) => Promise<void>
}

/** What every outbox promises (ports.ts). `open` builds an empty one. */
export function outboxContract(name: string, open: (t: Scope) => Promise<OutboxUnderTest>): void {
  const claim = { owner: 'a', limit: 100, leaseMs: 10_000, now: 1_000_000 }
  const events = (...numbers: number[]) => numbers.map((n) => event('topic', `key-${n % 2}`, n))
  const numbers = (rows: { record: EventRecord }[]) => rows.map(({ record }) => numberOf(record))

  suite(`outbox: ${name}`, () => {
    test('gives rows back unchanged, oldest first, up to the limit, until they are published', async (t) => {
      const { outbox, enqueue } = await open(t)
      const [first, ...others] = events(1, 2, 3)
      await enqueue([first!], 500)
      await enqueue(others, 600)
      const two = await outbox.claim({ ...claim, limit: 2 })
      assert.deepEqual(
        two.map(({ record: { topic, key, value, headers }, attempts, created_at }) => ({
          record: { topic, key, value, headers },
          attempts,
          created_at,
        })),
        [
          { record: first, attempts: 0, created_at: 500 },
          { record: others[0], attempts: 0, created_at: 600 },
        ],
      )
      assert.deepEqual(numbers(await outbox.claim(claim)), [1, 2, 3])
      await outbox.published(two.map(({ id }) => id))
      await outbox.published([])
      assert.deepEqual(numbers(await outbox.claim(claim)), [3])
    })

    test('only the holder of the lease gets rows; the lease of a dead relay expires', async (t) => {
      const { outbox, enqueue } = await open(t)
      await enqueue(events(1), claim.now)
      assert.equal((await outbox.claim(claim)).length, 1)
      assert.equal((await outbox.claim({ ...claim, owner: 'b', now: claim.now + 4_999 })).length, 0)
      assert.equal((await outbox.claim({ ...claim, owner: 'b', now: claim.now + 10_001 })).length, 1)
      assert.equal((await outbox.claim({ ...claim, now: claim.now + 10_002 })).length, 0)
    })

    test('each claim leaves at least half of the lease', async (t) => {
      const { outbox, enqueue } = await open(t)
      await enqueue(events(1), claim.now)
      await outbox.claim(claim)
      await outbox.claim({ ...claim, now: claim.now + 6_000 })
      assert.equal((await outbox.claim({ ...claim, owner: 'b', now: claim.now + 10_999 })).length, 0)
    })

    test('a released lease is free at once; another owner cannot release it', async (t) => {
      const { outbox, enqueue } = await open(t)
      await enqueue(events(1), claim.now)
      await outbox.claim(claim)
      await outbox.release('b')
      assert.equal((await outbox.claim({ ...claim, owner: 'b' })).length, 0)
      await outbox.release('a')
      assert.equal((await outbox.claim({ ...claim, owner: 'b' })).length, 1)
    })

    test('of many relays claiming at once, one gets the rows', async (t) => {
      const { outbox, enqueue } = await open(t)
      await enqueue(events(1, 2), claim.now)
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) => outbox.claim({ ...claim, owner: `owner-${n}` })),
      )
      assert.deepEqual(claims.filter((rows) => rows.length > 0).map(numbers), [[1, 2]])
    })

    test('attempts are counted; a parked row is set aside alone and can be put back', async (t) => {
      const { outbox, enqueue } = await open(t)
      await enqueue(events(1, 2, 3), claim.now)
      const [, second] = await outbox.claim(claim)
      await outbox.failed([second!.id], 'refused')
      await outbox.failed([second!.id], 'refused again')
      assert.deepEqual(
        (await outbox.claim(claim)).map(({ attempts }) => attempts),
        [0, 2, 0],
      )
      await outbox.park(second!.id, 'x'.repeat(2_000))
      assert.deepEqual(numbers(await outbox.claim(claim)), [1, 3])
      assert.deepEqual(await outbox.stats(), { pending: 2, parked: 1, oldest_created_at: claim.now })
      const parked = await outbox.parked({ limit: 10 })
      assert.deepEqual(
        parked.map(({ id, last_error }) => [id, last_error?.length]),
        [[second!.id, 500]],
      )
      await outbox.unpark(['', 'x', '-1', '999999', second!.id])
      assert.deepEqual(
        (await outbox.claim(claim)).map(({ attempts }) => attempts),
        [0, 0, 0],
      )
    })

    test('stats of an empty outbox', async (t) => {
      const { outbox } = await open(t)
      assert.deepEqual(await outbox.stats(), { pending: 0, parked: 0, oldest_created_at: null })
      assert.deepEqual(await outbox.claim(claim), [])
    })
  })
}
