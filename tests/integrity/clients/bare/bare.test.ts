import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { applyChanges, applyRead, applyRevision, forgetUpTo, unreadBeside, unreadIn, type HeldRoom } from './model.ts'

const message = (seq: number, rev: number, more: object = {}) => ({
  id: `msg_1_${seq}`,
  room_id: 1,
  seq,
  rev,
  user_id: 1,
  content: `${seq}`,
  message_type: 'text',
  reactions: [],
  system: null,
  ...more,
})
const frame = (seq: number, rev: number, more: object = {}) => {
  return { type: 'message', room_id: 1, rev, message: message(seq, rev, more) }
}
function room(): HeldRoom {
  const members = [1, 2].map((user) => [user, { user, role: 'member', join_seq: 0, read_seq: 0 }] as const)
  const held: HeldRoom = { rev: 0, rows: new Map(), members: new Map(members) }
  for (const seq of [1, 2, 3]) assert.equal(applyRevision(held, frame(seq, seq)), 'applied')
  return held
}

describe('the rule of the bare client', () => {
  it('ignores what it has, applies what follows, and notices what is missing', () => {
    const held = room()
    assert.equal(applyRevision(held, frame(3, 3)), 'ignored')
    assert.equal(applyRevision(held, frame(5, 5)), 'missed')
    assert.deepEqual([held.rev, held.rows.size], [3, 3])
    assert.equal(applyRevision(held, frame(1, 4, { content: 'mended' })), 'applied')
    assert.deepEqual([held.rev, held.rows.get(1)!.content], [4, 'mended'])
    assert.equal(applyRevision(held, { type: 'skip', room_id: 1, rev: 5 }), 'applied')
    assert.equal(held.rev, 5)
  })

  it('takes changes that begin at or before its place, and of each message the newer state', () => {
    const held = room()
    const changes = (from_rev: number, to_rev: number, messages: object[]) => {
      return { type: 'changes', room_id: 1, from_rev, to_rev, messages, reads: [{ user_id: 2, read_seq: 2 }] }
    }
    assert.equal(applyChanges(held, changes(4, 6, [])), 'missed')
    assert.equal(applyChanges(held, changes(1, 6, [message(2, 2, { content: 'old' }), message(4, 6)])), 'applied')
    assert.deepEqual([held.rev, held.rows.get(2)!.content, held.rows.size], [6, '2', 4])
    assert.equal(held.members.get(2)!.read_seq, 2)
  })

  it('keeps members from system messages and derives unread numbers', () => {
    const held = room()
    const joined = { message_type: 'system', system: { kind: 'member_joined', user_ids: [3] } }
    applyRevision(held, frame(4, 4, joined))
    assert.deepEqual(held.members.get(3), { user: 3, role: 'member', join_seq: 3, read_seq: 3 })
    applyRead(held, 2, 2)
    applyRead(held, 2, 1)
    assert.deepEqual([unreadIn(held, 1), unreadIn(held, 2), unreadIn(held, 3)], [0, 1, 0], 'who joined is no message')
    assert.deepEqual([unreadBeside(held, 1), unreadBeside(held, 4)], [0, 2])
    const left = { message_type: 'system', system: { kind: 'member_left', user_ids: [1], new_owner: 2 } }
    applyRevision(held, frame(5, 5, left))
    assert.deepEqual([...held.members.keys()], [2, 3])
    assert.equal(held.members.get(2)!.role, 'owner')
    forgetUpTo(held, 2, 4)
    assert.deepEqual([...held.rows.keys()], [5])
  })

  it('knows nothing of packages/client', () => {
    for (const name of readdirSync(import.meta.dirname).filter((file) => !file.endsWith('.test.ts')))
      assert.doesNotMatch(readFileSync(join(import.meta.dirname, name), 'utf8'), /@bigtech\/client/)
  })
})
