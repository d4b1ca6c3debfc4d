import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  directKey,
  missingRole,
  nextOwner,
  outranks,
  unreadCount,
  unreadMembers,
  type Role,
  type RoomAction,
} from './room.ts'

const ROLES: readonly Role[] = ['member', 'admin', 'owner']

describe('missingRole', () => {
  const allowed: Record<RoomAction, readonly Role[]> = {
    add: ['member', 'admin', 'owner'],
    pin: ['member', 'admin', 'owner'],
    invite: ['admin', 'owner'],
    rename: ['admin', 'owner'],
    remove: ['admin', 'owner'],
    delete_any: ['admin', 'owner'],
    set_role: ['owner'],
  }
  for (const [action, roles] of Object.entries(allowed) as [RoomAction, readonly Role[]][])
    it(action, () => {
      for (const role of ROLES) assert.equal(missingRole({ role }, action) === undefined, roles.includes(role), role)
    })
})

it('authority is over lower roles only', () => {
  for (const a of ROLES)
    for (const b of ROLES)
      assert.equal(outranks({ role: a }, { role: b }), ROLES.indexOf(a) > ROLES.indexOf(b), `${a} ${b}`)
})

describe('nextOwner', () => {
  const member = (user_id: number, role: Role, joined_at: number) => ({ user_id, role, joined_at })
  it('prefers the longest-serving admin', () =>
    assert.equal(nextOwner([member(1, 'member', 1), member(2, 'admin', 9), member(3, 'admin', 5)])?.user_id, 3))
  it('else the longest-serving member', () =>
    assert.equal(nextOwner([member(4, 'member', 7), member(2, 'member', 3)])?.user_id, 2))
  it('else nobody', () => assert.equal(nextOwner([]), undefined))
})

it('a pair has one key, whoever asks', () => {
  fc.assert(fc.property(fc.nat(), fc.nat(), (a, b) => assert.equal(directKey(a, b), directKey(b, a))))
  assert.notEqual(directKey(1, 23), directKey(12, 3))
})

describe('unread numbers', () => {
  it('count from what was read or from joining, whichever is later', () => {
    assert.equal(unreadCount(10, { read_seq: 7, join_seq: 0 }, []), 3)
    assert.equal(unreadCount(10, { read_seq: 0, join_seq: 8 }, []), 2)
    assert.equal(unreadCount(10, { read_seq: 10, join_seq: 0 }, []), 0)
    assert.equal(unreadCount(3, { read_seq: 9, join_seq: 0 }, []), 0)
    assert.equal(unreadCount(10, { read_seq: 7, join_seq: 0 }, [8, 10]), 1)
  })
  it('beside a message equals counting members', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(60), (reads, seq) => {
        const sorted = reads.toSorted((a, b) => a - b)
        assert.equal(unreadMembers(sorted, seq), reads.filter((read) => read < seq).length)
      }),
    )
  })
})
