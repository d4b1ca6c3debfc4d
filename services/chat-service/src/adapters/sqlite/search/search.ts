import { rebuildError, storageErrors } from '@bigtech/sql'
import type { MessageLog } from '../../../ports.ts'
import { keepThread } from './keeper.ts'
import type { Known } from './source.ts'
import { REPORT_MS, type FromThread } from './protocol.ts'
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
 * @param options.newest the newest message and change that are there
 * @param options.forget is told of the changes that need not be remembered any more
 * @param options.onFailed hears of the first of several attempts that failed
 * @param options.onLost hears that the thread died, and in how many ms there is another
 * @param options.onRenewed hears why the file is made anew
 */
export function createSearch(options: {
  file: string
  newest(): Known
  forget(upTo: number): void
  onFailed(error: unknown): void
  onLost(error: unknown, againInMs: number): void
  onRenewed(reason: string): void
}): Search {
  const { file } = options
  const searchFile = searchFileOf(file)
  const reader = createSearchReader(file, searchFile)
  let waiting: Waiting[] = []
  let made = 0
  let upToDate = -1
  let report: NodeJS.Timeout | undefined
  let refusal: unknown
  const since = options.newest().mid

  const unavailable = (cause: unknown) => storageErrors.STORAGE_UNAVAILABLE({ cause, retryAfterS: 5 })
  const refuse = (error: unknown) => {
    refusal = unavailable(error)
    for (const search of waiting) search.reject(refusal)
    waiting = []
  }
  const onMessage = (message: FromThread) => {
    if ('caughtUp' in message) {
      upToDate = message.caughtUp
      const done = waiting.filter(({ id }) => id <= upToDate)
      waiting = waiting.filter(({ id }) => id > upToDate)
      for (const search of done) search.resolve()
    } else if ('failed' in message) {
      const error = rebuildError(message.failed)
      if (message.first) options.onFailed(error)
      refuse(error)
    } else if ('release' in message) {
      reader.close()
      upToDate = -1
      thread.post({ released: true })
    } else if ('renewed' in message) options.onRenewed(message.renewed)
    else options.forget(message.seen)
  }
  const thread = keepThread({
    data: () => ({ file, searchFile, known: options.newest(), since, made }),
    onMessage,
    onLost(error, againInMs) {
      upToDate = -1
      options.onLost(error, againInMs)
      refuse(error)
    },
  })

  /** Waits for everything that was committed when it was called. */
  async function catchUp(id = made): Promise<void> {
    if (upToDate >= id) return
    await new Promise<void>((resolve, reject) => {
      if (thread.post({ wanted: id })) waiting.push({ id, resolve, reject })
      else reject(refusal)
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
        thread.post({ suspect: true })
        throw unavailable(error)
      }
    },
    mark() {
      made++
      report ??= setTimeout(() => {
        report = undefined
        thread.post({ made })
      }, REPORT_MS).unref()
    },
    async close() {
      clearTimeout(report)
      reader.close()
      await thread.close()
      refuse(new Error('the search index is closed'))
    },
  }
}

/** `chat.db` → `chat-search.db` */
const searchFileOf = (file: string): string => file.replace(/(\.db)?$/, '-search.db')
