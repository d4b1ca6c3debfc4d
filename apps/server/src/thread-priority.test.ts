import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { createLogger } from '@bigtech/telemetry'
import { lowerBackgroundPriority } from './thread-priority.ts'

/** By name: the priorities of this process's threads. */
const priorities = (name: string): number[] =>
  readdirSync('/proc/self/task')
    .filter((thread) => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() === name)
    .map((thread) => getPriority(Number(thread)))

test('background threads give way to those that deliver messages', async (t) => {
  if (process.platform !== 'linux') return t.skip('threads have priorities of their own on Linux only')
  const worker = new Worker('setInterval(() => {}, 60_000)', { eval: true, name: 'writer:chat' })
  t.after(() => worker.terminate())
  await once(worker, 'online')
  const before = getPriority(0)
  await lowerBackgroundPriority(createLogger({ level: 'silent' }))
  assert.deepEqual(new Set(priorities('libuv-worker')), new Set([10]))
  assert.deepEqual(priorities('writer:chat'), [before])
  assert.equal(getPriority(process.pid), before)
})
