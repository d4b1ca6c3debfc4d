/** Wall-clock time, injected so that tests can step it. Milliseconds since the epoch. */
export type Clock = { now(): number }

export const systemClock: Clock = { now: () => Date.now() }

/** ISO 8601 UTC with milliseconds, the time format of every API and event: as `Date.toISOString`, in a fourth of the time. */
export function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastText = Number.isInteger(ms) && Math.abs(ms) <= LATEST ? format(ms) : new Date(ms).toISOString()
    lastMs = ms
  }
  return lastText
}

/** Of a `Date`. */
const LATEST = 8.64e15
const DAY = 86_400_000
const TWO_DIGITS = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))

// A message's time is written several times, busy moments hold many messages, and a list knows few days.
let lastMs = Number.NaN
let lastText = ''
let lastDay = Number.NaN
let lastDate = ''

function format(ms: number): string {
  const day = Math.floor(ms / DAY)
  if (day !== lastDay) {
    lastDay = day
    lastDate = new Date(day * DAY).toISOString().slice(0, -'00:00:00.000Z'.length)
  }
  const rest = ms - day * DAY
  const hours = TWO_DIGITS[Math.floor(rest / 3_600_000)]!
  const minutes = TWO_DIGITS[Math.floor(rest / 60_000) % 60]!
  const seconds = TWO_DIGITS[Math.floor(rest / 1_000) % 60]!
  const thousandths = rest % 1_000
  return `${lastDate}${hours}:${minutes}:${seconds}.${Math.floor(thousandths / 100)}${TWO_DIGITS[thousandths % 100]!}Z`
}
