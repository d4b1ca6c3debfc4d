import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { ConsentStore } from '../ports.ts'

/** The promises of a ConsentStore. @param open as many processes on one database as are asked for */
export function consentStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<ConsentStore[]>,
): void {
  const openOne = async (t: TestContext) => (await open(t))[0]!
  const analysis = { user_id: 1, kind: 'analysis' } as const

  describe(`consents on ${name}`, () => {
    it('hold from when they are given until they are withdrawn, and are remembered', async (t) => {
      const store = await openOne(t)
      assert.deepEqual(await store.open(1), [])
      await store.give({ ...analysis, version: 1, now: 10 })
      await store.give({ ...analysis, version: 1, now: 20 })
      const given = { kind: 'analysis', version: 1, given_at: 10, withdrawn_at: null }
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
    })

    it('given by two processes at once are one', async (t) => {
      const stores = await open(t, 2)
      const all = [...stores, ...stores, ...stores]
      await Promise.all(all.map((store) => store.give({ ...analysis, version: 1, now: 10 })))
      assert.equal((await stores[0]!.of(1)).length, 1)
    })
  })
}
