import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { describe, it, type TestContext } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { eventually } from '@bigtech/testkit'
import { group, sequence } from '../../chat-store.fixture.ts'
import { find, finds, folder, refused, say } from './search.fixture.ts'

/** Every search thread that this process starts from now on. */
function threads(t: TestContext): Worker[] {
  const started: Worker[] = []
  const note = (worker: Worker) => void (worker.threadName === 'search' && started.push(worker))
  process.on('worker', note)
  t.after(() => process.off('worker', note))
  return started
}

const exit = (worker: Worker): Promise<void> => new Promise((resolve) => worker.once('exit', () => resolve()))

const DEATHS: Record<string, (worker: Worker) => void> = {
  'of an error nobody catches': (worker) => worker.postMessage(undefined),
  'at once, as for want of memory': (worker) => void worker.terminate(),
}

describe('the search thread dies', () => {
  for (const [how, kill] of Object.entries(DEATHS))
    it(`${how}: searches are refused, another thread serves them, and the index is kept`, async (t) => {
      const { open } = folder(t)
      const before = await open()
      const room_id = await group(before, [2])
      // From here on the index is there.
      await find(before, '김치')
      await before.close()
      const started = threads(t)
      const store = await open()
      // More than was there when the process was started, and all of it in the index.
      await Promise.all(sequence(1, 300).map((n) => say(store, room_id, `김치 ${n}`)))
      assert.equal((await find(store, '김치')).length, 300)
      await say(store, room_id, '새 김치')
      const exited = exit(started[0]!)
      kill(started[0]!)
      await assert.rejects(find(store, '새'), refused, 'the one that waits')
      await exited
      await assert.rejects(find(store, '새'), refused, 'one that comes in the pause')
      await say(store, room_id, '더 새로운 김치')
      assert.deepEqual(store.pauses, [1_000])
      await finds(store, '새로운', ['더 새로운 김치'])
      assert.equal((await find(store, '김치')).length, 302)
      await say(store, room_id, '최신 김치')
      assert.deepEqual(await find(store, '최신'), ['최신 김치'], 'a search waits for what was said before it')
      assert.deepEqual(store.renewed, [])
      assert.deepEqual(store.troubles, [])
      assert.equal(started.length, 2)
    })

  it('again and again: each pause is twice as long, and closing does not wait for its end', async (t) => {
    const started = threads(t)
    const store = await folder(t).open()
    for (const deaths of [1, 2]) {
      await eventually(() => assert.equal(started.length, deaths))
      const exited = exit(started.at(-1)!)
      started.at(-1)!.postMessage(undefined)
      await exited
    }
    assert.deepEqual(store.pauses, [1_000, 2_000])
    const before = performance.now()
    await store.close()
    assert.ok(performance.now() - before < 2_000)
    assert.equal(started.length, 2)
  })

  it('each thread gives way to those that deliver messages', async (t) => {
    if (process.platform !== 'linux') return t.skip('threads have priorities of their own on Linux only')
    const started = threads(t)
    const store = await folder(t).open()
    const before = getPriority(0)
    const priorities = () =>
      readdirSync('/proc/self/task')
        .filter((thread) => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() === 'search')
        .map((thread) => getPriority(Number(thread)))
    await find(store, '김치')
    assert.deepEqual(priorities(), [10])
    await started[0]!.terminate()
    await eventually(() => assert.deepEqual(priorities(), [10]))
    assert.equal(started.length, 2)
    assert.equal(getPriority(0), before)
  })
})
