import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Outbox } from '@bigtech/messaging'
import { DAY_MS, DEFAULT_RULES, WEEK_MS, type HandedIn } from '../domain/alert-rules.ts'
import type { AlertStore, LinkStore, WatchStore } from '../link-ports.ts'
import type { ConsentStore, EntryStore, NewEntry } from '../ports.ts'

export type AlertsUnderTest = Readonly<{
  alerts: AlertStore
  watches: WatchStore
  links: LinkStore
  consents: ConsentStore
  entries: EntryStore
  outbox: Outbox
}>

const NOW = 100 * DAY_MS
const SENIOR = 1
const analysisOf = (cues: NonNullable<NewEntry['analysis']>['cues']): NonNullable<NewEntry['analysis']> => ({
  scores: { depression: 0, anxiety: 0, cognitive: 100 },
  confidence: 0,
  phrases: cues.length,
  method: { name: 'rules', version: 'rules 1', fallback: null },
  cues,
  evidence: null,
})

/** The promises of an AlertStore and a WatchStore. @param open as many processes on one database as are asked for */
export function alertStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<AlertsUnderTest[]>,
): void {
  /** A senior and guardians who may see everything. */
  async function start(t: TestContext, guardians: readonly number[] = [2], processes = 1) {
    const stores = await open(t, processes)
    const { links, consents } = stores[0]!
    for (const guardian_id of guardians) {
      for (const by of [SENIOR, guardian_id]) await links.ask({ by, senior_id: SENIOR, guardian_id, now: NOW })
      for (const kind of ['guardian', 'crisis_notice'] as const)
        await consents.give({ user_id: SENIOR, kind, subject: String(guardian_id), version: 1, now: NOW })
    }
    return stores as [AlertsUnderTest, ...AlertsUnderTest[]]
  }
  const calm: HandedIn = { at: NOW + 1, safety_level: 'none', cues: [], band: null }
  let serial = 0
  const handIn = ({ alerts }: AlertsUnderTest, handed: Partial<HandedIn>, event_id = `handed-${++serial}`) =>
    alerts.handedIn({ event_id, now: NOW + 2, senior_id: SENIOR, handed: { ...calm, ...handed } })
  const kindsFor = async ({ alerts }: AlertsUnderTest, guardian_id = 2) =>
    (await alerts.list({ guardian_id, before: undefined, limit: 100 })).map(({ kind }) => kind)
  const told = async ({ outbox }: AlertsUnderTest) =>
    (await outbox.claim({ owner: 'test', limit: 1_000, leaseMs: 10_000, now: NOW * 2 }))
      .map(({ record }) => record.value)
      .filter(({ event_type }) => event_type === 'CareAlertRaised')

  describe(`alerts on ${name}`, () => {
    it('are raised once for an event that comes twice, by whichever process, with their event and a line of the audit', async (t) => {
      const processes = await start(t, [2, 3], 2)
      const [one] = processes
      await Promise.all([...processes, ...processes].map((store) => handIn(store, { safety_level: 'immediate' }, 'e1')))
      assert.deepEqual([await kindsFor(one, 2), await kindsFor(one, 3)], [['crisis'], ['crisis']])
      const [alert] = await one.alerts.list({ guardian_id: 2, before: undefined, limit: 10 })
      const events = await told(one)
      assert.equal(events.length, 2)
      assert.deepEqual(
        [events[0]!['alert_id'], events[0]!['senior_id'], events[0]!['guardian_id'], events[0]!['kind']],
        [alert!.id, SENIOR, 2, 'crisis'],
      )
      const audit = await one.watches.reads({ senior_id: SENIOR, before: undefined, limit: 10 })
      assert.deepEqual(
        audit.map(({ reader_id, what }) => [reader_id, what]),
        [
          [3, 'alert'],
          [2, 'alert'],
        ],
      )
      assert.deepEqual((await one.alerts.about(SENIOR)).length, 2)
    })

    it('are for those to whom the senior agrees at that moment, each kind by its consent', async (t) => {
      const [store] = await start(t)
      const { consents } = store
      const crisis = { user_id: SENIOR, kind: 'crisis_notice', subject: '2' } as const
      await consents.withdraw({ ...crisis, now: NOW })
      await handIn(store, { safety_level: 'immediate', band: 'severe' })
      assert.deepEqual(await kindsFor(store), ['questionnaire'])
      await consents.give({ ...crisis, version: 1, now: NOW })
      await consents.withdraw({ ...crisis, kind: 'guardian', now: NOW })
      assert.deepEqual(await kindsFor(store), [], 'what they were told by a consent goes with it')
      await handIn(store, { safety_level: 'concern', band: 'severe' })
      assert.deepEqual(await kindsFor(store), ['crisis'])
    })

    it('follow the rules, which go with the consent', async (t) => {
      const [store] = await start(t)
      const { alerts, consents } = store
      const pair = { senior_id: SENIOR, guardian_id: 2 }
      assert.deepEqual(await alerts.rules(pair), DEFAULT_RULES)
      const rules = { quiet_days: null, questionnaire: false, cues: true }
      assert.equal(await alerts.setRules({ ...pair, rules, now: NOW }), true)
      assert.deepEqual(await alerts.rules(pair), rules)
      await handIn(store, { band: 'severe', cues: [{ cue: 'sleep', strength: 3 }] })
      await handIn(store, { cues: [{ cue: 'sleep', strength: 3 }] })
      assert.deepEqual(await kindsFor(store), ['cues'], 'of cues once a day')
      const guardian = { user_id: SENIOR, kind: 'guardian', subject: '2' } as const
      await consents.withdraw({ ...guardian, now: NOW })
      assert.deepEqual(
        [await alerts.rules(pair), await alerts.setRules({ ...pair, rules, now: NOW })],
        [undefined, false],
      )
      await consents.give({ ...guardian, version: 1, now: NOW })
      assert.deepEqual(await alerts.rules(pair), DEFAULT_RULES)
      assert.equal(await alerts.rules({ ...pair, guardian_id: 3 }), undefined)
    })

    it('compare the entries with cues of two weeks', async (t) => {
      const [store] = await start(t)
      await store.consents.give({ user_id: SENIOR, kind: 'analysis', subject: '', version: 2, now: NOW })
      const keep = (created_at: number, cues: NonNullable<NewEntry['analysis']>['cues']) =>
        store.entries.add(
          {
            user_id: SENIOR,
            kind: 'text',
            created_at,
            expires_at: NOW * 9,
            safety: 'none',
            text: null,
            mood: null,
            analysis: analysisOf(cues),
            questionnaire: null,
          },
          { consent: 2, perDay: 100, events: () => [] },
        )
      const slight = [{ cue: 'sleep', strength: 1 }] as const
      await keep(NOW - WEEK_MS, slight)
      for (let i = 0; i < 3; i++) await keep(NOW - i, slight)
      for (let i = 0; i < 5; i++) await keep(NOW - i, [])
      await handIn(store, { cues: slight, at: NOW })
      assert.deepEqual(await kindsFor(store), [])
      await keep(NOW - 9, slight)
      await handIn(store, { cues: slight, at: NOW })
      assert.deepEqual(await kindsFor(store), ['cues'])
    })

    it('tell of silence once a silence, by however many processes look, and to whom may know', async (t) => {
      const processes = await start(t, [2, 3], 2)
      const [store] = processes
      const sweep = (days: number) =>
        Promise.all([...processes, ...processes].map(({ alerts }) => alerts.tellOfSilence(NOW + days * DAY_MS)))
      await store.alerts.setRules({
        senior_id: SENIOR,
        guardian_id: 3,
        rules: { ...DEFAULT_RULES, quiet_days: 5 },
        now: NOW,
      })
      assert.deepEqual(await sweep(2.9), [0, 0, 0, 0])
      for (const days of [3, 4]) await sweep(days)
      assert.deepEqual([await kindsFor(store, 2), await kindsFor(store, 3)], [['quiet'], []])
      await handIn(store, { at: NOW + 4 * DAY_MS })
      await sweep(6.9)
      assert.equal((await kindsFor(store, 2)).length, 1)
      await handIn(store, { at: NOW + 3 * DAY_MS })
      await sweep(7)
      assert.equal((await kindsFor(store, 2)).length, 2, 'an event that comes late sets nothing back')
      await store.consents.withdraw({ user_id: SENIOR, kind: 'guardian', subject: '3', now: NOW })
      await sweep(30)
      assert.deepEqual(await kindsFor(store, 3), [])
      assert.equal((await told(store)).length, 2)
    })

    it('do not tell of silence when something was handed in that no event has told yet, or was deleted', async (t) => {
      const [store] = await start(t)
      await store.alerts.signOfLife({ event_id: 'erased', now: NOW, senior_id: SENIOR, at: NOW + 2 * DAY_MS })
      assert.equal(await store.alerts.tellOfSilence(NOW + 4 * DAY_MS), 0)
      await store.consents.give({ user_id: SENIOR, kind: 'analysis', subject: '', version: 2, now: NOW })
      const created_at = NOW + 4 * DAY_MS
      await store.entries.add(
        {
          user_id: SENIOR,
          kind: 'mood',
          created_at,
          expires_at: NOW * 9,
          safety: 'none',
          text: null,
          mood: 3,
          analysis: null,
          questionnaire: null,
        },
        { consent: 2, perDay: 100, events: () => [] },
      )
      assert.equal(await store.alerts.tellOfSilence(NOW + 6 * DAY_MS), 0)
      assert.equal(await store.alerts.tellOfSilence(NOW + 7 * DAY_MS), 1)
    })

    it('know an event again for as long as it can come again, and no longer', async (t) => {
      const [store] = await start(t, [2])
      const again = (at: number) => handIn(store, { at, safety_level: 'concern' }, 'the same')
      await again(NOW)
      await again(NOW + 600_000)
      await store.watches.prune(NOW + 13 * 86_400_000)
      await again(NOW + 1_200_000)
      assert.equal((await kindsFor(store)).length, 1)
      await store.watches.prune(NOW + 15 * 86_400_000)
      await again(NOW + 1_800_000)
      assert.equal((await kindsFor(store)).length, 2)
    })

    it('are paged, and read by whose they are', async (t) => {
      const [store] = await start(t, [2, 3])
      const { alerts } = store
      for (const at of [0, 1, 2].map((n) => NOW + n * 600_000)) await handIn(store, { at, safety_level: 'concern' })
      const first = await alerts.list({ guardian_id: 2, before: undefined, limit: 2 })
      const rest = await alerts.list({ guardian_id: 2, before: first[1]!.id, limit: 2 })
      assert.deepEqual([first.length, rest.length], [2, 1])
      const about = (senior_id: number) => alerts.list({ guardian_id: 2, senior_id, before: undefined, limit: 9 })
      assert.deepEqual([(await about(SENIOR)).length, (await about(SENIOR + 1)).length], [3, 0])
      assert.deepEqual([...(await alerts.unread(2))], [[SENIOR, 3]])
      await alerts.read({ guardian_id: 3, which: [first[0]!.id], now: NOW })
      assert.deepEqual([...(await alerts.unread(2))], [[SENIOR, 3]])
      await alerts.read({ guardian_id: 2, which: [first[0]!.id], now: NOW })
      assert.deepEqual([...(await alerts.unread(2))], [[SENIOR, 2]])
      await alerts.read({ guardian_id: 2, which: 'all', now: NOW })
      assert.deepEqual([...(await alerts.unread(2))], [])
    })
  })

  describe(`what guardians look at and write on ${name}`, () => {
    it('is audited once an hour, and not seen without the consent', async (t) => {
      const [{ watches, consents }] = await start(t)
      const looks = (now: number, guardian_id = 2) =>
        watches.looks({ senior_id: SENIOR, guardian_id, what: 'trend', now })
      const hour = 3_600_000
      assert.deepEqual([await looks(NOW), await looks(NOW + hour - 1), await looks(NOW + hour)], [true, true, true])
      assert.equal(await looks(NOW, 3), false)
      await consents.withdraw({ user_id: SENIOR, kind: 'guardian', subject: '2', now: NOW })
      assert.equal(await looks(NOW + 5 * hour), false)
      const rows = await watches.reads({ senior_id: SENIOR, before: undefined, limit: 10 })
      assert.deepEqual(
        rows.map(({ reader_id, what, read_at }) => [reader_id, what, read_at]),
        [
          [2, 'trend', NOW + hour],
          [2, 'trend', NOW],
        ],
      )
      assert.equal((await watches.reads({ senior_id: SENIOR, before: rows[0]!.id, limit: 10 })).length, 1)
      await watches.prune(NOW + 365 * DAY_MS + hour)
      assert.equal((await watches.reads({ senior_id: SENIOR, before: undefined, limit: 10 })).length, 1)
    })

    it('is read by all, deleted by who wrote it or whom it is of, and gone with either account', async (t) => {
      const [{ watches, consents }] = await start(t, [2, 3])
      const write = async (guardian_id: number, text: string) => {
        const note = await watches.addNote({ senior_id: SENIOR, guardian_id, text, now: NOW })
        assert.ok('id' in note)
        return note
      }
      const notes = async () =>
        (await watches.notes({ senior_id: SENIOR, before: undefined, limit: 10 })).map(({ text }) => text)
      const one = await write(2, '하나 😀')
      const two = await write(3, '둘')
      const three = await write(2, '셋')
      assert.deepEqual(await notes(), ['셋', '둘', '하나 😀'])
      assert.equal(await watches.removeNote({ id: two.id, senior_id: SENIOR, by: 2 }), false)
      assert.equal(await watches.removeNote({ id: one.id, senior_id: 3, by: 3 }), false)
      assert.equal(await watches.removeNote({ id: one.id, senior_id: SENIOR, by: 2 }), true)
      assert.equal(await watches.removeNote({ id: three.id, senior_id: SENIOR, by: SENIOR }), true)
      assert.deepEqual((await watches.notesBy(3)).length, 1)
      assert.deepEqual(await watches.addNote({ senior_id: SENIOR, guardian_id: 4, text: '?', now: NOW }), {
        refused: 'SENIOR_NOT_FOUND',
      })
      await consents.erase({ event_id: 'closed', now: NOW, user_id: 3 })
      assert.deepEqual(await notes(), [])
    })

    it('has so many notes a day and no more, also when many are written at once', async (t) => {
      const [{ watches }] = await start(t)
      const many = Array.from({ length: 55 }, () =>
        watches.addNote({ senior_id: SENIOR, guardian_id: 2, text: '.', now: NOW }),
      )
      const refused = (await Promise.all(many)).filter((note) => 'refused' in note)
      assert.equal(refused.length, 5)
      const [newest] = await watches.notes({ senior_id: SENIOR, before: undefined, limit: 1 })
      assert.ok(await watches.removeNote({ id: newest!.id, senior_id: SENIOR, by: 2 }))
      const write = (now: number) => watches.addNote({ senior_id: SENIOR, guardian_id: 2, text: '.', now })
      assert.deepEqual(await write(NOW), { refused: 'TOO_MANY_CARE_NOTES' }, 'deleting makes no room')
      await watches.prune(NOW + DAY_MS)
      assert.deepEqual(await write(NOW + DAY_MS), { refused: 'TOO_MANY_CARE_NOTES' })
      assert.ok('id' in (await write(NOW + DAY_MS + 3_600_000)))
    })
  })
}
