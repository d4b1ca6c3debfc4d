import type { CareTrendInterval } from '@bigtech/client'
import { dateIn } from '../../lib/dates.ts'

/** How far back each kind of periods goes: a month of days, what is kept in weeks, a year of months. */
const DAYS: Readonly<Record<CareTrendInterval, number>> = { day: 30, week: 90, month: 365 }
const DAY_MS = 86_400_000

/** What to ask for, in days of this browser. */
export function trendRange(
  by: CareTrendInterval,
  now = Date.now(),
): { by: CareTrendInterval; from: string; tz: string } {
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone
  return { by, from: dateIn(now - DAYS[by] * DAY_MS, tz), tz }
}
