import { chat } from '../../app/chat.ts'
import { friends } from '../../app/friends.ts'
import { session } from '../../app/session.ts'
import { careText } from '../../i18n/care-text.ts'
import { t } from '../../i18n/index.ts'

/** Links are between friends; who is none any more may still be known from a room. */
export function nameOf(id: number): string {
  if (id === session.me?.id) return t('person.me')
  return (
    friends.friends.find(({ user_id }) => user_id === id)?.display_name ?? chat.personName(id) ?? t('person.unknown')
  )
}

export const imageOf = (id: number): string | null =>
  friends.friends.find(({ user_id }) => user_id === id)?.profile_image_url ?? null

/** @param days since the last sign of life; null: there was none yet */
export function quietText(days: number | null): string {
  if (days === null) return careText('family.noSign')
  return days === 0 ? careText('family.today') : careText('family.quietDays', { count: days })
}

/** Whether a notification says that something of links or alerts changed. */
export const isOfCare = (kind: string): boolean => kind.startsWith('care_')
