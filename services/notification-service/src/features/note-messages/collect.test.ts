import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect } from './collect.ts'

describe('what is collected', () => {
  it('is written together when its time is over, or when it is enough', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const written: number[][] = []
    const add = collect<number>(async (items) => void written.push([...items]), { ms: 100, enough: 3 })
    const first = [add([1]), add([2])]
    t.mock.timers.tick(99)
    assert.deepEqual(written, [])
    t.mock.timers.tick(1)
    await Promise.all(first)
    await add([3, 4, 5, 6])
    assert.deepEqual(written, [[1, 2], [3, 4, 5, 6]]) // prettier-ignore
    t.mock.timers.tick(100)
    assert.equal(written.length, 2)
  })

  it('fails for all whose it is, and for nobody else', async () => {
    const add = collect<number>(
      async (items) => {
        if (items.includes(2)) throw new Error('no disk')
      },
      { ms: 1, enough: 2 },
    )
    const [one, two] = [add([1]), add([2])]
    await assert.rejects(one, /no disk/)
    await assert.rejects(two, /no disk/)
    await add([3])
  })
})
