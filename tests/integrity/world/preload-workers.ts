/** Loaded first in the server: what is preloaded in its main thread is preloaded in its worker threads too. */
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { Worker, WorkerOptions } from 'node:worker_threads'

// The module itself: what an import gives cannot be set.
const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker }
const preloads = process.execArgv.flatMap((word, i, all) => (word === '--import' ? [word, all[i + 1]!] : []))

threads.Worker = class extends threads.Worker {
  constructor(file: string | URL, options: WorkerOptions = {}) {
    super(file, { ...options, execArgv: [...(options.execArgv ?? []), ...preloads] })
  }
}
syncBuiltinESMExports()
