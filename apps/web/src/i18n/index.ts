import { settings } from '../app/settings.ts'
import { fillText, texts, type TextKey } from './texts.ts'

export type { TextKey }

/** The text of a key in the language of the page, filled in. Follows the setting at once. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fillText(texts[key][settings.language === 'ko' ? 0 : 1], values)
}
