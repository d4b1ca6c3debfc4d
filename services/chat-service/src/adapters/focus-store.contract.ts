import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createTestClock, type TestClock } from '@bigtech/testkit'
import type { FocusStore } from '../ports.ts'

/** Rooms of this test alone: stores may be shared. */
let rooms = Math.floor(Math.random() * 1e9)

/** The promises of FocusStore. @param open two processes with the same store; in one process they are one */
export function focusStoreContract(
  name: string,
  open: (clock: TestClock) => Promise<readonly [FocusStore, FocusStore]>,
): void {
  const of = (user_id: number, connection_id = 'c') => ({ user_id, connection_id })
  const begin = async () => {
    const clock = createTestClock(Date.now())
    return { clock, stores: await open(clock), room: ++rooms, other: ++rooms }
  }
  const who = async (store: FocusStore, room: number) => [...(await store.focused(room))].toSorted((a, b) => a - b)

  suite(`focus: ${name}`, () => {
    test('a connection shows one room, told by any process', async () => {
      const { stores, room, other } = await begin()
      const [here, there] = stores
      await here.set(of(1), room)
      await there.set(of(2), room)
      assert.deepEqual(await who(there, room), [1, 2])
      await there.set(of(1), other)
      assert.deepEqual([await who(here, room), await who(here, other)], [[2], [1]])
      await here.set(of(1), null)
      await here.set(of(1), null)
      assert.deepEqual([await who(here, room), await who(here, other)], [[2], []])
    })

    test('whoever has several connections shows what any of them shows', async () => {
      const { stores, room, other } = await begin()
      const [here, there] = stores
      await here.set(of(1, 'phone'), room)
      await there.set(of(1, 'laptop'), room)
      await there.set(of(1, 'tablet'), other)
      await here.set(of(1, 'phone'), null)
      assert.deepEqual([await who(there, room), await who(there, other)], [[1], [1]])
      await here.set(of(1, 'laptop'), null)
      assert.deepEqual(await who(there, room), [])
    })

    test('the same id of two people is two connections', async () => {
      const { stores, room } = await begin()
      const [here] = stores
      await here.set(of(1), room)
      await here.set(of(11), room)
      await here.set(of(1), null)
      assert.deepEqual(await who(here, room), [11])
    })

    test('is forgotten a minute after it was last said', async () => {
      const { clock, stores, room } = await begin()
      const [here, there] = stores
      await here.set(of(1), room)
      await here.set(of(2), room)
      clock.advance(59_000)
      await there.set(of(2), room)
      assert.deepEqual(await who(here, room), [1, 2])
      clock.advance(1_000)
      assert.deepEqual(await who(there, room), [2])
    })
  })
}
