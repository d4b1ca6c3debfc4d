import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { storageErrors } from './errors.ts'
import { together } from './together.ts'

/** Work that is done when it is told to. */
function manual(options = { sizeOf: (task: string) => task.length, most: 5 }) {
  const asked: {
    tasks: readonly string[]
    done: (answers?: readonly string[]) => void
    fail: (error?: Error) => void
  }[] = []
  const ask = together<string, string>(
    (tasks) =>
      new Promise((resolve, reject) => {
        const fail = (error = new Error(`failed: ${tasks.join()}`)) => reject(error)
        asked.push({ tasks, done: (answers = tasks.map((task) => task.toUpperCase())) => resolve(answers), fail })
      }),
    options,
  )
  return { asked, ask, turn: () => new Promise((resolve) => setImmediate(resolve)) }
}

suite('together', () => {
  test('what comes in one turn, and what comes while two are under way; each its own answer', async () => {
    const { asked, ask, turn } = manual()
    const first = Promise.all([ask('a'), ask('b')])
    await turn()
    const second = ask('c')
    await turn()
    const then = Promise.all([ask('d'), ask('e')])
    await turn()
    assert.deepEqual(
      asked.map(({ tasks }) => tasks),
      [['a', 'b'], ['c']],
    )
    asked[0]!.done()
    assert.deepEqual(await first, ['A', 'B'])
    await turn()
    assert.deepEqual(asked[2]!.tasks, ['d', 'e'])
    for (const { done } of asked) done()
    assert.deepEqual([await second, ...(await then)], ['C', 'D', 'E'])
  })

  test('no more than may go together, but one that is larger by itself', async () => {
    const { asked, ask, turn } = manual()
    const all = Promise.all(['aaaaaaaa', 'bb', 'cc', 'dd', 'eeeeee'].map(ask))
    for (let i = 0; i < 4; i++) {
      await turn()
      asked[i]!.done()
    }
    assert.deepEqual(await all, ['AAAAAAAA', 'BB', 'CC', 'DD', 'EEEEEE'])
    assert.deepEqual(
      asked.map(({ tasks }) => tasks),
      [['aaaaaaaa'], ['bb', 'cc'], ['dd'], ['eeeeee']],
    )
  })

  test('what fails together is done one by one: one’s fault is its own, an outage is everybody’s', async () => {
    const { asked, ask, turn } = manual()
    const outcomes = Promise.allSettled(['a', 'b', 'c'].map(ask))
    await turn()
    asked[0]!.fail()
    await turn()
    assert.deepEqual(
      asked.slice(1).map(({ tasks }) => tasks),
      [['a'], ['b'], ['c']],
    )
    asked[1]!.done()
    asked[2]!.fail()
    asked[3]!.done()
    assert.deepEqual(
      (await outcomes).map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason))),
      ['A', 'Error: failed: b', 'C'],
    )
    const away = Promise.allSettled(['x', 'y'].map(ask))
    await turn()
    asked.at(-1)!.fail(storageErrors.STORAGE_UNAVAILABLE({ retryAfterS: 1 }))
    for (const outcome of await away)
      assert.equal((outcome as PromiseRejectedResult).reason.code, 'STORAGE_UNAVAILABLE')
    assert.deepEqual(asked.at(-1)!.tasks, ['x', 'y'], 'a server that is away is not asked for each')
    const after = ask('d')
    await turn()
    asked.at(-1)!.done()
    assert.equal(await after, 'D')
  })
})
