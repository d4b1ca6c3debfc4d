import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRepeats } from '@bigtech/web/repeats'

/** As much of a browser's cache as is used, which outlives the worker. */
function cache() {
  const kept = new Map<string, string>()
  const open = async () =>
    ({
      match: async (key: string) => (kept.has(key) ? new Response(kept.get(key)) : undefined),
      put: async (key: string, response: Response) => void kept.set(key, await response.text()),
      delete: async (key: string) => kept.delete(key),
      keys: async () => [...kept.keys()],
    }) as never
  return { kept, open }
}

const told = (tag: string, at: number) => ({ tag, at, title: '민지', body: '점심 먹을래?', link: '/rooms/7?at=1' })

describe('a push that comes again', () => {
  it('is known word for word, also to a worker that was started since', async () => {
    const { open } = cache()
    const push = told('room:7', 1_000)
    assert.equal(await createRepeats(open).isTold(push), false)
    await createRepeats(open).keep(push)
    assert.equal(await createRepeats(open).isTold(push), true)
    // Of the clock nothing is concluded: it may have been set back.
    for (const other of [
      { ...push, at: 999 },
      { ...push, at: 1_001 },
      { ...push, tag: 'room:8' },
      // Two messages of a room that were told in one millisecond.
      { ...push, link: '/rooms/7?at=2', body: '대답해 줘' },
      { ...push, link: '/rooms/7?at=2' },
      { ...push, title: '하루' },
    ])
      assert.equal(await createRepeats(open).isTold(other), false, JSON.stringify(other))
  })

  it('is not known when it does not say when it was told', async () => {
    const { open } = cache()
    await createRepeats(open).keep(told('test', 0))
    assert.equal(await createRepeats(open).isTold(told('test', 0)), false)
  })

  it('is shown where nothing can be kept, and the oldest are forgotten where much was', async () => {
    const broken = createRepeats(async () => Promise.reject(new Error('no room')))
    await broken.keep(told('a', 1))
    assert.equal(await broken.isTold(told('a', 1)), false)
    const { kept, open } = cache()
    const repeats = createRepeats(open)
    for (let i = 0; i < 210; i++) await repeats.keep(told(`note:${i}`, 1))
    await repeats.keep(told('note:10', 2))
    await repeats.keep(told('note:300', 1))
    assert.equal(kept.size, 200)
    assert.deepEqual(
      [await repeats.isTold(told('note:10', 2)), await repeats.isTold(told('note:11', 1))],
      [true, false],
    )
  })
})
