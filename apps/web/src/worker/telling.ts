import type { PushPayload } from '@bigtech/client'
import { bestWindow, noticeToShow, placeOf, type GoCommand } from '../lib/notices.ts'
import { createRepeats } from './repeats.ts'
import { scope } from './scope.ts'

const windows = () => scope.clients.matchAll({ type: 'window', includeUncontrolled: true })

const repeats = createRepeats(() => caches.open('told'))

let turn: Promise<unknown> = Promise.resolve()

/**
 * The only place that shows anything: pushes and pages come through here, so nothing is told twice. One after the other, as they came: what was
 * read a moment after it was pushed is not shown after it was taken away.
 */
export function tell(payload: PushPayload, from: 'push' | 'page'): Promise<void> {
  const done = turn.then(() => tellNow(payload, from === 'push'))
  turn = done.catch(() => {})
  return done
}

async function tellNow(payload: PushPayload, isPushed: boolean): Promise<void> {
  if (payload.kind === 'close') {
    for (const shown of await scope.registration.getNotifications({ tag: payload.tag })) shown.close()
  } else {
    const isRepeat = await repeats.isTold(payload)
    const notice = noticeToShow(payload, { windows: await windows(), isRepeat, isPushed })
    if (notice) {
      await scope.registration.showNotification(notice.title, notice.options)
      await repeats.keep(payload)
    }
  }
  await showBadge(payload.unread)
}

/** On the icon of an installed web client, where there is such a thing. */
async function showBadge(count: number): Promise<void> {
  const { navigator } = scope
  // It is of no importance that it is refused where nothing is installed.
  await (count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => {})
}

/** The window that is open goes there; without one a new one opens. */
export async function goTo(link: unknown): Promise<void> {
  const place = placeOf(link, scope.location.origin)
  const window = bestWindow(await windows())
  if (!window) return void (await scope.clients.openWindow(place))
  window.postMessage({ type: 'go', link: place } satisfies GoCommand)
  // Browsers that keep it behind have shown it in their own way; it is at the right place whatever they do.
  await window.focus().catch(() => {})
}
