import { settings } from '../app/settings.ts'

/** 2026-01-31, as a date field has it: the day that it is in a time zone. */
export const dateIn = (ms: number, tz: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone: tz }).format(ms)

/** What stands below a chart: the hour, the day or the month of a moment. */
export function axisText(ms: number, interval: 'hour' | 'day' | 'week' | 'month', timeZone: string): string {
  const locale = settings.language === 'ko' ? 'ko-KR' : 'en-GB'
  const parts: Record<typeof interval, Intl.DateTimeFormatOptions> = {
    hour: { month: 'numeric', day: 'numeric', hour: '2-digit', hourCycle: 'h23' },
    day: { month: 'numeric', day: 'numeric' },
    week: { month: 'numeric', day: 'numeric' },
    month: { year: 'numeric', month: 'numeric' },
  }
  return new Intl.DateTimeFormat(locale, { timeZone, ...parts[interval] }).format(ms)
}
