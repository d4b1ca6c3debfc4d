import { computed, shallowReactive, watchEffect } from 'vue'
import { t } from '../i18n/index.ts'
import { chat } from './chat.ts'
import { confirmed } from './feedback.ts'
import { clearOutbox, unsentCount } from './outbox.ts'
import { onSignOut, session, signOut } from './session.ts'

/** What would be lost with the page beside the outbox: files that were chosen, a voice being recorded. Whoever holds it is in here. */
export const unfinished = shallowReactive(new Set<symbol>())

const underWay = computed(() => chat.waiting.value > 0 || unfinished.size > 0)

const ask = (event: BeforeUnloadEvent): void => event.preventDefault()

// Listened to only while there is something: a page that listens cannot be kept by the browser for “back”.
watchEffect(() => {
  if (underWay.value) addEventListener('beforeunload', ask)
  else removeEventListener('beforeunload', ask)
})

// Whoever signs out was asked, and means it. A session that was ended leaves everything for the next one of the account.
onSignOut(clearOutbox)

/** How many messages would be lost, in all tabs. */
async function lostBySigningOut(): Promise<number> {
  const here = [...chat.state.value.rooms.values()].flatMap((room) => room.outgoing)
  const unsent = here.filter(({ status }) => status !== 'sent').length
  // Without a database there are only those of this tab.
  const kept = session.me ? await unsentCount(session.me.id).catch(() => 0) : 0
  return Math.max(unsent, kept)
}

/** Signs out; asks first when something unsent would be lost. */
export async function signOutUnlessUnsent(): Promise<void> {
  const count = await lostBySigningOut()
  const question = {
    title: t('settings.signOut'),
    text: t('settings.signOut.waiting', { count }),
    confirm: t('settings.signOut'),
    danger: true,
  }
  if (count === 0 || (await confirmed(question))) await signOut()
}
