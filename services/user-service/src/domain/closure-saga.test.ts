import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { advanceClosure, startClosure, type ClosureInput, type ClosureSaga } from './closure-saga.ts'

const DEADLINE = 60
const start = (participants = ['friend', 'chat']) =>
  startClosure({ id: 's', user_id: 1, participants, now: 0, deadlineMs: DEADLINE })
const ready = (service: string): ClosureInput => ({ type: 'prepared', service })
const no = (service: string): ClosureInput => ({ type: 'rejected', service, reason: 'busy' })
const tick: ClosureInput = { type: 'tick' }

type Step = [ClosureInput, now: number]
const run = (steps: Step[], saga = start()) => steps.reduce((s, [input, now]) => advanceClosure(s, input, now), saga)

describe('the closure saga', () => {
  const table: [string, Step[], ClosureSaga['state'], string | null][] = [
    ['waits', [[tick, 1]], 'preparing', null],
    ['waits for all', [[ready('friend'), 1]], 'preparing', null],
    ['counts nobody twice', [[ready('friend'), 1], [ready('friend'), 2]], 'preparing', null],
    ['completes when all are ready', [[ready('friend'), 1], [ready('chat'), 2]], 'completed', null],
    ['in any order', [[ready('chat'), 1], [ready('friend'), 2]], 'completed', null],
    ['is cancelled by one rejection', [[ready('friend'), 1], [no('chat'), 2]], 'cancelled', 'chat: busy'],
    ['is cancelled by the deadline', [[ready('friend'), 1], [tick, DEADLINE]], 'cancelled', 'no answer from chat'],
    ['but not before', [[tick, DEADLINE - 1]], 'preparing', null],
    ['completes with the last answer at the deadline', [[ready('friend'), 1], [ready('chat'), DEADLINE]], 'completed', null],
    ['ignores strangers', [[ready('x'), 1], [no('y'), 2]], 'preparing', null],
    ['stays cancelled', [[no('chat'), 1], [ready('chat'), 2], [ready('friend'), 3]], 'cancelled', 'chat: busy'],
    ['stays completed', [[ready('friend'), 1], [ready('chat'), 2], [no('chat'), 3], [tick, 999]], 'completed', null],
  ] // prettier-ignore
  for (const [name, steps, state, reason] of table)
    it(name, () => {
      const saga = run(steps)
      assert.deepEqual([saga.state, saga.reason], [state, reason])
      assert.equal(saga.ended_at !== null, state !== 'preparing')
    })

  it('without participants completes at the first look', () => {
    assert.equal(run([[tick, 0]], start([])).state, 'completed')
  })

  it('always ends by the deadline, once, and completes only with every consent', () => {
    const service = fc.constantFrom('friend', 'chat', 'stranger')
    const input = fc.oneof(service.map(ready), service.map(no), fc.constant(tick))
    fc.assert(
      fc.property(fc.array(fc.tuple(input, fc.nat(10))), (steps) => {
        let [saga, now, ends] = [start(), 0, 0]
        const consents = new Set<string>()
        for (const [step, wait] of [...steps, [tick, DEADLINE] as const]) {
          now += wait
          if (step.type === 'prepared' && saga.state === 'preparing') consents.add(step.service)
          const next = advanceClosure(saga, step, now)
          if (next.state !== saga.state) ends++
          saga = next
        }
        assert.notEqual(saga.state, 'preparing')
        assert.equal(ends, 1)
        if (saga.state === 'completed') assert.ok(consents.has('friend') && consents.has('chat'))
      }),
    )
  })
})
