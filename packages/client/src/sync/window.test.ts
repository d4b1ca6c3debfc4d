import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message, MessagePage } from '../types.ts'
import { joinPage, nextSeq, putMessage, trimmed, windowOf } from './window.ts'

const message = (seq: number, rev = seq): Message => ({ seq, rev, content: `${seq}.${rev}` }) as Message
const page = (seqs: readonly number[], last_seq = 100): MessagePage => ({
  items: seqs.map((seq) => message(seq)),
  has_before: true,
  has_after: true,
  last_seq,
  rev: last_seq,
  read_seq: 0,
  join_seq: 0,
})
const window = windowOf(page([10, 11, 12]))
const seqs = ({ from, messages }: typeof window) => {
  messages.forEach(({ seq }, index) => assert.equal(seq, from + index))
  return messages.map(({ seq }) => seq)
}
const none = new Map<number, Message>()

describe('the piece of the log that is shown', () => {
  it('grows at its end only by the message that follows', () => {
    assert.deepEqual(seqs(putMessage(window, message(13))), [10, 11, 12, 13])
    for (const seq of [1, 9, 14, 50]) assert.equal(putMessage(window, message(seq)), window)
  })

  it('takes newer states of its messages only', () => {
    assert.equal(putMessage(window, message(11, 20)).messages[1]?.rev, 20)
    assert.equal(putMessage(window, message(11, 5)), window)
  })

  it('takes pages that touch it, before and after', () => {
    assert.deepEqual(seqs(joinPage(window, page([7, 8, 9]), none)), [7, 8, 9, 10, 11, 12])
    assert.deepEqual(seqs(joinPage(window, page([8, 9, 10, 11]), none)), [8, 9, 10, 11, 12])
    assert.deepEqual(seqs(joinPage(window, page([13, 14]), none)), [10, 11, 12, 13, 14])
    assert.equal(joinPage(window, page([5, 6]), none), window)
    assert.equal(joinPage(window, page([15, 16]), none), window)
    assert.equal(joinPage(window, page([]), none), window)
  })

  it('prefers what changed while the page was on its way, and makes no hole of it', () => {
    const strays = new Map([8, 13, 15].map((seq) => [seq, message(seq, 99)]))
    const joined = joinPage(window, page([7, 8, 9]), strays)
    assert.deepEqual(seqs(joined), [7, 8, 9, 10, 11, 12, 13])
    assert.equal(joined.messages[1]?.rev, 99)
  })

  it("stops at a hole in a page, begins at the head of an empty room, and forgets what was before one's time", () => {
    assert.deepEqual(seqs(windowOf(page([3, 4, 6]))), [3, 4])
    assert.equal(nextSeq(windowOf(page([], 7))), 8)
    assert.deepEqual(seqs(trimmed(window, 11)), [12])
    assert.equal(trimmed(window, 40).from, 41)
    assert.equal(trimmed(window, 3), window)
  })
})
