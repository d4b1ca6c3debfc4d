import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { dependencyErrors, HttpStatusError } from '@bigtech/resilience'
import { createInstances, reasonOf } from './instances.ts'

type Answer = () => Promise<string>

const gone: Answer = () =>
  Promise.reject(
    dependencyErrors.DEPENDENCY_UNAVAILABLE({
      cause: new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 10.0.0.2:1') }),
    }),
  )
const silent: Answer = () => new Promise(() => {})
const ask = (answer: Answer) => answer()
const open = (...answers: Answer[]) => createInstances(answers.map((of, n) => ({ name: `node-${n}`, of })))

describe('all instances', () => {
  it('are asked at once; who fails or is silent for 2 s is told with the reason', async () => {
    const asked = open(
      async () => 'a',
      gone,
      silent,
      silent,
      async () => 'b',
    ).each(ask)
    const from = performance.now()
    assert.deepEqual(await asked, [
      { name: 'node-0', answer: 'a' },
      { name: 'node-1', detail: 'connect ECONNREFUSED 10.0.0.2:1' },
      { name: 'node-2', detail: 'no answer within 2000 ms' },
      { name: 'node-3', detail: 'no answer within 2000 ms' },
      { name: 'node-4', answer: 'b' },
    ])
    assert.ok(performance.now() - from < 3_500, 'one after the other would take 4 s')
  })

  it('are told when nobody waits for them any more', async () => {
    let reason: unknown
    await open(silent).each((answer, signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason))
      return answer()
    })
    assert.match(reasonOf(reason), /no answer/)
  })
})

describe('any instance', () => {
  it('is the next one when one is away, and first the next time', async () => {
    const calls: number[] = []
    const counted = (n: number, answer: Answer): Answer => {
      return () => {
        calls.push(n)
        return answer()
      }
    }
    const refused = new HttpStatusError('GET', new URL('http://node-1/internal'), 401, {})
    const group = open(
      counted(0, gone),
      counted(1, () => Promise.reject(refused)),
      counted(2, async () => 'c'),
    )
    assert.deepEqual([await group.any(ask), await group.any(ask)], ['c', 'c'])
    assert.deepEqual(calls, [0, 1, 2, 2])
  })

  it('is nobody: DEPENDENCY_UNAVAILABLE, to be tried again', async () => {
    for (const group of [open(), open(gone), open(gone, gone)])
      await assert.rejects(group.any(ask), (error) => {
        assert.ok(error instanceof AppError)
        assert.equal(error.code, 'DEPENDENCY_UNAVAILABLE')
        return true
      })
    await assert.rejects(open(silent).any(ask), (error) => error instanceof AppError && error.details.retryAfterS === 1)
  })

  it('is not asked in the place of one that says no', async () => {
    let asked = 0
    const fault = new TypeError('a fault of the program')
    const group = open(
      () => Promise.reject(fault),
      async () => `${asked++}`,
    )
    await assert.rejects(group.any(ask), fault)
    assert.equal(asked, 0)
  })

  it('says why itself, if it is the only one', async () => {
    const away = new AppError('STORAGE_UNAVAILABLE', { kind: 'unavailable', ko: '저장소', en: 'Storage' })
    await assert.rejects(open(() => Promise.reject(away)).any(ask), away)
  })
})
