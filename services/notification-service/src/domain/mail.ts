import { hourOfDay } from '@bigtech/kernel/periods'

/** Mails that are sent for something that happened. */
export const MAIL_KINDS = [
  'welcome',
  'confirmation',
  'new_device',
  'password_changed',
  'digest',
  'account_closed',
] as const
export type MailKind = (typeof MAIL_KINDS)[number]

const HOUR_MS = 3_600_000

/** What is older than this when it can be sent would puzzle more than it tells, ms. */
export const MAIL_LIFE_MS: Readonly<Record<MailKind, number>> = {
  welcome: 72 * HOUR_MS,
  confirmation: 24 * HOUR_MS,
  new_device: 72 * HOUR_MS,
  password_changed: 72 * HOUR_MS,
  digest: 12 * HOUR_MS,
  account_closed: 7 * 24 * HOUR_MS,
}

/** What a digest tells happened in this time before it: a day, also when clocks are put back. */
export const DIGEST_OF_MS = 25 * HOUR_MS
const DIGEST_HOUR = 8

/** The next 8 o'clock in the morning where somebody is, more than an hour after `at`; where clocks are put forward then, a day later. */
export function nextDigestAt(at: number, timeZone: string): number {
  // Quarters: some zones are off by 30 or 45 minutes.
  const quarter = HOUR_MS / 4
  const first = Math.ceil((at + HOUR_MS) / quarter) * quarter
  let before = hourOfDay(first - quarter, timeZone)
  for (let time = first; time < first + 50 * HOUR_MS; time += quarter) {
    const hour = hourOfDay(time, timeZone)
    if (hour === DIGEST_HOUR && before !== DIGEST_HOUR) return time
    before = hour
  }
  return at + 24 * HOUR_MS
}
