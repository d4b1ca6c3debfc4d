import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Message, Room } from '../types.ts'
import { roomUnread, unreadOf } from './selectors.ts'
import type { RoomState } from './state.ts'
import { createWorld } from './world.fixture.ts'
import { nextSeq } from './window.ts'

const users = fc.integer({ min: 1, max: 4 })
const places = fc.nat({ max: 30 })

/** What can happen: at the server, on the way, and at the client. `at` picks one of what there is. */
const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('send' as const), at: places, user: users }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('edit', 'react', 'delete', 'read'),
      at: places,
      user: users,
      seq: places,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('add', 'leave', 'owner', 'admin'), at: places, user: users }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('rename', 'mute', 'hide', 'group', 'direct'), at: places, user: users }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('answer' as const), at: places }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('drop', 'duplicate', 'swap', 'heartbeat') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cut', 'resume', 'start', 'forget') }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('open', 'around', 'close', 'older', 'trim'), at: places, seq: places }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('queue', 'post', 'ack'), at: places }) },
)

/** While a room is opened its conversation is cleared, the connection is cut, and somebody writes: what is pulled does not join what was opened. */
const CLEARED_WHILE_AWAY: (typeof action extends fc.Arbitrary<infer Action> ? Action : never)[] = [
  { do: 'deliver', count: 1 },
  { do: 'open', at: 15, seq: 0 },
  { do: 'answer', at: 17 },
  { do: 'send', at: 3, user: 1 },
  { do: 'edit', at: 1, user: 1, seq: 0 },
  { do: 'swap' },
  { do: 'answer', at: 26 },
  { do: 'deliver', count: 1 },
  { do: 'send', at: 13, user: 1 },
  { do: 'hide', at: 7, user: 1 },
  { do: 'cut' },
  { do: 'send', at: 9, user: 1 },
]

const without = ({ unread_count: _unread, ...message }: Message) => message

/** What a room must look like, whatever its past: as if it were loaded now. */
function assertFresh(world: ReturnType<typeof createWorld>, known: RoomState, room: Room) {
  const { model } = world
  const truth = model.rooms[room.id - 1]!
  const { name, rev, last_seq, join_seq, read_seq, role, muted, member_count, last_activity_at } = known
  assert.deepEqual(
    { name, rev, last_seq, join_seq, read_seq, role, muted, member_count, last_activity_at },
    {
      name: room.name,
      rev: room.rev,
      last_seq: room.last_seq,
      join_seq: room.join_seq,
      read_seq: room.read_seq,
      role: room.role,
      muted: room.muted,
      member_count: room.member_count,
      last_activity_at: room.last_activity_at,
    },
  )
  const { notify = room.muted ? 'none' : 'all', muted_until = null } = room
  assert.deepEqual([known.notify, known.muted_until], [notify, muted_until])
  assert.deepEqual(known.last_message && without(known.last_message), room.last_message && without(room.last_message))
  assert.equal(roomUnread(known), room.unread_count)
  if (known.members) {
    const expected = room.members.map(({ user_id, role, join_seq, read_seq }) => ({
      user_id,
      role,
      join_seq,
      read_seq,
    }))
    assert.deepEqual(
      [...known.members.values()].sort((a, b) => a.user_id - b.user_id),
      expected.sort((a, b) => a.user_id - b.user_id),
    )
  }
  const shown = [...(known.members?.keys() ?? []), known.last_message, ...(known.window?.messages ?? [])]
  for (const one of shown) {
    const id = typeof one === 'number' ? one : one?.user_id
    assert.ok(!id || world.state().people.has(id) || world.named.has(id), `who is ${id}?`)
  }
  if (!known.window) return
  assert.ok(known.members)
  const { from, messages } = known.window
  const log = truth.log.filter((row) => row.seq >= from && row.seq < nextSeq(known.window!))
  assert.deepEqual(messages.map(without), log.map(without))
  for (const message of messages) assert.equal(unreadOf(known, message), model.unread(truth, message.seq))
  if (world.atEnd.has(known.id)) assert.equal(nextSeq(known.window), room.last_seq + 1)
}

describe("the client's rule", () => {
  it('ends with the state of a client that never left, whatever is cut, lost, doubled or swapped', () => {
    fc.assert(
      fc.property(fc.array(action, { size: 'max', maxLength: 150 }), fc.boolean(), (actions, tellsMore) => {
        const world = createWorld(tellsMore)
        for (const start of ['start', 'group', 'direct', 'deliver', 'answer', 'answer'])
          world.act({ do: start, at: 2, count: 3 })
        for (const one of actions) world.act(one)
        world.settle()
        const state = world.state()
        const list = world.model.list()
        assert.deepEqual(new Set(state.rooms.keys()), new Set(list.map((room) => room.id)))
        for (const { id } of list) assertFresh(world, state.rooms.get(id)!, world.model.room(id)!)
        for (const room of state.rooms.values())
          for (const one of room.outgoing) assert.ok(!world.stored.has(one.client_message_id), 'shown twice')
      }),
      { numRuns: 2_000, examples: [[CLEARED_WHILE_AWAY, true]] },
    )
  })
})
