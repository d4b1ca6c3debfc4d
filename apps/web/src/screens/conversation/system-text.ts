import type { Message } from '@bigtech/client'
import { chat } from '../../app/chat.ts'
import { settings } from '../../app/settings.ts'
import { t } from '../../i18n/index.ts'

/** What a change of a room is called. The server's sentence is Korean; the same can be said in the language of the page. */
export function systemText({ system, content, user_id }: Message): string {
  if (settings.language === 'ko' || !system) return content
  const name = (id: number) => chat.personName(id) ?? t('person.unknown')
  const names = 'user_ids' in system ? system.user_ids.map(name).join(', ') : ''
  switch (system.kind) {
    case 'room_created':
      return t('system.created', { name: name(user_id) })
    case 'member_joined':
      return t(system.via === 'invite' ? 'system.joinedByLink' : 'system.joined', { names, name: name(user_id) })
    case 'member_left':
      return (
        t(system.via === 'removed' ? 'system.removed' : 'system.left', { names }) +
        (system.new_owner === null ? '' : t('system.heir', { name: name(system.new_owner) }))
      )
    case 'room_renamed':
      if (system.name === '') return t('system.unnamed', { name: name(user_id) })
      return t('system.renamed', { name: name(user_id), title: system.name })
    case 'role_changed':
      return t('system.role', { names, role: t(`role.${system.role}`) })
    default:
      return content
  }
}
