import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it } from 'node:test'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { eventually } from '@bigtech/testkit'
import { collectStartupGarbage, joinStartupGarbage } from './startup-garbage.ts'

const makeGarbage = () => Array.from({ length: 100 }, () => Array.from({ length: 50_000 }, Math.random)).length

if (isMainThread) {
  it('what nothing holds any more is given back', async () => {
    makeGarbage()
    const before = process.memoryUsage().heapUsed
    assert.ok(before > 30e6)
    await collectStartupGarbage()
    const freed = before - process.memoryUsage().heapUsed
    assert.ok(freed > 30e6, `${Math.round(freed / 1e6)} MB were given back`)
  })

  it('a thread that joined gives back its own, and ends when it has nothing else to do', async () => {
    const worker = new Worker(import.meta.filename)
    const used = async (): Promise<number> => {
      worker.postMessage('how much')
      return ((await once(worker, 'message')) as [number])[0]
    }
    const before = await used()
    assert.ok(before > 30e6)
    await collectStartupGarbage()
    await eventually(async () => assert.ok((await used()) < before - 30e6))
    const exited = once(worker, 'exit')
    worker.postMessage(null)
    assert.deepEqual(await exited, [0])
  })
} else {
  joinStartupGarbage()
  makeGarbage()
  parentPort!.on('message', (message) => {
    if (message === null) parentPort!.close()
    else parentPort!.postMessage(process.memoryUsage().heapUsed)
  })
}
