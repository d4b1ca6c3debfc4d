import { Worker } from 'node:worker_threads'
import { startCheckpoints } from './checkpoints.ts'
import { storageErrors } from '../errors.ts'
import { rebuildError } from './errors.ts'
import type { Batch, BatchResult, Commands, OnTrouble } from './writer-protocol.ts'

export type Writer<C extends Commands> = {
  /**
   * Runs one command in the writer thread; resolves after the commit that contains it is on disk.
   * Commands of about one moment (and those that arrive while a commit runs) share a transaction, in call order. A command that throws
   * leaves nothing behind and does not disturb the others.
   * @throws STORAGE_UNAVAILABLE when the commit failed, STORAGE_BUSY when too many commands wait
   */
  call<K extends keyof C & string>(name: K, args: Parameters<C[K]>[0]): Promise<ReturnType<C[K]>>
  pending(): number
  close(): Promise<void>
}

const MAX_PENDING = 100_000

/** ms. A busy turn of the event loop takes longer: the thread need not wait for its end to begin with what it brought so far. */
const LEAVES_AFTER_MS = 2

type Waiting = { name: string; args: unknown; resolve(value: unknown): void; reject(error: unknown): void }

/**
 * Starts a thread that owns the write connection of one SQLite file (group commit).
 * @param options.module the module exporting `createProgram(db)`; the file must already be migrated
 * @param options.onResult sees every successful result, with what was asked, synchronously in commit order, before its caller does;
 *   must not throw
 * @param options.onTrouble hears of checkpoints that failed and are tried again
 */
export function createWriter<C extends Commands>(options: {
  file: string
  module: URL
  name: string
  onResult?: (name: keyof C & string, value: unknown, args: unknown) => void
  onTrouble?: OnTrouble
}): Writer<C> {
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
    name: `writer:${options.name}`,
    workerData: { file: options.file, module: options.module.href },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  /** In the order of the calls, which is that of the results; `answered` of them are settled. */
  let waiting: Waiting[] = []
  let answered = 0
  let queue: Batch = []
  /** When the first of the queue came. */
  let began = 0
  let dead: Error | undefined
  let onIdle: (() => void) | undefined

  const checkpoints = startCheckpoints(options.file, options.onTrouble)
  const pending = () => waiting.length - answered
  const settle = (results: BatchResult) => {
    checkpoints.mark()
    for (const [ok, value] of results) {
      const call = waiting[answered++]!
      if (ok) {
        options.onResult?.(call.name, value, call.args)
        call.resolve(value)
      } else call.reject(rebuildError(value))
    }
    if (answered > waiting.length / 2) {
      waiting = waiting.slice(answered)
      answered = 0
    }
    if (waiting.length === 0) onIdle?.()
  }
  const fail = (error: Error) => {
    dead = error
    for (const call of waiting.slice(answered)) call.reject(error)
    waiting = []
    answered = 0
    onIdle?.()
  }
  worker.on('message', settle)
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => fail(new Error(`the writer thread ${options.name} stopped (${code})`)))

  const flush = () => {
    if (queue.length === 0) return
    const batch = queue
    queue = []
    worker.postMessage(batch)
  }
  return {
    call(name, args) {
      if (dead) return Promise.reject(dead)
      if (pending() >= MAX_PENDING) return Promise.reject(storageErrors.STORAGE_BUSY({ retryAfterS: 1 }))
      if (queue.push([name, args]) === 1) {
        setImmediate(flush)
        began = performance.now()
      } else if (performance.now() - began > LEAVES_AFTER_MS) flush()
      return new Promise((resolve, reject) => waiting.push({ name, args, resolve, reject }))
    },
    pending,
    async close() {
      if (pending() > 0) await new Promise<void>((resolve) => (onIdle = resolve))
      await checkpoints.close()
      if (dead) return
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      worker.postMessage(null)
      await exited
    },
  }
}
