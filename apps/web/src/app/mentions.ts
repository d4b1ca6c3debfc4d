import type { Mention } from '@bigtech/client'
import { t } from '../i18n/index.ts'
import { chat } from './chat.ts'

/** Whom a mention calls, as they are called now. @param written as it stands in the message: of somebody nobody knows any more */
export function mentionText(mention: Mention, written: string): string {
  const name = 'everyone' in mention ? t('mention.everyone') : chat.personName(mention.user_id)
  return name ? `@${name}` : written
}

/** A text with the names of those it calls as they are now. */
export function namedText(content: string, mentions: readonly Mention[] = []): string {
  let text = ''
  let at = 0
  for (const mention of mentions) {
    const { offset, length } = mention
    if (offset < at) continue
    text += content.slice(at, offset) + mentionText(mention, content.slice(offset, offset + length))
    at = offset + length
  }
  return text + content.slice(at)
}
