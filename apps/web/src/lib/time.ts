import { settings } from '../app/settings.ts'

const locale = (): string => (settings.language === 'ko' ? 'ko-KR' : 'en-GB')

const formats = new Map<string, Intl.DateTimeFormat>()
function format(at: Date, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale()} ${name}`
  let found = formats.get(key)
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(locale(), options)))
  return found.format(at)
}

/** 오후 3:05 */
export const clockTime = (iso: string): string =>
  format(new Date(iso), 'clock', { hour: 'numeric', minute: '2-digit', hour12: settings.language === 'ko' })

/** 15:05:09, for charts */
export const timeText = (ms: number): string =>
  format(new Date(ms), 'time', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })

/** 2026년 1월 27일 화요일 */
export const dayText = (iso: string): string =>
  format(new Date(iso), 'day', { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' })

export const fullTime = (iso: string): string => `${dayText(iso)} ${clockTime(iso)}`

/** Which calendar day it is here. */
export function dayKey(iso: string): string {
  const at = new Date(iso)
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`
}

/** As lists show it: the time of today, “yesterday”, else the day. */
export function listTime(iso: string, now = new Date()): string {
  const at = new Date(iso)
  if (dayKey(iso) === dayKey(now.toISOString())) return clockTime(iso)
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (dayKey(iso) === dayKey(yesterday.toISOString()))
    return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-1, 'day')
  const year = at.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return format(at, `list${'year' in year}`, { ...year, month: 'short', day: 'numeric' })
}

/** “3 minutes ago”, in the largest unit that fits. */
export function agoText(iso: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1_000)
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ]
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.trunc(seconds / size), unit)
}

/** How long something has been so, in its two largest units: 3일 5시간, 12분 7초 */
export function spanText(seconds: number): string {
  const sizes = [86_400, 3_600, 60, 1] as const
  const units = ['day', 'hour', 'minute', 'second'] as const
  const whole = Math.max(0, Math.round(seconds))
  const first = sizes.findIndex((size) => whole >= size || size === 1)
  return sizes
    .map((size, i) => (i === 0 ? Math.floor(whole / size) : Math.floor((whole % sizes[i - 1]!) / size)))
    .flatMap((count, i) => {
      if (i < first || i > first + 1 || (count === 0 && i > first)) return []
      return new Intl.NumberFormat(locale(), { style: 'unit', unit: units[i]!, unitDisplay: 'short' }).format(count)
    })
    .join(' ')
}

/** 1:05, from an hour on 1:00:05 */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)]
  const two = (count: number) => String(count).padStart(2, '0')
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}`
}

export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}
