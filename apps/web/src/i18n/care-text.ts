import { settings } from '../app/settings.ts'
import { care } from './care.ts'
import { careFamily } from './care-family.ts'
import { fillText } from './fill-text.ts'

/** The texts of the care screens come with them, and not with the first one that everybody waits for. */
export const careTexts = { ...care, ...careFamily }
export type CareTextKey = keyof typeof careTexts

/** As `t`, of these. */
export function careText(key: CareTextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fillText(careTexts[key][settings.language === 'ko' ? 0 : 1], values)
}
