import { jitter, sleep } from '../http/wait.ts'

export type Pauses = {
  /** Waits `atLeastMs` (Retry-After), then with full jitter, at most 30 s, or until `wake`. False when everything is over. */
  pause(attempt: number, atLeastMs?: number): Promise<boolean>
  /** What waits tries again at once: the connection is back. */
  wake(): void
}

export function createPauses(random: () => number, over: AbortSignal): Pauses {
  let alarm = new AbortController()
  return {
    async pause(attempt, atLeastMs = 0) {
      if (atLeastMs > 0) await sleep(atLeastMs, over).catch(() => {})
      await sleep(jitter(random, attempt, 500, 30_000), AbortSignal.any([over, alarm.signal])).catch(() => {})
      return !over.aborted
    },
    wake() {
      alarm.abort()
      alarm = new AbortController()
    },
  }
}
