import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Leases } from './leases.ts'

type Scope = { after(close: () => unknown): void }

/** What every adapter of Leases promises. @param open two processes with the same leases */
export function leasesContract(name: string, open: (t: Scope) => Promise<readonly [Leases, Leases]>): void {
  const lease = { name: 'sweep', owner: 'a', ttlMs: 1_000, now: 5_000 }

  suite(`leases: ${name}`, () => {
    test('one owner has it until its time is up, and longer when it renews it', async (t) => {
      const [here, there] = await open(t)
      assert.equal(await here.hold(lease), true)
      assert.equal(await there.hold({ ...lease, owner: 'b' }), false)
      assert.equal(await here.hold({ ...lease, now: 5_900 }), true)
      assert.equal(await there.hold({ ...lease, owner: 'b', now: 6_899 }), false)
      assert.equal(await there.hold({ ...lease, owner: 'b', now: 6_900 }), true)
      assert.equal(await here.hold({ ...lease, now: 6_901 }), false)
    })

    test('leases of different names have nothing to do with each other', async (t) => {
      const [here, there] = await open(t)
      assert.equal(await here.hold(lease), true)
      assert.equal(await there.hold({ ...lease, name: 'clean', owner: 'b' }), true)
    })

    test('of many who want it at once one gets it, whether it is new or was left', async (t) => {
      const both = await open(t)
      for (const now of [5_000, 50_000]) {
        const got = await Promise.all(
          Array.from({ length: 20 }, (_, n) => both[n % 2]!.hold({ ...lease, owner: `${now} ${n}`, now })),
        )
        assert.equal(got.filter(Boolean).length, 1)
      }
    })

    test('what its owner gives up is free at once; nobody else can give it up', async (t) => {
      const [here, there] = await open(t)
      await here.hold(lease)
      await there.release({ name: lease.name, owner: 'b' })
      assert.equal(await there.hold({ ...lease, owner: 'b' }), false)
      await here.release(lease)
      assert.equal(await there.hold({ ...lease, owner: 'b' }), true)
    })
  })
}
