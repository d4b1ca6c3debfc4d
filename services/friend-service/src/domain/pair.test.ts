import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  decideAnswer,
  decideBlock,
  decideRemoval,
  decideRequest,
  decideUnblock,
  type FriendRequest,
  type Pair,
  type PairDecision,
} from './pair.ts'

const NONE: Pair = { friends: false, pending: null, blocked_by: [], rejections: [] }
const LIMITS = { now: 1_000, ask_again_after: 100, per_day: 3, sent_today: 0 }
const asked = (from: number, to: number): FriendRequest => ({
  id: 7,
  from_user_id: from,
  to_user_id: to,
  status: 'pending',
  created_at: 0,
})
const kinds = (decision: PairDecision) =>
  'refused' in decision ? decision.refused : decision.map((change) => change.kind)

describe('decideRequest', () => {
  const table: [string, Pair, unknown][] = [
    ['strangers', NONE, ['request']],
    ['asked already', { ...NONE, pending: asked(1, 2) }, 'ALREADY_REQUESTED'],
    ['asked by the other', { ...NONE, pending: asked(2, 1) }, ['close', 'befriend']],
    ['friends', { ...NONE, friends: true }, 'ALREADY_FRIENDS'],
    ['blocked the other', { ...NONE, blocked_by: [1] }, 'YOU_BLOCKED'],
    ['blocked by the other', { ...NONE, blocked_by: [2] }, 'USER_NOT_FOUND'],
    ['blocked by both', { ...NONE, blocked_by: [2, 1] }, 'YOU_BLOCKED'],
  ]
  for (const [name, pair, expected] of table)
    it(name, () => assert.deepEqual(kinds(decideRequest(pair, 1, 2, LIMITS)), expected))

  const rejected = (by: number, at: number): Pair => ({ ...NONE, rejections: [{ by, at }] })
  it('waits after a rejection, which is no obstacle to who rejected', () => {
    assert.equal(kinds(decideRequest(rejected(2, 901), 1, 2, LIMITS)), 'REJECTED_LATELY')
    assert.deepEqual(kinds(decideRequest(rejected(2, 900), 1, 2, LIMITS)), ['request'])
    assert.deepEqual(kinds(decideRequest(rejected(1, 999), 1, 2, LIMITS)), ['request'])
    const asked_back = { ...rejected(2, 999), pending: asked(2, 1) }
    assert.deepEqual(kinds(decideRequest(asked_back, 1, 2, LIMITS)), ['close', 'befriend'])
  })
  it('has a limit a day, which accepting does not meet', () => {
    const spent = { ...LIMITS, sent_today: 3 }
    assert.equal(kinds(decideRequest(NONE, 1, 2, spent)), 'TOO_MANY_REQUESTS_TODAY')
    assert.deepEqual(kinds(decideRequest({ ...NONE, pending: asked(2, 1) }, 1, 2, spent)), ['close', 'befriend'])
  })
})

describe('decideAnswer', () => {
  for (const [status, answer, expected] of [
    ['pending', 'accept', ['close', 'befriend']],
    ['pending', 'reject', ['close']],
    ['pending', 'cancel', ['close']],
    ['accepted', 'accept', []],
    ['accepted', 'reject', 'REQUEST_CLOSED'],
    ['rejected', 'accept', 'REQUEST_CLOSED'],
    ['cancelled', 'accept', 'REQUEST_CLOSED'],
    ['cancelled', 'cancel', []],
  ] as const)
    it(`${status} + ${answer}`, () =>
      assert.deepEqual(kinds(decideAnswer({ ...asked(1, 2), status }, answer)), expected))
})

describe('any sequence of actions of two people', () => {
  /** What the store makes of the changes. */
  const evolve = (pair: Pair, decision: PairDecision): Pair => {
    if ('refused' in decision) return pair
    let { friends, pending, blocked_by } = pair
    const { rejections } = pair
    for (const change of decision) {
      if (change.kind === 'request') pending = asked(change.from, change.to)
      else if (change.kind === 'close') pending = null
      else if (change.kind === 'befriend') friends = true
      else if (change.kind === 'unfriend') friends = false
      else if (change.kind === 'block') blocked_by = [...blocked_by, change.by]
      else blocked_by = blocked_by.filter((id) => id !== change.by)
    }
    return { friends, pending, blocked_by, rejections }
  }
  const action = fc.record({
    actor: fc.constantFrom(1, 2),
    what: fc.constantFrom('request', 'accept', 'remove', 'block', 'unblock'),
  })

  it('never leaves friends who block each other, nor a request between friends or across a block', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        let pair = NONE
        for (const { actor, what } of actions) {
          const other = 3 - actor
          const decision =
            what === 'request'
              ? decideRequest(pair, actor, other, LIMITS)
              : what === 'accept'
                ? pair.pending?.to_user_id === actor
                  ? decideAnswer(pair.pending, 'accept')
                  : []
                : { remove: decideRemoval, block: decideBlock, unblock: decideUnblock }[what as 'remove'](
                    pair,
                    actor,
                    other,
                  )
          pair = evolve(pair, decision)
          const blocked = pair.blocked_by.length > 0
          assert.ok(!(blocked && (pair.friends || pair.pending)), JSON.stringify(pair))
          assert.ok(!(pair.friends && pair.pending), JSON.stringify(pair))
        }
      }),
    )
  })
})
