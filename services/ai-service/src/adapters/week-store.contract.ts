import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Outbox } from '@bigtech/messaging'
import { CareWeekCounted } from '../contract/events.ts'
import type { ConsentStore, EntryStore, WeekStore } from '../ports.ts'
import { entry } from './entry-store.contract.ts'
import { waitingIn } from './waiting.fixture.ts'

/** Of one process; they are of one database. */
export type WeekStores = Readonly<{ weeks: WeekStore; entries: EntryStore; consents: ConsentStore; outbox: Outbox }>

const WEEK = 604_800_000
const event = (people: number) =>
  CareWeekCounted.make({ week_start: '2026-01-04T15:00:00.000Z', measure: 'all', entries: people, people })

/** The promises of a WeekStore. @param open as many processes on one database as are asked for */
export function weekStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<WeekStores[]>,
): void {
  describe(`week store (${name})`, () => {
    it('has the entries of a week by pages, whoever’s they are, and none beside it', async (t) => {
      const [store] = await open(t)
      const { weeks, entries, consents } = store!
      for (const user_id of [1, 2, 3]) {
        await consents.give({ user_id, kind: 'analysis', subject: '', version: 2, now: 1 })
        for (const created_at of [WEEK - 1, WEEK, 2 * WEEK - 1, 2 * WEEK])
          await entries.add(entry({ user_id, created_at, expires_at: 9 * WEEK }), {
            consent: 2,
            perDay: 100,
            events: () => [],
          })
      }
      const first = await weeks.entriesOf({ start: WEEK, end: 2 * WEEK, after: 0, limit: 4 })
      const rest = await weeks.entriesOf({ start: WEEK, end: 2 * WEEK, after: first.at(-1)!.id, limit: 4 })
      assert.deepEqual(
        [...first, ...rest].map(({ user_id, created_at }) => [user_id, created_at]),
        [1, 2, 3].flatMap((user) => [
          [user, WEEK],
          [user, 2 * WEEK - 1],
        ]),
      )
    })

    it('tells of a week once, whichever process does', async (t) => {
      const stores = await open(t, 2)
      const all = [...stores, ...stores]
      assert.equal(await all[0]!.weeks.isCounted(WEEK), false)
      const told = await Promise.all(
        all.map(({ weeks }, index) => weeks.tell({ week_start: WEEK, now: 5, events: [event(5 + index)] })),
      )
      assert.deepEqual(told.filter(Boolean), [true])
      assert.equal(await all[1]!.weeks.isCounted(WEEK), true)
      assert.equal(await all[1]!.weeks.isCounted(2 * WEEK), false)
      assert.equal(await waitingIn(all[0]!.outbox), 1)
    })
  })
}
