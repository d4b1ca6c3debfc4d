export type Semaphore = Readonly<{
  /** Runs `work` when it is its turn, in the order of asking. @throws what `refuse` gives when too many wait */
  run<T>(work: () => Promise<T>): Promise<T>
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
  return {
    async run(work) {
      if (running < atOnce) running++
      else if (waiting.length < options.waiting) await new Promise<void>((resolve) => waiting.push(resolve))
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
