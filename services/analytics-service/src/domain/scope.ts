import {
  addDays,
  dateStart,
  INTERVALS,
  isTimeZone,
  periodsOf,
  startOf,
  type Interval,
  type Period,
} from '@bigtech/kernel/periods'

/** What is asked for: all times are beginnings of slots (SLOT_MS). */
export type Scope = Readonly<{
  range: Period
  /** As many days, right before it. */
  before: Period
  interval: Interval
  tz: string
  /** The intervals that the range is made of. */
  periods: readonly Period[]
  /** The days of `before` and `range`, and of the 30 days up to the end of either. */
  days: readonly Period[]
}>

export type ScopeWish = Readonly<{
  /** Dates, both included. */
  from?: string | undefined
  to?: string | undefined
  interval?: Interval | undefined
  tz: string
}>

export type ScopeProblem = 'TIME_ZONE_UNKNOWN' | 'RANGE_INVALID' | 'RANGE_TOO_LONG' | 'TOO_MANY_INTERVALS'

export const LONGEST_DAYS = 1_830
export const MOST_PERIODS = 1_000
const DEFAULT_DAYS = 30
const MONTH_DAYS = 30
const DAY_MS = 86_400_000

/** @param now the last day that can be asked for is the one it is in; of the last 30 days when nothing is said */
export function scopeOf({ from, to, interval, tz }: ScopeWish, now: number): Scope | ScopeProblem {
  if (!isTimeZone(tz)) return 'TIME_ZONE_UNKNOWN'
  const today = startOf(now, 'day', tz)
  const lastDay = to === undefined ? today : dateStart(to, tz)
  if (lastDay === undefined) return 'RANGE_INVALID'
  const last = Math.min(lastDay, today)
  const start = from === undefined ? addDays(last, 1 - DEFAULT_DAYS, tz) : dateStart(from, tz)
  if (start === undefined || start > last || start < 0) return 'RANGE_INVALID'
  const count = Math.round((last - start) / DAY_MS) + 1
  if (count > LONGEST_DAYS) return 'RANGE_TOO_LONG'
  const range = { start, end: addDays(last, 1, tz) }
  const before = { start: addDays(start, -count, tz), end: start }
  const chosen = interval ?? intervalFor(count)
  if (chosen === 'hour' && count * 24 > MOST_PERIODS + 24) return 'TOO_MANY_INTERVALS'
  const periods = periodsOf(range, chosen, tz)
  if (periods.length > MOST_PERIODS) return 'TOO_MANY_INTERVALS'
  const first = Math.min(before.start, addDays(before.end, -MONTH_DAYS, tz))
  return { range, before, interval: chosen, tz, periods, days: periodsOf({ start: first, end: range.end }, 'day', tz) }
}

function intervalFor(days: number): Interval {
  if (days <= 2) return 'hour'
  if (days <= 92) return 'day'
  return days <= 400 ? 'week' : 'month'
}

export { INTERVALS }
