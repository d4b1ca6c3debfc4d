import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hedged } from './hedged.ts'

const never = (signal: AbortSignal) =>
  new Promise<string>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))

describe('a call that may sit on a dead connection', () => {
  it('is made again beside the first, and the others end when one is answered', async () => {
    const signals: AbortSignal[] = []
    const answer = await hedged((signal) => {
      signals.push(signal)
      return signals.length < 2 ? never(signal) : Promise.resolve('second')
    }, new AbortController().signal)
    assert.equal(answer, 'second')
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
      'the answered call goes on',
    )
  })

  it('fails as its first failure does, and ends with its signal', async () => {
    const { signal } = new AbortController()
    let asked = 0
    await assert.rejects(
      hedged(() => Promise.reject(new Error(`no ${++asked}`)), signal),
      /no 1/,
    )
    const abort = new AbortController()
    const reason = new Error('enough')
    const calls: AbortSignal[] = []
    const waiting = hedged((own) => (calls.push(own), never(own)), abort.signal)
    abort.abort(reason)
    await assert.rejects(waiting, reason)
    assert.deepEqual(
      calls.map(({ aborted }) => aborted),
      [true],
    )
    await assert.rejects(hedged(never, AbortSignal.abort(reason)), reason)
  })
})
