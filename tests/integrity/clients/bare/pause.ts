/** Waiting between tries: a random time, or until somebody hurries, or all is over. */
export function createPauses(random: () => number, over: AbortSignal) {
  const sleepers = new Set<() => void>()
  const wake = () => {
    for (const wakeUp of sleepers) wakeUp()
  }
  over.addEventListener('abort', wake)
  return {
    wake,
    /** Rule 8: `random(0, min(30 s, 1 s × 2^attempt))`, after what the server asked for. */
    pause(attempt: number, leastMs = 0): Promise<void> {
      if (over.aborted) return Promise.resolve()
      const ms = leastMs + random() * Math.min(30_000, 1_000 * 2 ** Math.min(attempt, 10))
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          sleepers.delete(done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        sleepers.add(done)
      })
    },
  }
}

export type Pauses = ReturnType<typeof createPauses>
