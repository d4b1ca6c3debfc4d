import { shallowRef, watch } from 'vue'
import { t } from '../i18n/index.ts'
import { chat } from './chat.ts'
import { client } from './client.ts'
import { attempt } from './errors.ts'
import { confirmed, toast } from './feedback.ts'
import { everything, loadFriends } from './friends.ts'
import { session } from './session.ts'

/** Whom one has blocked; undefined until it was asked for. They are told nothing of it: this is one's own side only. */
const blocked = shallowRef<ReadonlySet<number>>()
let asked = false

export const isBlocked = (userId: number): boolean => blocked.value?.has(userId) === true

/** Learns whom one has blocked, and goes on knowing it. What cannot be asked now stays as it was known until the next news. */
export function followBlocked(): void {
  if (asked) return
  asked = true
  void loadBlocked()
}

async function loadBlocked(): Promise<void> {
  const account = session.me?.id
  const people = await everything((cursor) =>
    client.friends.blocks({ limit: 100, ...(cursor ? { cursor } : {}) }),
  ).catch(() => undefined)
  if (people && account === session.me?.id) blocked.value = new Set(people.map(({ user_id }) => user_id))
}

chat.onFrame((frame) => {
  const isNews = frame.type === 'hello' || (frame.type === 'friend' && frame.event.endsWith('blocked'))
  if (asked && isNews) void loadBlocked()
})
watch(
  () => session.status,
  (status) => {
    if (status !== 'out') return
    asked = false
    blocked.value = undefined
  },
)

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
