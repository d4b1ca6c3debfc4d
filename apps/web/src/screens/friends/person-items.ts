import { Ban, Flag } from '@lucide/vue'
import { blockPerson } from '../../app/blocking.ts'
import { reportPerson } from '../../app/reporting.ts'
import { t } from '../../i18n/index.ts'
import type { MenuItem } from '../../ui/PopupMenu.vue'

/** “Block” and “report” in the menu of a person, wherever one meets them. @param done what to do once they are blocked */
export const personItems = (person: { user_id: number; display_name: string }, done?: () => void): MenuItem[] => [
  {
    key: 'block',
    label: t('friends.block'),
    icon: Ban,
    danger: true,
    run: async () => (await blockPerson(person)) && done?.(),
  },
  { key: 'report', label: t('report'), icon: Flag, danger: true, run: () => reportPerson({ person }) },
]
