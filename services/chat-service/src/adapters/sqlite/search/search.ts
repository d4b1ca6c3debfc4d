import { Worker } from 'node:worker_threads'
import { rebuildError, storageErrors } from '@bigtech/sql'
import type { MessageLog } from '../../../ports.ts'
import type { Known } from './source.ts'
import { REPORT_MS, type FromThread, type ThreadData, type ToThread } from './protocol.ts'
import { createSearchReader } from './reader.ts'

export type Search = {
  find: MessageLog['search']
  /** A message or a change was committed. Costs next to nothing: the thread hears of all that came in a quarter second together. */
  mark(): void
  close(): Promise<void>
}

type Waiting = { id: number; resolve(): void; reject(error: unknown): void }

/**
 * Searches, and the thread that writes what they look into: a file beside chat.db which holds nothing that chat.db does not, and which is
 * made anew when it is missing, damaged or of another chat.db. Nothing but a search ever waits for it or fails with it.
 * @param options.known the newest message and change that are there already
 * @param options.forget is told of the changes that need not be remembered any more
 * @param options.onFailed hears of the first of several attempts that failed
 * @param options.onRenewed hears why the file is made anew
 */
export function createSearch(options: {
  file: string
  known: Known
  forget(upTo: number): void
  onFailed(error: unknown): void
  onRenewed(reason: string): void
}): Search {
  const { file, known } = options
  const searchFile = searchFileOf(file)
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    name: 'search',
    workerData: { file, searchFile, known } satisfies ThreadData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // What it makes is short-lived, and little at a time.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  })
  const reader = createSearchReader(file, searchFile)
  const post = (message: ToThread): void => worker.postMessage(message)
  let waiting: Waiting[] = []
  let made = 0
  let upToDate = -1
  let report: NodeJS.Timeout | undefined
  let dead: unknown

  const failAll = (error: unknown) => {
    for (const search of waiting) search.reject(error)
    waiting = []
  }
  const unavailable = (cause: unknown) => storageErrors.STORAGE_UNAVAILABLE({ cause, retryAfterS: 5 })
  const stopped = (error: unknown) => {
    dead ??= unavailable(error)
    failAll(dead)
  }
  worker.on('message', (message: FromThread) => {
    if ('caughtUp' in message) {
      upToDate = message.caughtUp
      const done = waiting.filter(({ id }) => id <= upToDate)
      waiting = waiting.filter(({ id }) => id > upToDate)
      for (const search of done) search.resolve()
    } else if ('failed' in message) {
      const error = rebuildError(message.failed)
      if (message.first) options.onFailed(error)
      failAll(unavailable(error))
    } else if ('release' in message) {
      reader.close()
      upToDate = -1
      post({ released: true })
    } else if ('renewed' in message) options.onRenewed(message.renewed)
    else options.forget(message.seen)
  })
  worker.on('error', (error) => {
    options.onFailed(error)
    stopped(error)
  })
  worker.on('exit', (code) => stopped(new Error(`the search thread stopped (${code})`)))

  /** Waits for everything that was committed when it was called. */
  async function catchUp(id = made): Promise<void> {
    if (upToDate >= id) return
    if (dead) throw dead
    await new Promise<void>((resolve, reject) => {
      waiting.push({ id, resolve, reject })
      post({ wanted: id })
    })
    // Meanwhile the file may have been taken away again.
    return catchUp(id)
  }
  return {
    async find(query) {
      await catchUp()
      try {
        return reader.find(query)
      } catch (error) {
        reader.close()
        post({ suspect: true })
        throw unavailable(error)
      }
    },
    mark() {
      made++
      report ??= setTimeout(() => {
        report = undefined
        post({ made })
      }, REPORT_MS).unref()
    },
    async close() {
      clearTimeout(report)
      reader.close()
      if (dead) return
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      post(null)
      await exited
    },
  }
}

/** `chat.db` → `chat-search.db` */
const searchFileOf = (file: string): string => file.replace(/(\.db)?$/, '-search.db')
