import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventValue } from '@bigtech/messaging'
import fc from 'fast-check'
import { KINDS, toldBy } from '../domain/facts.ts'
import { scopeOf, type Scope } from '../domain/scope.ts'
import type { Batch, FactStore } from '../ports.ts'
import { deliveriesOf, EPOCH, events, NOW } from './events.fixture.ts'
import { recount, sorted } from './recount.fixture.ts'

export type Opened = Readonly<{
  store: FactStore
  /** The same data, as after a restart. */
  reopen(): Promise<FactStore>
  /** Ends it and removes the data. */
  discard(): Promise<void>
}>

export const batchOf = (values: readonly EventValue[], positions: Batch['positions'] = []): Batch => {
  const told = values.map((value) => toldBy(value))
  return {
    facts: told.flatMap(({ facts }) => facts),
    forget: told.flatMap(({ forget }) => (forget === undefined ? [] : [forget])),
    positions,
    now: NOW,
  }
}

export async function answersOf(store: FactStore, scope: Scope) {
  return {
    figures: await store.figures(scope),
    kindCounts: sorted(await store.kindCounts(scope, KINDS)),
    messageCounts: sorted(await store.messageCounts(scope)),
    hoursOfDay: await store.hoursOfDay(scope),
    peopleCounts: sorted(await store.peopleCounts(scope)),
    funnel: await store.funnel(scope),
    roomCounts: sorted(await store.roomCounts(scope)),
    topRooms: await store.topRooms(scope, 100),
    latencies: await store.latencies(scope),
    cohorts: sorted(await store.cohorts(scope)),
    careCounts: sorted(await store.careCounts(scope)),
  }
}

const scopes = fc
  .record({
    from: fc.constantFrom('2026-01-10', '2026-01-11', '2026-01-13'),
    to: fc.constantFrom('2026-01-11', '2026-01-13', '2026-01-14'),
    interval: fc.constantFrom('hour', 'day', 'week', 'month'),
    tz: fc.constantFrom('Asia/Seoul', 'Asia/Kathmandu', 'UTC', 'America/St_Johns'),
  })
  .map((wish) => scopeOf(wish, NOW))
  .filter((scope) => typeof scope === 'object')

/** What every FactStore does. @param runs of the properties */
export function describeFactStore(open: () => Promise<Opened>, runs: number): void {
  test('any order, repeats, restarts and sealed days: the answers are those of a recount', async () => {
    const story = events.chain((some) =>
      fc.tuple(fc.constant(some), deliveriesOf(some), scopes, fc.infiniteStream(fc.nat({ max: 5 }))),
    )
    await fc.assert(
      fc.asyncProperty(story, async ([some, deliveries, scope, between]) => {
        const opened = await open()
        try {
          let { store } = opened
          for (const delivery of deliveries) {
            await store.write(batchOf(delivery))
            const what = between.next().value
            if (what === 0) store = await opened.reopen()
            if (what === 1) await store.seal({ now: NOW, limit: 2 })
          }
          const expected = recount(some, scope)
          assert.deepEqual(await answersOf(store, scope), expected)
          await store.seal({ now: NOW, limit: 100 })
          assert.deepEqual(await answersOf(store, scope), expected, 'with all days sealed')
          // The whole topic once more.
          await store.write(batchOf(some))
          assert.deepEqual(await answersOf(store, scope), expected, 'after a replay')
        } finally {
          await opened.discard()
        }
      }),
      { numRuns: runs },
    )
  })

  test('what came before midnight and is told late is waited for by what came after it, on a day that was sealed', async () => {
    const { store, discard } = await open()
    try {
      const midnight = Date.parse('2026-01-12T00:00:00Z')
      const on = (at: number, event_type: string, fields: object) =>
        ({
          event_id: `${event_type}-${at}`,
          event_type,
          timestamp: new Date(at).toISOString(),
          ...fields,
        }) as EventValue
      const read = on(midnight + 500, 'MessagesRead', { user_id: 1, room_id: 1, old_read_seq: 0, read_seq: 1 })
      const said = on(midnight - 500, 'MessageSent', {
        user_id: 2,
        room_id: 1,
        seq: 1,
        content: '자?',
        message_type: 'text',
        file_id: null,
      })
      await store.write(batchOf([read]))
      await store.seal({ now: NOW, limit: 100 })
      await store.write(batchOf([said]))
      const scope = scopeOf({ from: '2026-01-11', to: '2026-01-13', tz: 'UTC' }, NOW) as Scope
      assert.deepEqual((await store.latencies(scope)).delivery.slice(0, 3), [0, 1, 0])
    } finally {
      await discard()
    }
  })

  test('positions are those of the last batch of each partition', async () => {
    const { store, reopen, discard } = await open()
    try {
      await store.write(batchOf([], [{ topic: 'user.events', partition: 0, offset: 7 }]))
      await store.write(
        batchOf(
          [],
          [
            { topic: 'user.events', partition: 0, offset: 9 },
            { topic: 'user.events', partition: 2, offset: 1 },
          ],
        ),
      )
      assert.deepEqual(await (await reopen()).positions(), [
        { topic: 'user.events', partition: 0, offset: 9 },
        { topic: 'user.events', partition: 2, offset: 1 },
      ])
    } finally {
      await discard()
    }
  })

  test('a batch that fails leaves nothing behind', async () => {
    const { store, discard } = await open()
    try {
      const [good] = fc.sample(events, { numRuns: 1, seed: 4 })
      const batch = batchOf(good!)
      const broken = { ...batch, positions: [{ topic: 'x', partition: 0.5, offset: Number.NaN }] }
      await assert.rejects(store.write(broken))
      assert.equal((await store.totals()).facts, 0)
      await store.write(batch)
      assert.equal((await store.totals()).facts, batch.facts.length)
    } finally {
      await discard()
    }
  })

  test('who closed the account is in no fact any more, nor in those that come late, and counts stay', async () => {
    const { store, discard } = await open()
    try {
      const on = (at: number, event_type: string, fields: object) =>
        ({
          event_id: `${event_type}-${at}`,
          event_type,
          timestamp: new Date(EPOCH + at).toISOString(),
          ...fields,
        }) as EventValue
      const said = (at: number, seq: number, user_id = 5) =>
        on(at, 'MessageSent', { user_id, room_id: 1, seq, content: '잘 가', message_type: 'text', file_id: null })
      const first = [on(0, 'UserRegistered', { user_id: 5 }), said(10, 1), said(20, 2, 6)]
      const late = [said(30, 3), said(40, 4)]
      await store.write(batchOf(first))
      await store.seal({ now: NOW, limit: 100 })
      await store.write(batchOf([on(100, 'UserClosed', { user_id: 5 })]))
      await store.write(batchOf([...late, ...first]))
      const scope = scopeOf({ from: '2026-01-10', to: '2026-01-13', tz: 'UTC' }, NOW) as Scope
      const { figures } = await answersOf(store, scope)
      assert.deepEqual([figures.range.messages, figures.range.active_people, figures.range.closed_accounts], [4, 2, 1])
      assert.equal(await store.knows(5), true, 'the link is there as long as repeats can come')
      await store.forgetKeys(NOW + 1)
      assert.equal(await store.knows(5), false)
      assert.equal(await store.knows(6), true)
      assert.deepEqual((await answersOf(store, scope)).figures, figures)
    } finally {
      await discard()
    }
  })
}
