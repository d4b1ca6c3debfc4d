import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { createIndexer, type Index, type IndexerSettings } from './indexer.ts'

/** An index whose steps end when they are told to. */
function manual(settings: Partial<IndexerSettings> = {}) {
  const steps: { rooms: readonly number[]; between: () => Promise<boolean>; done: (error?: Error) => void }[] = []
  const index: Index = (rooms, between) =>
    new Promise<void>((resolve, reject) =>
      steps.push({ rooms, between, done: (error) => (error ? reject(error) : resolve()) }),
    )
  const indexer = createIndexer(index, { gatherMs: 0, restMs: 0, ...settings })
  const step = async (at: number) => {
    await eventually(() => assert.ok(steps[at]))
    return steps[at]!
  }
  return { indexer, steps, step }
}

suite('indexer', () => {
  test('rooms that come together go together, each once; those that come meanwhile after them', async () => {
    const { indexer, step } = manual()
    for (const room of [5, 6, 5]) indexer.add(room)
    const first = await step(0)
    assert.deepEqual(first.rooms, [5, 6])
    indexer.add(7)
    indexer.add(5)
    assert.equal(indexer.waiting, 2)
    first.done()
    const second = await step(1)
    assert.deepEqual(second.rooms, [7, 5])
    second.done()
    await indexer.close()
  })

  test('no more rooms at a time than are good, and one that fails is left to the searches', async () => {
    const { indexer, step } = manual({ rooms: 2 })
    for (const room of [1, 2, 3]) indexer.add(room)
    const first = await step(0)
    assert.deepEqual(first.rooms, [1, 2])
    first.done(new Error('the database is away'))
    const second = await step(1)
    assert.deepEqual(second.rooms, [3])
    second.done()
    await indexer.close()
  })

  test('rests while messages come, and not when none came', async () => {
    const long = 3_600_000
    const { indexer, steps, step } = manual({ rooms: 1, restMs: long, restFactor: long })
    for (const room of [1, 2, 3]) indexer.add(room)
    ;(await step(0)).done()
    // Nothing came during the first step.
    const second = await step(1)
    indexer.add(4)
    await new Promise((resolve) => setImmediate(resolve))
    second.done()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(steps.length, 2, 'it rests now')
    await indexer.close()
  })

  test('rests between the steps of rooms with much, too, and leaves the rest of them when it ends', async () => {
    const long = 3_600_000
    const { indexer, step } = manual({ restMs: long, restFactor: long })
    indexer.add(1)
    const { between, done } = await step(0)
    assert.equal(await between(), true, 'nothing came')
    indexer.add(2)
    let goesOn: boolean | undefined
    const rest = between().then((answer) => (goesOn = answer))
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(goesOn, undefined, 'it rests now')
    const closing = indexer.close()
    assert.equal(await rest, false)
    done()
    await closing
  })

  test('leaves rooms with ever more to do for those that wait, and comes back to them', async () => {
    const { indexer, step } = manual()
    indexer.add(1)
    const busy = await step(0)
    indexer.add(2)
    while (await busy.between());
    busy.done()
    const next = await step(1)
    assert.deepEqual(next.rooms, [2, 1])
    next.done()
    await indexer.close()
  })

  test('ends when its step ends, also out of a rest, and takes nothing more', async () => {
    const { indexer, steps, step } = manual()
    indexer.add(1)
    const first = await step(0)
    indexer.add(2)
    let isClosed = false
    const closing = indexer.close().then(() => (isClosed = true))
    indexer.add(3)
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(isClosed, false)
    first.done()
    await closing
    assert.equal(steps.length, 1)
  })
})
