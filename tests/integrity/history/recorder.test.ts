import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createRecorder } from './recorder.ts'

it('what was not answered when it was given up is unknown, and an answer that comes later is of no round', () => {
  const recorder = createRecorder()
  const about = { client: 'c', user: 1, do: 'read', room: 1, args: {} } as const
  const answered = recorder.begin(about)
  const late = recorder.begin(about)
  answered({ outcome: 'ok', status: 200, code: null, answer: {} })
  assert.equal(recorder.giveUp(), 1)
  late({ outcome: 'ok', status: 200, code: null, answer: {} })
  const outcomes = recorder.take().map((entry) => entry.type === 'op' && [entry.n, entry.outcome, entry.code])
  assert.deepEqual(outcomes, [
    [1, 'ok', null],
    [2, 'unknown', 'NEVER_ANSWERED'],
  ])
  assert.equal(recorder.giveUp(), 0)
})
