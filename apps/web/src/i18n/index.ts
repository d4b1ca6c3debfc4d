import { settings } from '../app/settings.ts'
import { account } from './account.ts'
import { common } from './common.ts'
import { messages } from './messages.ts'
import { operations } from './operations.ts'
import { people } from './people.ts'
import { rooms } from './rooms.ts'

const texts = { ...common, ...account, ...people, ...rooms, ...messages, ...operations }
export type TextKey = keyof typeof texts

/** The text of a key in the language of the page, with `{name}` replaced. Follows the setting at once. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  const text: string = texts[key][settings.language === 'ko' ? 0 : 1]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
