import { t } from '../i18n/index.ts'
import { client } from './client.ts'
import { attempt } from './errors.ts'
import { confirmed, toast } from './feedback.ts'
import { loadFriends } from './friends.ts'

/** Asks, blocks, and offers to take it back. Wherever one meets somebody, friend or not. @returns whether they are blocked */
export async function blockPerson(person: { user_id: number; display_name: string }): Promise<boolean> {
  const { user_id, display_name: name } = person
  const question = {
    title: t('friends.block'),
    text: t('friends.block.text', { name }),
    confirm: t('friends.block'),
    danger: true,
  }
  if (!(await confirmed(question))) return false
  const done = await attempt(async () => {
    await client.friends.block(user_id)
    await loadFriends()
    const undo = () => void attempt(() => client.friends.unblock(user_id).then(loadFriends))
    toast('success', t('friends.blockedOne', { name }), { label: t('common.undo'), run: undo })
    return true
  })
  return done ?? false
}
