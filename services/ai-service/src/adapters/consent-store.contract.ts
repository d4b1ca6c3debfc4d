import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { LinkStore } from '../link-ports.ts'
import type { ConsentStore } from '../ports.ts'

export type ConsentsUnderTest = Readonly<{ consents: ConsentStore; links: LinkStore }>

/** The promises of a ConsentStore. @param open as many processes on one database as are asked for */
export function consentStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<ConsentsUnderTest[]>,
): void {
  const openOne = async (t: TestContext) => (await open(t))[0]!.consents
  const analysis = { user_id: 1, kind: 'analysis', subject: '' } as const
  const guardian = { user_id: 1, kind: 'guardian', subject: '2' } as const

  describe(`consents on ${name}`, () => {
    it('hold from when they are given until they are withdrawn, and are remembered', async (t) => {
      const store = await openOne(t)
      assert.deepEqual(await store.open(1), [])
      await store.give({ ...analysis, version: 1, now: 10 })
      await store.give({ ...analysis, version: 1, now: 20 })
      const given = { kind: 'analysis', subject: '', version: 1, given_at: 10, withdrawn_at: null }
      assert.deepEqual(await store.open(1), [given])
      assert.equal(await store.withdraw({ ...analysis, now: 30 }), true)
      assert.equal(await store.withdraw({ ...analysis, now: 40 }), false)
      assert.deepEqual(await store.open(1), [])
      await store.give({ ...analysis, version: 1, now: 50 })
      assert.deepEqual(await store.of(1), [
        { ...given, given_at: 50 },
        { ...given, withdrawn_at: 30 },
      ])
    })

    it('to newer words end those to the former; to older ones they change nothing', async (t) => {
      const store = await openOne(t)
      await store.give({ ...analysis, version: 1, now: 10 })
      await store.give({ ...analysis, version: 2, now: 20 })
      await store.give({ ...analysis, version: 1, now: 30 })
      assert.deepEqual(
        (await store.of(1)).map(({ version, withdrawn_at }) => [version, withdrawn_at]),
        [[2, null], [1, 20]], // prettier-ignore
      )
    })

    it('are each person’s own, and gone with the account', async (t) => {
      const store = await openOne(t)
      await store.give({ ...analysis, version: 1, now: 10 })
      await store.give({ ...analysis, user_id: 2, version: 1, now: 10 })
      await store.erase({ event_id: 'e1', now: 20, user_id: 1 })
      await store.give({ ...analysis, version: 1, now: 30 })
      await store.erase({ event_id: 'e1', now: 40, user_id: 1 })
      assert.equal((await store.of(1)).length, 1, 'an event that comes again')
      assert.equal((await store.open(2)).length, 1)
      const both = await store.openOf([1, 2, 3])
      assert.deepEqual(
        [...both].map(([id, held]) => [id, held.length]),
        [[1, 1], [2, 1], [3, 0]], // prettier-ignore
      )
    })

    it('hold for each subject on its own, even for a long one', async (t) => {
      const store = await openOne(t)
      const hosts = ['speech.example.com', `${'a'.repeat(250)}.kr`]
      for (const subject of hosts) await store.give({ user_id: 1, kind: 'cloud', subject, version: 1, now: 10 })
      await store.withdraw({ user_id: 1, kind: 'cloud', subject: hosts[0]!, now: 20 })
      assert.deepEqual(
        (await store.open(1)).map(({ subject }) => subject),
        [hosts[1]],
      )
    })

    it('for a guardian need a link that was accepted, and end with it', async (t) => {
      const [{ consents, links }] = (await open(t)) as [ConsentsUnderTest]
      assert.equal(await consents.give({ ...guardian, version: 1, now: 10 }), false)
      const asked = await links.ask({ by: 2, senior_id: 1, guardian_id: 2, now: 11 })
      assert.equal(await consents.give({ ...guardian, version: 1, now: 12 }), false, 'asked for is not accepted')
      await links.ask({ by: 1, senior_id: 1, guardian_id: 2, now: 13 })
      assert.equal(await consents.give({ ...guardian, version: 1, now: 14 }), true)
      assert.equal(await consents.give({ ...guardian, kind: 'crisis_notice', version: 1, now: 14 }), true)
      assert.equal(
        await consents.give({ ...guardian, user_id: 2, subject: '1', version: 1, now: 14 }),
        false,
        'the other way',
      )
      assert.ok('link' in asked)
      assert.equal(await links.end({ id: asked.link.id, by: 2, now: 15 }), true)
      assert.deepEqual(await consents.open(1), [])
      assert.deepEqual(
        (await consents.of(1)).map(({ withdrawn_at }) => withdrawn_at),
        [15, 15],
      )
    })

    it('of others for a guardian whose account is closed end, and so do the links', async (t) => {
      const [{ consents, links }] = (await open(t)) as [ConsentsUnderTest]
      for (const [senior_id, guardian_id] of [
        [1, 2],
        [2, 3],
        [1, 4],
      ] as const)
        // prettier-ignore
        for (const by of [senior_id, guardian_id]) await links.ask({ by, senior_id, guardian_id, now: 10 })
      for (const subject of ['2', '4']) await consents.give({ ...guardian, subject, version: 1, now: 11 })
      await consents.erase({ event_id: 'e', user_id: 2, now: 20 })
      assert.deepEqual(
        (await consents.open(1)).map(({ subject }) => subject),
        ['4'],
      )
      const left = async (user_id: number) => (await links.of({ user_id, before: undefined, limit: 10 })).length
      assert.deepEqual([await left(1), await left(2), await left(3)], [1, 0, 0])
    })

    it('given while the link ends do not outlive it', async (t) => {
      const stores = await open(t, 2)
      for (let turn = 0; turn < 10; turn++) {
        const now = 10 + turn
        const asked = await stores[0]!.links.ask({ by: 2, senior_id: 1, guardian_id: 2, now })
        await stores[0]!.links.ask({ by: 1, senior_id: 1, guardian_id: 2, now })
        assert.ok('link' in asked)
        await Promise.all([
          stores[0]!.consents.give({ ...guardian, version: 1, now }),
          stores[1]!.links.end({ id: asked.link.id, by: 1, now }),
        ])
        assert.deepEqual(await stores[0]!.consents.open(1), [])
      }
    })

    it('to older words are told of once, whichever processes look for them', async (t) => {
      const stores = (await open(t, 2)).map(({ consents }) => consents)
      for (const user_id of [1, 2, 3])
        await stores[0]!.give({ ...analysis, user_id, version: user_id === 3 ? 2 : 1, now: 10 })
      const turn = (store: ConsentStore, limit = 10) => store.tellOfOutdated({ now: 20, hosts: [], limit })
      assert.equal(await turn(stores[0]!, 1), 1)
      assert.equal(await turn(stores[1]!, 10), 1)
      assert.deepEqual(await Promise.all(stores.map((store) => turn(store))), [0, 0])
      assert.equal((await stores[0]!.open(1)).length, 1, 'it is kept')
    })

    it('given by two processes at once are one', async (t) => {
      const stores = (await open(t, 2)).map(({ consents }) => consents)
      const all = [...stores, ...stores, ...stores]
      await Promise.all(all.map((store) => store.give({ ...analysis, version: 1, now: 10 })))
      assert.equal((await stores[0]!.of(1)).length, 1)
    })
  })
}
