import type { PushPayload } from '@bigtech/client'

/** What the page and its service worker have in common: what the device shows, and where a window is. No DOM here. */

/** From the page to its worker: show this, as if it had been pushed. */
export type TellCommand = { type: 'tell'; payload: PushPayload }
/** From the worker to a window: go there. */
export type GoCommand = { type: 'go'; link: string }

/** `NotificationOptions`, of which compilers know only some. */
export type Notice = {
  title: string
  options: {
    body: string
    tag: string
    silent: boolean
    renotify: boolean
    /** epoch ms */
    timestamp: number
    icon: string
    badge: string
    data: { link: string }
  }
}

export function noticeOf({ title, body, tag, silent, link, at }: PushPayload): Notice {
  return {
    title,
    options: {
      body,
      tag,
      silent,
      // One of the same tag takes the place of the one before; it is heard all the same.
      renotify: !silent,
      timestamp: at,
      icon: '/icon-192.png',
      badge: '/badge-96.png',
      data: { link },
    },
  }
}

/** Takes off what has this tag, as a push of the server does. */
export const closeOf = (tag: string, unread: number): PushPayload => ({
  tag,
  kind: 'close',
  title: '',
  body: '',
  link: '/',
  silent: true,
  unread,
  at: Date.now(),
})

/** What the worker has to know of a window. */
export type Window = Readonly<{ url: string; focused: boolean; visibilityState: string }>

const pathOf = (url: string): string => new URL(url, 'http://here').pathname

/** These are no places of the web client, though of its origin; the server has the same list (apps/server, gateway/web-client.ts). */
const NO_PAGES = /^\/(api|docs|health|ready|metrics|openapi\.json|assets)(\/|$)/

export const isPage = (url: string): boolean => !NO_PAGES.test(pathOf(url))

/** Whether somebody looks at the room a link leads to: what it says they see already. */
export function isLookedAt(link: string, windows: readonly Window[]): boolean {
  const path = pathOf(link)
  if (!path.startsWith('/rooms/')) return false
  return windows.some(
    ({ url, focused, visibilityState }) => focused && visibilityState === 'visible' && pathOf(url) === path,
  )
}

/** `isRepeat`: it was shown before, word for word. `isPushed`: it comes from a push service, not from a page. */
type Telling = Readonly<{ windows: readonly Window[]; isRepeat: boolean; isPushed: boolean }>

/**
 * What the device shows of a payload. A browser lets itself be pushed to if each push shows something, unless somebody sees a window: else it may show words
 * of its own, or end the subscription. So what comes again is shown again then, in place of itself if it is still there, and without a sound.
 * @returns undefined when it shows nothing
 */
export function noticeToShow(payload: PushPayload, { windows, isRepeat, isPushed }: Telling): Notice | undefined {
  if (isLookedAt(payload.link, windows)) return undefined
  if (!isRepeat) return noticeOf(payload)
  const isSeen = windows.some(({ visibilityState }) => visibilityState === 'visible')
  return isPushed && !isSeen ? noticeOf({ ...payload, silent: true }) : undefined
}

/** The window that a notice opens: the one in use, else one that is seen, else any. */
export const bestWindow = <W extends Window>(windows: readonly W[]): W | undefined => {
  const pages = windows.filter(({ url }) => isPage(url))
  return (
    pages.find(({ focused }) => focused) ??
    pages.find(({ visibilityState }) => visibilityState === 'visible') ??
    pages[0]
  )
}

/** A link as a place of this site; what would lead elsewhere leads to its start. */
export function placeOf(link: unknown, origin: string): string {
  const url = typeof link === 'string' ? URL.parse(link, origin) : null
  return url?.origin === origin ? `${url.pathname}${url.search}` : '/'
}

/** What was pushed; undefined when it is nothing of this server's. */
export function readPayload(json: unknown): PushPayload | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const {
    tag,
    kind,
    title = '',
    body = '',
    link = '/',
    silent = false,
    unread = 0,
    at = 0,
  } = json as Partial<PushPayload>
  if (typeof tag !== 'string' || typeof kind !== 'string') return undefined
  return { tag, kind, title, body, link, silent, unread, at }
}
