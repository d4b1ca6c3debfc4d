import { settings } from '../app/settings.ts'
import { careTexts, type CareTextKey } from './care-texts.ts'
import { fillText } from './fill-text.ts'

export type { CareTextKey }

/** As `t`, of the texts of the care screens. */
export function careText(key: CareTextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fillText(careTexts[key][settings.language === 'ko' ? 0 : 1], values)
}
