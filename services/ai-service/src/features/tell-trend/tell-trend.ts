import { addDays, dateStart, isTimeZone, periodsOf, startOf, type Period } from '@bigtech/kernel/periods'
import { aiErrors } from '../../contract/errors.ts'
import { summarise, type Point, type Summary } from '../../domain/trend.ts'
import type { EntryStore } from '../../ports.ts'

export type TrendInterval = 'day' | 'week' | 'month'

/** What is asked for: days of a calendar, and by what they are added up. */
export type TrendRange = Period & Readonly<{ by: TrendInterval; tz: string; now: number }>

export type Trend = Readonly<{
  periods: readonly Summary[]
  /** When anything was handed in last, within the range or not. */
  last_sign_of_life: number | null
}>

/** As long as anything is kept, and a year to look back at what was empty. */
export const LONGEST_DAYS = 366
const DEFAULT_DAYS = 30
/** Of a step. */
const ENTRIES = 1_000

/** How somebody was from period to period, of what they handed in and have not deleted: for themselves, and for whom they let see it. */
export async function trendOf(
  store: Pick<EntryStore, 'during' | 'lastAt'>,
  userId: number,
  { start, end, by, tz, now }: TrendRange,
): Promise<Trend> {
  const points: Point[] = []
  for (let after = 0; ;) {
    const some = await store.during({ user_id: userId, start, end, after, limit: ENTRIES, now })
    points.push(...some)
    const last = some.at(-1)
    if (!last || some.length < ENTRIES) break
    after = last.id
  }
  return {
    periods: summarise(points, periodsOf({ start, end }, by, tz)),
    last_sign_of_life: await store.lastAt({ user_id: userId, now }),
  }
}

/** The days `from` and `to` and those between them; without them the last 30. @throws TREND_RANGE_INVALID */
export function rangeOf(
  asked: Readonly<{ by: TrendInterval; from?: string | undefined; to?: string | undefined; tz: string }>,
  now: number,
): TrendRange {
  const { by, tz } = asked
  if (!isTimeZone(tz)) throw invalid('tz', 'tz: the IANA name of a time zone, as Asia/Seoul')
  const today = startOf(now, 'day', tz)
  const lastDay = asked.to === undefined ? today : dateStart(asked.to, tz)
  if (lastDay === undefined) throw invalid('to', 'to: a date, as 2026-01-31')
  const last = Math.min(lastDay, today)
  const first = asked.from === undefined ? addDays(last, 1 - DEFAULT_DAYS, tz) : dateStart(asked.from, tz)
  if (first === undefined || first < 0) throw invalid('from', 'from: a date, as 2026-01-01')
  const isInOrder = first <= last && addDays(first, LONGEST_DAYS, tz) > last
  if (!isInOrder) throw invalid('from', `from: not after to, and at most ${LONGEST_DAYS} days in all`)
  return { start: first, end: addDays(last, 1, tz), by, tz, now }
}

const invalid = (field: string, expected: string) => aiErrors.TREND_RANGE_INVALID({ field, params: { expected } })
