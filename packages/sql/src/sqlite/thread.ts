import { Worker } from 'node:worker_threads'
import type { Answer, Request } from './database-thread.ts'
import { storageErrors } from '../errors.ts'
import { rebuildError } from './errors.ts'
import type { Outcome } from './statements.ts'

type Unnumbered<R> = R extends { id: number } ? Omit<R, 'id'> : never
type Waiting = { resolve(outcome: Outcome): void; reject(error: unknown): void }

/** A connection whose statements, and waiting for the disk, happen in the thread of this process's low-rate databases. */
export type ThreadConnection = {
  /** Statements of one connection run in the order of the calls. @throws STORAGE_UNAVAILABLE (after `close` as well), SQLite's own errors */
  execute(sql: string, parameters: readonly unknown[]): Promise<Outcome>
  close(): Promise<void>
}

let thread: ReturnType<typeof startThread> | undefined
let nextDb = 1

/** All such connections share one thread, which lives as long as one of them is open. */
export async function openInThread(file: string): Promise<ThreadConnection> {
  const mine = (thread ??= startThread())
  const db = nextDb++
  mine.users++
  const leave = async () => {
    if (--mine.users > 0) return
    if (thread === mine) thread = undefined
    await mine.stop()
  }
  try {
    await mine.ask({ do: 'open', db, file })
  } catch (error) {
    await leave()
    throw error
  }
  let closing: Promise<void> | undefined
  const close = async () => {
    await mine.ask({ do: 'close', db })
    await leave()
  }
  return {
    execute: (sql, parameters) =>
      closing ? Promise.reject(closedError()) : mine.ask({ do: 'execute', db, sql, parameters }),
    close: () => (closing ??= close()),
  }
}

/** Whoever was at work while it was closed: what they had begun is rolled back. */
const closedError = () =>
  storageErrors.STORAGE_UNAVAILABLE({ cause: new Error('the database is closed'), retryAfterS: 5 })

function startThread() {
  const worker = new Worker(new URL('./database-thread.ts', import.meta.url), {
    name: 'databases',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  let dead: Error | undefined
  const fail = (error: Error) => {
    dead = error
    for (const call of waiting.values()) call.reject(error)
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) call?.reject(rebuildError(answer.error))
    else call?.resolve(answer.outcome)
    if (waiting.size === 0) worker.unref()
  })
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => fail(new Error(`the database thread stopped (${code})`)))

  return {
    users: 0,
    ask(request: Unnumbered<Request>): Promise<Outcome> {
      if (dead) return Promise.reject(dead)
      const id = nextId++
      worker.ref()
      worker.postMessage({ ...request, id })
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    },
    stop: async () => void (await worker.terminate()),
  }
}
