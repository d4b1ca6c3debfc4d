/** Calendars of people: hours, days, weeks and months of a time zone, as moments. */

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const
export type Interval = (typeof INTERVALS)[number]

/** ms. What time zones differ by is a multiple of it (Nepal: 5:45), so that each hour and day of each of them is made of whole ones. */
export const SLOT_MS = 900_000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** From `start`, up to `end` without it; ms since the epoch. */
export type Period = Readonly<{ start: number; end: number }>

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(tz: string): Intl.DateTimeFormat {
  const known = formats.get(tz)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  // Names come from requests: there are some hundred zones, and many more spellings.
  if (formats.size > 100) formats.clear()
  formats.set(tz, made)
  return made
}

/** What the clock on the wall shows, as if it were UTC. */
function wallOf(at: number, tz: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(tz).formatToParts(at)) parts[type] = Number(value)
  return Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
}

/** The first moment at which the clock on the wall shows this or later: a day whose midnight is skipped begins after it. */
function momentOf(wall: number, tz: string): number {
  const offsetAt = (at: number) => wallOf(at, tz) - at
  const before = wall - offsetAt(wall - DAY_MS)
  const after = wall - offsetAt(wall + DAY_MS)
  const [first, last] = before < after ? [before, after] : [after, before]
  if (wallOf(first, tz) >= wall) return first
  if (first === last) return first
  // The clock was put on between the two: where, in minutes.
  for (let at = first; at < last; at += MINUTE_MS) if (wallOf(at, tz) >= wall) return at
  return last
}

/** The beginning of the interval that the moment is in. Weeks begin on Monday. */
export function startOf(at: number, interval: Interval, tz: string): number {
  const wall = new Date(wallOf(Math.floor(at / 1_000) * 1_000, tz))
  if (interval === 'hour') return at - (wall.getTime() % 3_600_000) - (at % 1_000)
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()]
  if (interval === 'month') return momentOf(Date.UTC(year, month, 1), tz)
  const back = interval === 'week' ? (wall.getUTCDay() + 6) % 7 : 0
  return momentOf(Date.UTC(year, month, day - back), tz)
}

/** Days later by the calendar: the same time on the wall, whatever the clock was put on or back meanwhile. */
export function addDays(at: number, days: number, tz: string): number {
  return momentOf(wallOf(at, tz) + days * DAY_MS, tz)
}

/** The beginning of the one after it. */
export function nextOf(start: number, interval: Interval, tz: string): number {
  if (interval === 'hour') return start + 3_600_000
  const wall = new Date(wallOf(start + (interval === 'day' ? 0 : 3_600_000), tz))
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()]
  if (interval === 'month') return momentOf(Date.UTC(year, month + 1, 1), tz)
  return momentOf(Date.UTC(year, month, day + (interval === 'week' ? 7 : 1)), tz)
}

/** The intervals that a range is made of; the first and the last one may be cut. */
export function periodsOf({ start, end }: Period, interval: Interval, tz: string): Period[] {
  const periods: Period[] = []
  for (let at = startOf(start, interval, tz); at < end;) {
    const next = nextOf(at, interval, tz)
    periods.push({ start: Math.max(at, start), end: Math.min(next, end) })
    at = next
  }
  return periods
}

/** The midnight with which a day begins, of a date such as 2026-01-31. Undefined for what is no date. */
export function dateStart(date: string, tz: string): number | undefined {
  const wall = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 10) !== date) return undefined
  return momentOf(wall, tz)
}

/** What the clock on the wall is ahead of UTC by, ms, and how long. */
export type OffsetRun = Readonly<{ start: number; offset: number }>

/** The offsets of a zone within days, each from its beginning on. */
export function offsetRuns(days: readonly Period[], tz: string): OffsetRun[] {
  const runs: OffsetRun[] = []
  const add = (start: number, offset: number) => {
    if (runs.at(-1)?.offset !== offset) runs.push({ start, offset })
  }
  const offsetAt = (at: number) => wallOf(at, tz) - at
  for (const { start, end } of days) {
    const offset = offsetAt(start)
    add(start, offset)
    // The clock was put on or back in it: where, in slots.
    if (offsetAt(end) !== offset) for (let at = start; at < end; at += SLOT_MS) add(at, offsetAt(at))
  }
  return runs
}

/** The hour that the clock on the wall shows, 0 to 23. */
export const hourOfDay = (at: number, tz: string): number => new Date(wallOf(at, tz)).getUTCHours()

/** What the clock on the wall shows, as `07:05`. */
export const timeOfDay = (at: number, tz: string): string => new Date(wallOf(at, tz)).toISOString().slice(11, 16)
