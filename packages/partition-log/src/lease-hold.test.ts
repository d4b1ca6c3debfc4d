import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LeaseHold } from './lease-hold.ts'
import type { Coordination, Lease } from './ports.ts'
import { systemRuntime } from './system-runtime.ts'

const taken: Lease = { p: 3, holder: 'a#1', next: null, term: 2, floor: 0, version: 5 }

/** A lease in a store, where writes are carried out when they are let through. */
function store() {
  let lease = taken
  const held: (() => void)[] = []
  const coordination = {
    write: (next: Lease) =>
      new Promise<boolean>((resolve) =>
        held.push(() => {
          const isNext = next.version === lease.version + 1
          if (isNext) lease = next
          resolve(isNext)
        }),
      ),
    read: async () => ({ leases: [lease], nodes: [] }),
  } as unknown as Coordination
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { coordination, held, lease: () => lease, turn }
}

test('a lease that is given up while it is renewed is free at once, for whom it is meant for', async () => {
  const { coordination, held, lease, turn } = store()
  const hold = new LeaseHold(taken, 0, coordination, systemRuntime)
  const renewals = [hold.renew(10), hold.renew(20)]
  const released = hold.release('b#1')
  for (let i = 0; i < held.length || i < 3; i++) {
    held[i]?.()
    await turn()
  }
  assert.deepEqual(await Promise.all(renewals), [true, true])
  await released
  const { holder, next, version } = lease()
  assert.deepEqual({ holder, next, version }, { holder: null, next: 'b#1', version: 7 })
})
