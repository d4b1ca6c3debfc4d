/** Wall-clock time, injected so that tests can step it. Milliseconds since the epoch. */
export type Clock = { now(): number }

export const systemClock: Clock = { now: () => Date.now() }

/** ISO 8601 UTC with milliseconds, the time format of every API and event. */
export function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString()
    lastMs = ms
  }
  return lastText
}

/** A message's time is written several times, and busy moments hold many messages. */
let lastMs = Number.NaN
let lastText = ''
