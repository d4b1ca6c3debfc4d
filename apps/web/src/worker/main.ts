import { readPayload, type TellCommand } from '../lib/notices.ts'
import { renewSubscription } from './renewal.ts'
import { scope } from './scope.ts'
import { dropOldShells, keepShell, shellAnswer } from './shell.ts'
import { goTo, tell } from './telling.ts'

/** Of the web client: shows what is pushed, also when no window is open, and starts it without a network. */

scope.addEventListener('install', (event) => event.waitUntil(keepShell()))
// Windows that were there before the first worker are its too. A newer worker waits until those of the older one are closed.
scope.addEventListener('activate', (event) => event.waitUntil(dropOldShells().then(() => scope.clients.claim())))

scope.addEventListener('fetch', (event) => {
  const answer = shellAnswer(event.request)
  if (answer) event.respondWith(answer)
})

scope.addEventListener('push', (event) => {
  const payload = readPayload(jsonOf(event.data))
  if (payload) event.waitUntil(tell(payload, 'push'))
})
scope.addEventListener('message', (event) => {
  const { type, payload } = event.data as TellCommand
  if (type === 'tell') event.waitUntil(tell(payload, 'page'))
})

scope.addEventListener('notificationclick', (event) => {
  const { notification } = event
  notification.close()
  event.waitUntil(goTo((notification.data as { link?: unknown } | null)?.link))
})

/** The compiler does not know this event. */
type SubscriptionChange = ExtendableEvent & {
  oldSubscription?: PushSubscription | null
  newSubscription?: PushSubscription | null
}
scope.addEventListener('pushsubscriptionchange', (event) => {
  const { oldSubscription = null, newSubscription = null } = event as SubscriptionChange
  ;(event as SubscriptionChange).waitUntil(renewSubscription(oldSubscription, newSubscription))
})

function jsonOf(data: PushMessageData | null): unknown {
  try {
    return data?.json()
  } catch {
    return undefined
  }
}
