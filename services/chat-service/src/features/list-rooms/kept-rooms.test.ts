import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeptRooms } from './kept-rooms.ts'

const room = (length: number) => ({ version: 1, people: [], json: 'x'.repeat(length) })

test('rooms of who has not asked for longest go first, and all of them', () => {
  const kept = createKeptRooms(10_000)
  kept.keep(1, 1, room(3_000))
  kept.keep(1, 2, room(1_000))
  kept.keep(2, 1, room(3_000))
  assert.equal(kept.of(1)?.size, 2)
  kept.keep(3, 1, room(3_000))
  assert.deepEqual(
    [1, 2, 3].map((user) => kept.of(user)?.size),
    [2, undefined, 1],
  )
})

test('a room that is kept again takes the place of what was kept before, in memory too', () => {
  const kept = createKeptRooms(10_000)
  kept.keep(2, 1, room(3_000))
  for (let i = 0; i < 100; i++) kept.keep(1, 1, room(3_000 + (i % 2)))
  assert.equal(kept.of(1)!.get(1)!.json.length, 3_001)
  assert.equal(kept.of(2)?.size, 1)
})

test('one list that is larger than all that may be kept is not kept whole', () => {
  const kept = createKeptRooms(10_000)
  for (let id = 1; id <= 100; id++) kept.keep(1, id, room(1_000))
  assert.ok(kept.of(1)!.size <= 7)
})
