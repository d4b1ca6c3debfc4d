import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import type { IdMark } from '../ports.ts'

/** What every mark promises. @param open gives the way to open one and the same mark again and again, as processes after each other do */
export function idMarkContract(name: string, open: (t: TestContext) => Promise<() => Promise<IdMark>>): void {
  it(`${name}: only grows, and outlives the process`, async (t) => {
    const start = await open(t)
    const mark = await start()
    assert.equal(mark.current(), 0)
    await Promise.all([3, 9, 5].map((id) => mark.raise(id)))
    assert.equal(mark.current(), 9)
    assert.equal((await start()).current(), 9)
    await mark.raise(4)
    assert.equal(mark.current(), 9)
    const next = await start()
    await next.raise(7)
    assert.equal((await start()).current(), 9)
    await next.raise(10)
    assert.equal((await start()).current(), 10)
  })

  it(`${name}: holds every id that safe integers can be`, async (t) => {
    const start = await open(t)
    await (await start()).raise(Number.MAX_SAFE_INTEGER)
    assert.equal((await start()).current(), Number.MAX_SAFE_INTEGER)
  })
}
