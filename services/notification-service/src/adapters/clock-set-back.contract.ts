import assert from 'node:assert/strict'
import type { PushStore } from '../ports.ts'

/** Person 1 has a device. */
export async function clockSetBack(pushes: PushStore): Promise<void> {
  await pushes.messagesCame([{ room_id: 1, after_seq: 0, last_seq: 1, trace: null }], 5_000)
  await pushes.messagesCame([{ room_id: 2, after_seq: 0, last_seq: 1, trace: null }], 10)
  await pushes.toUser(1, { tag: 'ahead', payload: 'p', at: 5_000, expiresAt: 9_000 })
  const rooms = async (now: number) =>
    (await pushes.takeRooms({ now, until: now + 100, limit: 9 })).map(({ room_id }) => room_id).sort((a, b) => a - b)
  const tags = async (now: number) => {
    const taken = await pushes.takeDeliveries({ now, until: now + 100, limit: 9, except: [] })
    return taken.map(({ tag }) => tag)
  }
  assert.deepEqual([await rooms(4_000), await tags(4_000)], [[2], []])
  await pushes.putRight({ now: 20, roomsUntil: 1_000, claimsUntil: 1_000 })
  assert.deepEqual([await rooms(20), await tags(20)], [[1, 2], ['ahead']])
  await pushes.putRight({ now: 21, roomsUntil: 1_000, claimsUntil: 1_000 })
  assert.deepEqual([await rooms(21), await tags(21)], [[], []])
  await pushes.putRight({ now: 22, roomsUntil: 1_000, claimsUntil: 0 })
  assert.deepEqual([(await rooms(22)).length, await tags(22)], [2, ['ahead']])
}
