import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { createCommonPasswords } from './common-passwords.ts'

function open(t: TestContext, options: Parameters<typeof createCommonPasswords>[0] = {}) {
  const common = createCommonPasswords(options)
  t.after(() => common.close())
  return common
}

/** A thread that knows one password, and dies of two others. */
const MORTAL = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', (password) => {
      if (password === 'exit') process.exit(1)
      if (password === 'throw') throw new Error('a fault of the estimate')
      if (password !== 'silence') parentPort.postMessage(password === 'common')
    })`)}`,
)

/** A thread that finds the first password it is asked for common, and no other. */
const FIRST = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    let asked = 0
    parentPort.on('message', () => parentPort.postMessage(asked++ === 0))`)}`,
)

describe('common passwords', () => {
  it('have no thread when nobody asked for a while, and another one when somebody does', async (t) => {
    const common = open(t, { thread: FIRST, idleMs: 10 })
    assert.equal(await common.has('first'), true)
    await eventually(async () => assert.equal(await common.has('first of another thread'), true), { everyMs: 100 })
  })

  it('are those of the list, and those that only put something behind one', async (t) => {
    const common = open(t)
    for (const password of [
      'password1',
      'QWER1234',
      '12345678',
      'Password1!',
      'password123!',
      'Welcome1!',
      'Qwerty123!',
    ])
      assert.equal(await common.has(password), true, password)
    for (const password of ['12345678!', 'sunshine!!', 'P@ssw0rd1!', 'iloveyou2!'])
      assert.equal(await common.has(password), true, password)
  })

  it('are none that are hard to guess all the same', async (t) => {
    const common = open(t)
    // The first two are in the source documents and in the demo world.
    for (const password of ['Test1234!@', 'Demo1234!', 'NewPass5678!', 'Another1234!', 'test48151623', 'k7w2m9xq'])
      assert.equal(await common.has(password), false, password)
    assert.equal(await common.has(`password${'7!'.repeat(60)}`), false)
  })

  it('are the same whatever the case of their letters', async (t) => {
    const common = open(t)
    for (const [password, is] of [
      ['test1234!@', false],
      ['Password123!', true],
      ['k7w2m9xq', false],
    ] as const)
      for (const written of [password.toLowerCase(), password.toUpperCase(), password])
        assert.equal(await common.has(written), is, written)
  })

  it('are looked for in a thread: the event loop turns between any two answers', async (t) => {
    const common = open(t)
    await common.has('password1!')
    let turns = 0
    let counting = true
    const turn = () => {
      turns++
      if (counting) setImmediate(turn)
    }
    setImmediate(turn)
    await Promise.all(Array.from({ length: 50 }, (_, i) => common.has(`sunshine${100_000 + i}!`)))
    counting = false
    assert.ok(turns >= 50, `${turns} turns`)
  })

  it('wait for their turn, as many as may', async (t) => {
    const common = open(t, { thread: MORTAL, queue: 2 })
    const results = await Promise.allSettled(['common', 'good', 'common', 'good'].map((one) => common.has(one)))
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as Error).name)),
      [true, false, true, 'AppError'],
    )
    const { code, details } = (results[3] as PromiseRejectedResult).reason as {
      code: string
      details: { retryAfterS: number }
    }
    assert.deepEqual([code, details.retryAfterS], ['PASSWORD_CHECKS_BUSY', 2])
  })

  it('are found again after the thread died; who waited for it asks again', async (t) => {
    const common = open(t, { thread: MORTAL })
    for (const death of ['exit', 'throw']) {
      const [dying, next] = await Promise.allSettled([common.has(death), common.has('common')])
      assert.equal((dying as PromiseRejectedResult).reason.code, 'PASSWORD_CHECKS_BUSY')
      assert.deepEqual(next, { status: 'fulfilled', value: true })
    }
  })

  it('are given up when the service closes', async (t) => {
    const common = open(t, { thread: MORTAL })
    const [silent, waiting] = [common.has('silence'), common.has('common')]
    const refused = [
      assert.rejects(silent, { code: 'PASSWORD_CHECKS_BUSY' }),
      assert.rejects(waiting, { code: 'PASSWORD_CHECKS_BUSY' }),
    ]
    await common.close()
    await Promise.all(refused)
  })
})
