/** Full jitter: `random(0, min(cap, base × 2^attempt))` (AWS Architecture Blog, "Exponential Backoff And Jitter"). ms */
export const jitter = (random: () => number, attempt: number, baseMs: number, capMs: number): number =>
  random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30))

/** @throws the signal's reason */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(reasonOf(signal))
    const done = () => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }
    const timer = setTimeout(done, ms)
    const aborted = () => {
      clearTimeout(timer)
      reject(reasonOf(signal!))
    }
    signal?.addEventListener('abort', aborted, { once: true })
  })
}

/** The promise, unless the signal comes first. What the promise stands for goes on. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(reasonOf(signal))
    const aborted = () => reject(reasonOf(signal))
    signal.addEventListener('abort', aborted, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}

export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
