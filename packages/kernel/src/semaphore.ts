export type Semaphore = Readonly<{
  /**
   * Runs `work` when it is its turn, in the order of asking.
   * @param signal ends the wait, not the work
   * @throws what `refuse` gives when too many wait; the reason of `signal`
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Running and waiting. */
  pending(): number
}>

/**
 * Lets `atOnce` pieces of work run at a time; the others wait.
 * @param options.waiting how many may wait (default: any number); one more is refused with the error of `refuse`
 */
export function createSemaphore(
  atOnce: number,
  options: Readonly<{ waiting: number; refuse: () => Error }> = { waiting: Infinity, refuse: () => new Error() },
): Semaphore {
  const waiting: (() => void)[] = []
  let running = 0
  const turn = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(signal!.reason as Error)
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(begin)
    })
  return {
    async run(work, signal) {
      signal?.throwIfAborted()
      if (running < atOnce) running++
      else if (waiting.length < options.waiting) await turn(signal)
      else throw options.refuse()
      try {
        return await work()
      } finally {
        // A place is handed on, not given back and taken: nobody gets in between.
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
    pending: () => running + waiting.length,
  }
}
