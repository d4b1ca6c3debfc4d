import { Ban } from '@lucide/vue'
import { blockPerson } from '../../app/blocking.ts'
import { t } from '../../i18n/index.ts'
import type { MenuItem } from '../../ui/PopupMenu.vue'

/** “Block” in the menu of a person. @param done what to do once they are */
export const blockItem = (person: { user_id: number; display_name: string }, done?: () => void): MenuItem => ({
  key: 'block',
  label: t('friends.block'),
  icon: Ban,
  danger: true,
  run: async () => (await blockPerson(person)) && done?.(),
})
