import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Kysely } from 'kysely'
import { outboxContract } from '../outbox.contract.ts'
import type { OutboxRow } from '../ports.ts'
import { event, numberOf, type Scope } from '../testing.ts'
import { TOLD_AGAIN } from '../told-again.ts'
import type { TestTables } from './database.fixture.ts'
import { createKeptEvents } from './kept-events.ts'
import { createSqlOutbox, enqueue } from './outbox.ts'

const KEEP_MS = 1_000_000
const idsOf = (rows: readonly OutboxRow[]) => rows.map(({ id }) => id)
const numbers = (rows: readonly OutboxRow[]) => rows.map(({ record }) => numberOf(record))

/** An outbox that keeps what it has published, on every engine. */
export function keptEventsContract(name: string, open: (t: Scope) => Promise<Kysely<TestTables>>): void {
  async function setUp(t: Scope) {
    const db = await open(t)
    return {
      db,
      outbox: createSqlOutbox(db, { keepMs: KEEP_MS }),
      kept: createKeptEvents(db),
      add: async (now: number, ...ns: number[]) => {
        const records = ns.map((n) => event('topic', 'key', n))
        await db.transaction().execute((trx) => enqueue(trx, records, now))
        return records
      },
    }
  }
  const at = (now: number) => ({ owner: 'a', limit: 100, leaseMs: 10_000, now })

  outboxContract(`that keeps events, Kysely on ${name}`, async (t) => {
    const { outbox, db } = await setUp(t)
    return { outbox, enqueue: (records, now) => db.transaction().execute((trx) => enqueue(trx, records, now)) }
  })

  suite(`kept events: ${name}`, () => {
    test('what was published since a time is told once more, as it was, marked, and in its order before what is newer', async (t) => {
      const { outbox, kept, add } = await setUp(t)
      await add(100, 1, 2)
      const known = await add(200, 3, 4)
      await outbox.published(idsOf(await outbox.claim(at(300))))
      assert.deepEqual(await outbox.stats(), { pending: 0, parked: 0, oldest_created_at: null })
      await add(400, 5)
      assert.equal(await kept.tellAgain(200), 3)
      await add(500, 6)
      assert.equal(await kept.left(), 3)
      const rows = await outbox.claim(at(600))
      assert.deepEqual(numbers(rows), [3, 4, 5, 6])
      const { topic, key, value, headers } = rows[0]!.record
      const [first] = known
      assert.deepEqual(
        { topic, key, value, headers },
        { ...first, headers: { ...first!.headers, [TOLD_AGAIN]: 'true' } },
      )
      assert.equal(rows[3]!.record.headers[TOLD_AGAIN], undefined)
      assert.deepEqual(numbers(await outbox.claim({ ...at(600), limit: 2 })), [3, 4])
      assert.deepEqual(await outbox.stats(), { pending: 4, parked: 0, oldest_created_at: 500 })
      await outbox.published(idsOf(rows))
      assert.equal(await kept.left(), 0)
      assert.deepEqual(await outbox.claim(at(700)), [])
      assert.equal(await kept.tellAgain(0), 6, 'as often as it has to be')
    })

    test('what was being published meanwhile is told once more, after what is older', async (t) => {
      const { outbox, kept, add } = await setUp(t)
      await add(100, 1)
      await outbox.published(idsOf(await outbox.claim(at(200))))
      await add(300, 2)
      const underWay = await outbox.claim(at(400))
      await kept.tellAgain(0)
      await outbox.published(idsOf(underWay))
      assert.deepEqual(numbers(await outbox.claim(at(500))), [1, 2])
    })

    test('what comes and is told while older ones are being marked is told once more after them', async (t) => {
      const { outbox, kept, add } = await setUp(t)
      await add(100, 1)
      await outbox.published(idsOf(await outbox.claim(at(200))))
      await add(150, 2)
      const meanwhile = async () => {
        await add(300, 3)
        // As a relay that had claimed it before the others were marked.
        await outbox.published(idsOf(await outbox.claim(at(400))).filter((id) => !id.endsWith('+')))
      }
      let told: Promise<void> | undefined
      const events = await kept.tellAgain(0, () => (told ??= meanwhile()))
      await told
      assert.equal(events, 3)
      assert.deepEqual(numbers(await outbox.claim(at(500))), [1, 2, 3])
    })

    test('what is parked stays parked', async (t) => {
      const { outbox, kept, add } = await setUp(t)
      await add(100, 1)
      const [row] = await outbox.claim(at(200))
      await outbox.park(row!.id, 'refused')
      assert.equal(await kept.tellAgain(0), 0)
      assert.deepEqual(await outbox.claim(at(300)), [])
      assert.equal((await outbox.stats()).parked, 1)
    })

    test('of more than are marked at once none is left out', async (t) => {
      const { outbox, kept, add } = await setUp(t)
      await add(100, ...Array.from({ length: 2_500 }, (_, n) => n))
      await outbox.published(idsOf(await outbox.claim({ ...at(200), limit: 3_000 })))
      const marked: number[] = []
      assert.equal(await kept.tellAgain(100, (events) => marked.push(events)), 2_500)
      assert.deepEqual(marked, [1_000, 2_000, 2_500])
      assert.equal(await kept.left(), 2_500)
    })

    test('they are forgotten when they are old, and only those that were published', async (t) => {
      const { outbox, kept, add, db } = await setUp(t)
      const left = async () =>
        Number(
          (
            await db
              .selectFrom('outbox')
              .select((s) => s.fn.countAll().as('n'))
              .executeTakeFirstOrThrow()
          ).n,
        )
      await add(0, ...Array.from({ length: 1_500 }, (_, n) => n))
      await outbox.published(idsOf(await outbox.claim({ ...at(1), limit: 2_000 })))
      await add(1, 1)
      await add(KEEP_MS, 2)
      await outbox.published(idsOf(await outbox.claim(at(KEEP_MS))).slice(1))
      assert.equal(await left(), 1_502)
      await outbox.claim(at(KEEP_MS + 60_001))
      assert.equal(await left(), 2, 'the one that waits, and the one that is young')
      assert.equal(await kept.tellAgain(2), 1)
    })
  })
}
