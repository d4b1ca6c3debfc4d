import { Worker } from 'node:worker_threads'
import type { FromThread, ThreadData, ToThread } from './protocol.ts'

const FIRST_PAUSE_MS = 1_000
/** After a life of that length the pauses begin anew. */
const LAST_PAUSE_MS = 60_000

export type SearchThread = {
  /** @returns false when there is no thread that could hear it */
  post(message: ToThread): boolean
  close(): Promise<void>
}

/**
 * Keeps the search thread running: one that died, of a fault of the program or because it had no memory left, is followed by another after
 * a pause, which doubles from a second to a minute.
 * @param options.data what a new thread is told, asked for each of them
 * @param options.onLost hears of each death after the last message of the thread, and in how many ms there is another
 */
export function keepThread(options: {
  data(): ThreadData
  onMessage(message: FromThread): void
  onLost(error: unknown, againInMs: number): void
}): SearchThread {
  let worker: Worker | undefined
  let again: NodeJS.Timeout | undefined
  let startedAt = 0
  let pauseMs = 0
  let closing = false

  function start(): void {
    startedAt = performance.now()
    let fault: unknown
    try {
      worker = new Worker(new URL('./thread.ts', import.meta.url), {
        name: 'search',
        workerData: options.data(),
        execArgv: ['--disable-warning=ExperimentalWarning'],
        // What it makes is short-lived, and little at a time.
        resourceLimits: { maxYoungGenerationSizeMb: 8 },
      })
    } catch (error) {
      return lost(error)
    }
    worker.on('message', (message: FromThread) => options.onMessage(message))
    worker.on('error', (error) => (fault = error))
    worker.on('exit', (code) => {
      worker = undefined
      lost(fault ?? new Error(`the search thread stopped (${code})`))
    })
  }
  function lost(error: unknown): void {
    // Whatever it had left to do the next process does.
    if (closing) return
    if (performance.now() - startedAt >= LAST_PAUSE_MS) pauseMs = 0
    pauseMs = Math.min(Math.max(2 * pauseMs, FIRST_PAUSE_MS), LAST_PAUSE_MS)
    again = setTimeout(start, pauseMs)
    options.onLost(error, pauseMs)
  }

  start()
  return {
    post(message) {
      worker?.postMessage(message)
      return worker !== undefined
    },
    async close() {
      closing = true
      clearTimeout(again)
      if (!worker) return
      const exited = new Promise<void>((resolve) => worker!.once('exit', () => resolve()))
      worker.postMessage(null)
      await exited
    },
  }
}
