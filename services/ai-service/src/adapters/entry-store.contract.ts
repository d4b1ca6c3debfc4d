import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Outbox } from '@bigtech/messaging'
import { CareDataErased, QuestionnaireAnswered } from '../contract/events.ts'
import type { ConsentStore, EntryStore, Keeping, NewEntry } from '../ports.ts'
import { waitingIn } from './waiting.fixture.ts'

/** Of one process; they are of one database. */
export type EntryStores = Readonly<{ entries: EntryStore; consents: ConsentStore; outbox: Outbox }>

const [ME, OTHER] = [1, 2] as const
const CONSENT = { user_id: ME, kind: 'analysis', subject: '', version: 2, now: 5 } as const

export const entry = (changes: Partial<NewEntry> = {}): NewEntry => ({
  user_id: ME,
  kind: 'text',
  created_at: 10,
  expires_at: 1_000,
  safety: 'none',
  text: null,
  mood: null,
  analysis: {
    scores: { depression: 12, anxiety: 0, cognitive: 100 },
    confidence: 0.28,
    phrases: 1,
    method: { name: 'rules', version: 'rules 1', fallback: null },
    cues: [{ cue: 'sleep', strength: 2 }],
    evidence: null,
  },
  questionnaire: null,
  ...changes,
})

const told = (id: number) => [
  QuestionnaireAnswered.make({ user_id: ME, entry_id: id, name: 'PHQ-9', band: 'mild', safety_level: 'none' }),
]
const keeping: Keeping = { consent: 2, perDay: 100, events: told }
const erased = (user_id: number) => CareDataErased.make({ user_id })

/** The promises of an EntryStore. @param open as many processes on one database as are asked for */
export function entryStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<EntryStores[]>,
): void {
  /** With the consent of both. */
  async function start(t: TestContext) {
    const stores = (await open(t))[0]!
    await stores.consents.give(CONSENT)
    await stores.consents.give({ ...CONSENT, user_id: OTHER })
    return stores
  }
  const waiting = ({ outbox }: EntryStores) => waitingIn(outbox)
  const page = { user_id: ME, kind: undefined, before: undefined, limit: 100, now: 20 }

  describe(`entries on ${name}`, () => {
    it('are kept whole, with their events, and told newest first', async (t) => {
      const stores = await start(t)
      const { entries } = stores
      const questionnaire = {
        name: 'PHQ-9',
        score: 3,
        max: 27,
        band: 'minimal',
        positive: false,
        answers: [1, 2],
      } as const
      const given = [
        entry({ text: '말 😀', safety: 'concern' }),
        entry({ kind: 'mood', mood: 4, analysis: null }),
        entry({ kind: 'questionnaire', analysis: null, questionnaire }),
      ]
      for (const one of given) assert.ok('id' in (await entries.add(one, keeping)))
      const all = await entries.list(page)
      assert.deepEqual(
        all,
        given.toReversed().map((one, i) => ({ id: all[i]!.id, ...one })),
      )
      assert.equal(await waiting(stores), 3)
      assert.deepEqual(await entries.one({ user_id: ME, id: all[1]!.id, now: 20 }), all[1])
      assert.deepEqual(await entries.list({ ...page, before: all[0]!.id, limit: 1 }), [all[1]])
      assert.deepEqual(await entries.list({ ...page, kind: 'text' }), [all[2]])
    })

    it('are not kept without the consent to these words, nor beyond what a day may have; then nothing is told', async (t) => {
      const stores = await start(t)
      const { entries, consents } = stores
      assert.deepEqual(await entries.add(entry(), { ...keeping, consent: 3 }), { refused: 'no_consent' })
      const most = { ...keeping, perDay: 1 }
      assert.ok('id' in (await entries.add(entry(), most)))
      assert.deepEqual(await entries.add(entry(), most), { refused: 'too_many' })
      assert.ok('id' in (await entries.add(entry({ user_id: OTHER }), most)), 'it is each person’s own')
      assert.ok(
        'id' in (await entries.add(entry({ created_at: 25 * 3_600_000, expires_at: 1e9 }), most)),
        'the next day',
      )
      await consents.withdraw({ user_id: ME, kind: 'analysis', subject: '', now: 20 })
      assert.deepEqual(await entries.add(entry(), keeping), { refused: 'no_consent' })
      assert.equal(await waiting(stores), 3)
    })

    it('are so many a day, also of who deletes them; with the account the count goes too', async (t) => {
      const stores = await start(t)
      const { entries, consents } = stores
      const hour = 3_600_000
      const add = (created_at: number) =>
        entries.add(entry({ created_at, expires_at: 1e9 }), { ...keeping, perDay: 3, events: () => [] })
      for (const created_at of [hour - 1, hour]) {
        const kept = await add(created_at)
        assert.ok('id' in kept)
        assert.ok(await entries.forget({ user_id: ME, id: kept.id, now: 20 }))
      }
      assert.ok('id' in (await add(hour + 1)))
      await entries.forgetAll({ user_id: ME, now: 20, event: erased(ME) })
      assert.deepEqual(await add(hour + 2), { refused: 'too_many' })
      assert.deepEqual(await add(25 * hour - 1), { refused: 'too_many' }, 'it is a day in full')
      assert.ok('id' in (await add(25 * hour)), 'one is older than a day')
      assert.deepEqual(await add(25 * hour), { refused: 'too_many' })
      await consents.erase({ event_id: 'closed', user_id: ME, now: 20 })
      await consents.give(CONSENT)
      assert.ok('id' in (await add(25 * hour)))
    })

    it('are each person’s own, and deleted one by one or all', async (t) => {
      const stores = await start(t)
      const { entries } = stores
      for (const user_id of [ME, ME, ME, OTHER]) await entries.add(entry({ user_id }), { ...keeping, events: () => [] })
      const [first] = await entries.list(page)
      assert.equal(await entries.one({ user_id: OTHER, id: first!.id, now: 20 }), undefined)
      assert.equal(await entries.forget({ user_id: OTHER, id: first!.id, now: 20 }), false)
      assert.equal(await entries.forget({ user_id: ME, id: first!.id, now: 20 }), true)
      assert.equal(await entries.forget({ user_id: ME, id: first!.id, now: 20 }), false)
      for (const expected of [1, 1]) {
        await entries.forgetAll({ user_id: ME, now: 20, event: erased(ME) })
        assert.deepEqual(await entries.list(page), [])
        assert.equal(await waiting(stores), expected, 'nothing is told of nothing')
      }
      assert.equal((await entries.list({ ...page, user_id: OTHER })).length, 1)
    })

    it('of a time are told for trends in steps, without their texts, and when the newest came', async (t) => {
      const { entries } = await start(t)
      assert.equal(await entries.lastAt({ user_id: ME, now: 20 }), null)
      for (const created_at of [10, 20, 30, 40])
        await entries.add(entry({ created_at, text: '말', expires_at: created_at + 1_000 }), keeping)
      const asked = { user_id: ME, start: 20, end: 40, after: 0, limit: 1, now: 50 }
      const [first] = await entries.during(asked)
      const rest = await entries.during({ ...asked, after: first!.id, limit: 5 })
      assert.deepEqual(
        [first!, ...rest].map(({ created_at, text }) => [created_at, text]),
        [
          [20, null],
          [30, null],
        ],
      )
      assert.deepEqual(first!.analysis, entry().analysis)
      assert.deepEqual(await entries.during({ ...asked, user_id: OTHER }), [])
      assert.deepEqual(await entries.during({ ...asked, now: 1_030 }), [], 'they have expired')
      assert.equal(await entries.lastAt({ user_id: ME, now: 50 }), 40)
      assert.equal(await entries.lastAt({ user_id: ME, now: 1_040 }), null)
    })

    it('are told to nobody once they have expired, and then removed', async (t) => {
      const { entries } = await start(t)
      for (const expires_at of [100, 200, 300]) await entries.add(entry({ expires_at }), keeping)
      const [newest, , oldest] = await entries.list(page)
      assert.equal((await entries.list({ ...page, now: 200 })).length, 1)
      assert.equal(await entries.one({ user_id: ME, id: oldest!.id, now: 100 }), undefined)
      assert.equal(await entries.forget({ user_id: ME, id: oldest!.id, now: 100 }), false)
      assert.equal(await entries.expire({ now: 200, limit: 1 }), 1)
      assert.equal(await entries.expire({ now: 200, limit: 5 }), 1)
      assert.equal(await entries.expire({ now: 200, limit: 5 }), 0)
      assert.deepEqual(await entries.list({ ...page, now: 0 }), [newest])
    })

    it('go with the account, once for an event that comes again', async (t) => {
      const stores = await start(t)
      const { entries } = stores
      for (const user_id of [ME, OTHER]) await entries.add(entry({ user_id }), { ...keeping, events: () => [] })
      const closed = { event_id: 'e1', now: 30, user_id: ME, event: erased(ME) }
      await entries.erase(closed)
      await entries.add(entry(), { ...keeping, events: () => [] })
      await entries.erase(closed)
      assert.equal((await entries.list(page)).length, 1)
      assert.equal((await entries.list({ ...page, user_id: OTHER })).length, 1)
      assert.equal(await waiting(stores), 1)
    })

    it('that are kept while the account is erased by another process are gone too', async (t) => {
      const [here, there] = (await open(t, 2)) as [EntryStores, EntryStores]
      for (let round = 0; round < 20; round++) {
        await here.consents.give(CONSENT)
        const once = { event_id: `e${round}`, now: 30, user_id: ME }
        await Promise.all([
          ...Array.from({ length: 4 }, () => here.entries.add(entry(), keeping)),
          there.consents.erase(once).then(() => there.entries.erase({ ...once, event: erased(ME) })),
        ])
        assert.deepEqual(await here.entries.list(page), [], `round ${round}`)
      }
    })
  })
}
