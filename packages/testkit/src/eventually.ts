import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Repeats `assertion` until it passes and returns its value: for outcomes that really are asynchronous (another process,
 * a relay, a broker). What happens in the same call is asserted directly.
 * @throws the last failure, with the time it was given added to its message
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const { timeoutMs = 20_000, everyMs = 10 } = options
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (performance.now() >= deadline) throw annotate(error, timeoutMs)
    }
    await sleep(everyMs)
  }
}

function annotate(error: unknown, timeoutMs: number): unknown {
  // A DOMException (a fetch that took too long) cannot be written to.
  if (error instanceof Error && !(error instanceof DOMException)) error.message += `\n(still so after ${timeoutMs} ms)`
  return error
}
