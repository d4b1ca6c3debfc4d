import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeTogether } from './together.ts'

test('what comes while something is written is written together; a failure is of its batch alone', async () => {
  const batches: number[][] = []
  const first = Promise.withResolvers<void>()
  const add = writeTogether<number>(async (all) => {
    batches.push([...all])
    if (all.includes(1)) await first.promise
    if (all.includes(3)) throw new Error('disk full')
  })
  const one = add(1)
  await Promise.resolve()
  const others = [add(2), add(3)]
  first.resolve()
  await one
  await assert.rejects(others[0]!, /disk full/)
  await assert.rejects(others[1]!, /disk full/)
  await add(4)
  assert.deepEqual(batches, [[1], [2, 3], [4]])
})
