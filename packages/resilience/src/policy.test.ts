import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError, defineErrors } from '@bigtech/kernel'
import { eventually } from '@bigtech/testkit'
import { createPolicy, type BreakerState } from './policy.ts'

const FAST = { timeoutMs: 500, backoff: { initialMs: 1, maxMs: 3 } }
const errors = defineErrors({ NOT_FOUND: { kind: 'not_found', ko: 'x', en: 'x' } })

const unavailable = (error: unknown): true => {
  assert.ok(error instanceof AppError)
  assert.equal(error.code, 'DEPENDENCY_UNAVAILABLE')
  assert.equal(error.kind, 'unavailable')
  return true
}

/** Fails `times` times, then answers. */
function flaky(times: number) {
  let calls = 0
  const fn = async () => {
    if (++calls <= times) throw new Error(`failure ${calls}`)
    return 'answer'
  }
  return { fn, calls: () => calls }
}

test('a failure is retried with a limit, and the last one is the cause', async () => {
  const two = flaky(2)
  assert.equal(await createPolicy(FAST).execute(two.fn), 'answer')
  assert.equal(two.calls(), 3)
  const three = flaky(3)
  await assert.rejects(createPolicy(FAST).execute(three.fn), (error) => {
    unavailable(error)
    return ((error as Error).cause as Error).message === 'failure 3'
  })
})

test('retry: false tries once', async () => {
  const one = flaky(1)
  await assert.rejects(createPolicy(FAST).execute(one.fn, { retry: false }), unavailable)
  assert.equal(one.calls(), 1)
})

test('an error that is not a failure passes unchanged, is not repeated and does not open the circuit', async () => {
  const policy = createPolicy({ ...FAST, breaker: { consecutive: 2, halfOpenAfterMs: 60_000 } })
  let calls = 0
  for (let i = 0; i < 4; i++) {
    const call = policy.execute(() => {
      calls++
      return Promise.reject(errors.NOT_FOUND())
    })
    await assert.rejects(call, { code: 'NOT_FOUND' })
  }
  assert.equal(calls, 4)
  assert.equal(policy.state(), 'closed')
})

test('a slow attempt is cut off and told so', async () => {
  let aborted = 0
  const slow = (signal: AbortSignal) =>
    new Promise<never>(() => {
      signal.addEventListener('abort', () => aborted++)
    })
  const started = performance.now()
  await assert.rejects(createPolicy({ ...FAST, timeoutMs: 20, retries: 1 }).execute(slow), unavailable)
  assert.equal(aborted, 2)
  const took = performance.now() - started
  assert.ok(took >= 38 && took < 1_500, `${took} ms for two attempts of 20 ms`)
})

test('the circuit opens, half-opens and closes', async () => {
  const states: BreakerState[] = []
  const policy = createPolicy({
    ...FAST,
    retries: 0,
    breaker: { consecutive: 3, halfOpenAfterMs: 30 },
    onStateChange: (state) => states.push(state),
  })
  const dependency = flaky(4)
  for (let i = 0; i < 3; i++) await assert.rejects(policy.execute(dependency.fn), unavailable)
  assert.equal(policy.state(), 'open')
  await assert.rejects(policy.execute(dependency.fn), unavailable)
  assert.equal(dependency.calls(), 3, 'an open circuit calls nobody')
  // The first try fails: open again. The second closes it.
  const value = await eventually(() => policy.execute(dependency.fn))
  assert.equal(value, 'answer')
  assert.equal(dependency.calls(), 5)
  assert.deepEqual(states, ['open', 'half-open', 'open', 'half-open', 'closed'])
})

test('an answered refusal in the half-open state closes the circuit', async () => {
  const policy = createPolicy({ ...FAST, retries: 0, breaker: { consecutive: 1, halfOpenAfterMs: 5 } })
  await assert.rejects(policy.execute(flaky(1).fn), unavailable)
  await eventually(() =>
    assert.rejects(
      policy.execute(() => Promise.reject(errors.NOT_FOUND())),
      { code: 'NOT_FOUND' },
    ),
  )
  assert.equal(policy.state(), 'closed')
})

test('the bulkhead bounds what runs and what waits; the rest is refused at once, unblamed', async () => {
  const policy = createPolicy({
    ...FAST,
    breaker: { consecutive: 1, halfOpenAfterMs: 60_000 },
    bulkhead: { concurrent: 2, queued: 1 },
  })
  let running = 0
  let most = 0
  const gate = Promise.withResolvers<void>()
  const work = async () => {
    most = Math.max(most, ++running)
    await gate.promise
    running--
  }
  const accepted = [policy.execute(work), policy.execute(work), policy.execute(work)]
  await assert.rejects(policy.execute(work), unavailable)
  gate.resolve()
  await Promise.all(accepted)
  assert.equal(most, 2)
  assert.equal(policy.state(), 'closed')
})

test('the caller may give up: no retry, no blame, the reason is thrown', async () => {
  const policy = createPolicy({ ...FAST, breaker: { consecutive: 1, halfOpenAfterMs: 60_000 } })
  const caller = new AbortController()
  let calls = 0
  const call = policy.execute(
    (signal) => {
      calls++
      return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))))
    },
    { signal: caller.signal },
  )
  caller.abort(new Error('the user left'))
  await assert.rejects(call, /the user left/)
  assert.equal(calls, 1)
  assert.equal(policy.state(), 'closed')
})
