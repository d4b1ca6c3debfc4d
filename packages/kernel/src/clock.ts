/** Wall-clock time, injected so that tests can step it. Milliseconds since the epoch. */
export type Clock = { now(): number }

export const systemClock: Clock = { now: () => Date.now() }

/** ISO 8601 UTC with milliseconds, the time format of every API and event. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
