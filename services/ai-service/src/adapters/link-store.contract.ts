import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { CLOCKS_DIFFER_MS, MOST_ASKS_A_DAY, MOST_LINKS } from '../domain/link.ts'
import type { Outbox } from '@bigtech/messaging'
import type { LinkOutcome, LinkStore } from '../link-ports.ts'
import type { ConsentStore } from '../ports.ts'

export type LinksUnderTest = Readonly<{ links: LinkStore; consents: ConsentStore; outbox: Outbox }>

const DAY_MS = 86_400_000

/** The promises of a LinkStore. @param open as many processes on one database as are asked for */
export function linkStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<LinksUnderTest[]>,
): void {
  const openOne = async (t: TestContext) => (await open(t))[0]!.links
  const made = (outcome: LinkOutcome | Readonly<{ refused: string }> | undefined): LinkOutcome => {
    assert.ok(outcome && 'link' in outcome, JSON.stringify(outcome))
    return outcome
  }
  const ask = (links: LinkStore, by: number, senior_id: number, guardian_id: number, now = 10) =>
    links.ask({ by, senior_id, guardian_id, now })
  const linked = async (links: LinkStore, senior_id: number, guardian_id: number) => {
    await ask(links, senior_id, senior_id, guardian_id, -DAY_MS * senior_id)
    return made(await ask(links, guardian_id, senior_id, guardian_id, -DAY_MS * senior_id)).link
  }

  describe(`links on ${name}`, () => {
    it('are asked for by one and accepted by the other alone', async (t) => {
      const links = await openOne(t)
      const { link, done } = made(await ask(links, 2, 1, 2))
      assert.equal(done, 'asked')
      assert.deepEqual(link, {
        id: link.id,
        senior_id: 1,
        guardian_id: 2,
        asked_by: 2,
        state: 'asked',
        created_at: 10,
        accepted_at: null,
      })
      assert.deepEqual(await links.guardiansOf(1), [])
      for (const by of [2, 3]) assert.equal(await links.accept({ id: link.id, by, now: 20 }), undefined)
      assert.equal(made(await links.accept({ id: link.id, by: 1, now: 20 })).done, 'accepted')
      assert.equal(made(await links.accept({ id: link.id, by: 1, now: 30 })).done, 'nothing')
      const accepted = { ...link, state: 'accepted', accepted_at: 20 }
      for (const user_id of [1, 2])
        assert.deepEqual(await links.of({ user_id, before: undefined, limit: 10 }), [accepted])
      assert.deepEqual(await links.guardiansOf(1), [2])
      assert.deepEqual([await links.seniorsOf(2), await links.seniorsOf(1)], [[accepted], []])
      assert.deepEqual(await links.find({ id: link.id, user_id: 2 }), accepted)
      assert.equal(await links.find({ id: link.id, user_id: 3 }), undefined)
    })

    it('end by either of the two, and are of no third one', async (t) => {
      const links = await openOne(t)
      for (const by of [1, 2]) {
        const { id } = await linked(links, 1, 2)
        assert.equal(await links.end({ id, by: 3, now: 30 }), false)
        assert.equal(await links.end({ id, by, now: 30 }), true)
        assert.equal(await links.end({ id, by, now: 30 }), false)
        assert.equal(await links.accept({ id, by: 1, now: 40 }), undefined)
        assert.deepEqual(await links.of({ user_id: 1, before: undefined, limit: 10 }), [])
      }
    })

    it('of two who both ask at once, from two processes, are one and accepted; equal asks are one', async (t) => {
      const [one, other] = (await open(t, 2)).map(({ links }) => links) as [LinkStore, LinkStore]
      for (let senior = 100; senior < 110; senior++) {
        const guardian = senior + 100
        const both = Array.from({ length: 3 }, () => ask(one, senior, senior, guardian))
        both.push(...Array.from({ length: 3 }, () => ask(other, guardian, senior, guardian)))
        const done = (await Promise.all(both)).map((outcome) => made(outcome).done)
        assert.deepEqual(done.toSorted(), ['accepted', 'asked', ...Array.from({ length: 4 }, () => 'nothing')])
        const found = await other.of({ user_id: senior, before: undefined, limit: 10 })
        assert.deepEqual(
          found.map(({ state }) => state),
          ['accepted'],
        )
      }
      const equal = await Promise.all([one, other, one, other].map((links) => ask(links, 1, 1, 2)))
      assert.equal(new Set(equal.map((outcome) => made(outcome).link.id)).size, 1)
      assert.equal(equal.filter((outcome) => made(outcome).done === 'asked').length, 1)
    })

    it('tell what becomes of them, and of what was agreed to for them, once each', async (t) => {
      const [{ links, consents, outbox }] = (await open(t)) as [LinksUnderTest]
      const { id } = await linked(links, 1, 2)
      const guardian = { user_id: 1, kind: 'guardian', subject: '2' } as const
      for (const now of [20, 21]) await consents.give({ ...guardian, version: 1, now })
      await links.end({ id, by: 2, now: 30 })
      await consents.withdraw({ ...guardian, now: 31 })
      const claimed = await outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 100 })
      const link = { link_id: id, senior_id: 1, guardian_id: 2 }
      const consent = { ...guardian, version: 1 }
      assert.deepEqual(
        claimed.map(({ record: { key, value } }) => {
          const { event_id: _id, timestamp: _at, event_type, ...fields } = value
          return [key, event_type, fields]
        }),
        [
          ['1', 'CareLinkAsked', { ...link, asked_by: 1 }],
          ['1', 'CareLinkGranted', { ...link, asked_by: 1 }],
          ['1', 'CareConsentChanged', { ...consent, given: true }],
          ['1', 'CareConsentChanged', { ...consent, given: false }],
          ['1', 'CareLinkEnded', { ...link, ended_by: 2 }],
        ],
      )
    })

    it('can be both ways between two people, and all end when they are friends no more', async (t) => {
      const links = await openOne(t)
      await linked(links, 1, 2)
      await linked(links, 2, 1)
      const third = await linked(links, 1, 3)
      assert.equal((await links.of({ user_id: 1, before: undefined, limit: 10 })).length, 3)
      await links.endBetween({ event_id: 'e', at: 50, now: 50, by: 2, other: 1 })
      assert.deepEqual(await links.of({ user_id: 1, before: undefined, limit: 10 }), [third])
      const again = await linked(links, 1, 2)
      await links.endBetween({ event_id: 'e', at: 50, now: 60, by: 2, other: 1 })
      assert.ok(await links.find({ id: again.id, user_id: 1 }), 'an event that comes again')
    })

    it('are not ended by what became of the two before, whenever it is told', async (t) => {
      const links = await openOne(t)
      const { link } = made(await ask(links, 1, 1, 2, DAY_MS))
      await links.accept({ id: link.id, by: 2, now: 2 * DAY_MS })
      const of = () => links.find({ id: link.id, user_id: 1 })
      const event = { now: 3 * DAY_MS, by: 1, other: 2 }
      await links.endBetween({ ...event, event_id: 'before', at: DAY_MS - CLOCKS_DIFFER_MS - 1 })
      assert.ok(await of(), 'they have become friends again, and linked anew')
      await links.endBetween({ ...event, event_id: 'about then', at: DAY_MS - CLOCKS_DIFFER_MS })
      assert.equal(await of(), undefined, 'clocks differ')
      const next = made(await ask(links, 2, 1, 2, DAY_MS)).link
      await links.accept({ id: next.id, by: 1, now: 2 * DAY_MS })
      await links.endBetween({ ...event, event_id: 'between', at: DAY_MS + 1 })
      assert.equal(await links.find({ id: next.id, user_id: 1 }), undefined, 'asked for as friends, accepted as none')
    })

    it('are so many and no more, in each role, also when many ask at once', async (t) => {
      const links = await openOne(t)
      for (let i = 0; i < MOST_LINKS; i++) await linked(links, 100 + i, 1)
      assert.deepEqual(await ask(links, 1, 200, 1), { refused: 'CARE_LINKS_FULL' })
      assert.deepEqual(await ask(links, 200, 200, 1), { refused: 'CARE_LINKS_FULL' })
      assert.equal(made(await ask(links, 1, 1, 200)).done, 'asked', 'in the other role')
      const early = made(await ask(links, 50, 50, 51)).link
      for (let i = 0; i < MOST_LINKS; i++) await linked(links, 300 + i, 51)
      assert.deepEqual(await links.accept({ id: early.id, by: 51, now: 20 }), { refused: 'CARE_LINKS_FULL' })
      const many = await Promise.all(Array.from({ length: 15 }, (_, i) => ask(links, 7, 7, 400 + i)))
      assert.equal(many.filter((outcome) => 'link' in outcome).length, MOST_LINKS)
    })

    it('are asked for so often in a day and no more, whatever became of them', async (t) => {
      const links = await openOne(t)
      for (let i = 0; i < MOST_ASKS_A_DAY; i++) {
        const { link } = made(await ask(links, 1, 1, 100 + i))
        await links.end({ id: link.id, by: 100 + i, now: 10 })
      }
      assert.deepEqual(await ask(links, 1, 1, 2), { refused: 'TOO_MANY_CARE_ASKS' })
      assert.equal(made(await ask(links, 2, 1, 2)).done, 'asked', 'the other may')
      assert.equal(made(await ask(links, 1, 1, 2)).done, 'accepted', 'an answer is no ask')
      assert.equal(made(await ask(links, 1, 1, 3, 10 + DAY_MS)).done, 'asked')
    })

    it('are paged, the newest first', async (t) => {
      const links = await openOne(t)
      for (const other of [2, 3, 4]) await linked(links, 1, other)
      const first = await links.of({ user_id: 1, before: undefined, limit: 2 })
      const rest = await links.of({ user_id: 1, before: first.at(-1)!.id, limit: 2 })
      assert.deepEqual(
        [...first, ...rest].map(({ guardian_id }) => guardian_id),
        [4, 3, 2],
      )
    })
  })
}
