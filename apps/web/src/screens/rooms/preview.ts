import type { Message } from '@bigtech/client'
import { namedText } from '../../app/mentions.ts'
import { t } from '../../i18n/index.ts'
import { systemText } from '../conversation/system-text.ts'

/** A message in one line, as lists and quotes show it. */
export function previewOf(message: Message): string {
  if (message.is_deleted) return t('message.deleted')
  if (message.message_type === 'system') return systemText(message)
  const words = namedText(message.content, message.mentions).replace(/\s+/g, ' ')
  if (message.message_type === 'image') return words ? `${t('message.kind.image')}: ${words}` : t('message.kind.image')
  if (message.message_type === 'voice') return t('message.kind.voice')
  if (message.message_type === 'file') return `${t('message.kind.file')}: ${words || (message.file?.name ?? '')}`
  return words
}
