import { settings } from '../app/settings.ts'

/** 10,000 */
export const numberText = (value: number): string =>
  value.toLocaleString(settings.language === 'ko' ? 'ko-KR' : 'en-GB')

/** A number in a small circle: beyond `most` it says no more than that. */
export const badgeText = (count: number, most: number): string => (count > most ? `${most}+` : String(count))
