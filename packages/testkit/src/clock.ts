/** A clock that only moves when told. It has the shape of the kernel's `Clock`. */
export type TestClock = {
  now(): number
  /** @param ms forward only */
  advance(ms: number): void
  set(time: number | string): void
}

/** @param start milliseconds since the epoch or an ISO 8601 time */
export function createTestClock(start: number | string = '2026-01-01T00:00:00.000Z'): TestClock {
  let now = toMs(start)
  return {
    now: () => now,
    advance(ms) {
      if (ms < 0) throw new RangeError('a clock does not go back: use set()')
      now += ms
    },
    set(time) {
      now = toMs(time)
    },
  }
}

function toMs(time: number | string): number {
  const ms = new Date(time).getTime()
  if (Number.isNaN(ms)) throw new RangeError(`not a time: ${time}`)
  return ms
}
