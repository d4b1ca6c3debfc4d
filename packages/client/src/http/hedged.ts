import { reasonOf, sleep } from './wait.ts'

const EVERY_MS = 1_000
const MOST = 4

/**
 * Asks, and each second without an answer asks once more beside it; the first answer counts, the other calls are ended. After a
 * change of network each connection that waits in the pool of `fetch` is a dead one: this gets past them in seconds.
 * @param ask must be harmless to repeat
 */
export async function hedged<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw reasonOf(signal)
  const tries: AbortController[] = []
  let winner: AbortController | undefined
  const decided = new AbortController()
  const stop = AbortSignal.any([signal, decided.signal])
  const answered = Promise.withResolvers<T>()
  const enough = () => answered.reject(reasonOf(signal))
  signal.addEventListener('abort', enough, { once: true })
  const another = () => {
    const own = new AbortController()
    tries.push(own)
    ask(own.signal).then((answer) => {
      winner ??= own
      return answered.resolve(answer)
    }, answered.reject)
  }
  const asking = async () => {
    for (let asked = 0; asked < MOST && !stop.aborted; asked++) {
      another()
      await sleep(EVERY_MS, stop).catch(() => {})
    }
  }
  void asking()
  try {
    return await answered.promise
  } finally {
    decided.abort()
    signal.removeEventListener('abort', enough)
    // The call that won goes on: its answer may be a stream.
    for (const one of tries) if (one !== winner) one.abort()
  }
}
