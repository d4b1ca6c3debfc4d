import type { Frame, Notification, NotificationFrame } from '@bigtech/client'
import { shallowReactive, watch } from 'vue'
import { closeOf } from '../lib/notices.ts'
import { chat } from './chat.ts'
import { client } from './client.ts'
import { attempt, errorText } from './errors.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'
import { tellByWorker } from './worker.ts'

type Inbox = {
  /** Of the whole list, as the server last said. */
  unread: number
  /** Unread before read, each newest first; undefined until it was loaded. */
  items: readonly Notification[] | undefined
  cursor: string | null
  loading: boolean
  problem: string | undefined
}
const empty: Inbox = { unread: 0, items: undefined, cursor: null, loading: false, problem: undefined }

/** The list of notifications: its number always, its entries while it is looked at. */
export const inbox = shallowReactive<Inbox>({ ...empty })

const PAGE = 30

/** Each load makes those before it void. */
let serial = 0

/** The first page anew, or the next one. */
async function load(more: boolean): Promise<void> {
  const mine = ++serial
  inbox.loading = true
  inbox.problem = undefined
  try {
    const place = more && inbox.cursor ? { cursor: inbox.cursor } : {}
    const page = await client.notifications.list({ limit: PAGE, ...place })
    if (mine !== serial) return
    // One that moved up meanwhile would be there twice.
    const fresh = new Set(page.items.map(({ id }) => id))
    const kept = more ? (inbox.items ?? []).filter(({ id }) => !fresh.has(id)) : []
    Object.assign(inbox, {
      items: [...kept, ...page.items],
      cursor: page.next_cursor,
      unread: page.unread_count,
    })
  } catch (error) {
    if (mine === serial) inbox.problem = errorText(error)
  } finally {
    if (mine === serial) inbox.loading = false
  }
}

export const loadInbox = (): Promise<void> => load(false)
export const loadMoreOfInbox = async (): Promise<void> => {
  if (inbox.cursor !== null && !inbox.loading) await load(true)
}

/** Nobody looks at it any more. */
export function closeInbox(): void {
  serial++
  Object.assign(inbox, { items: undefined, cursor: null, loading: false, problem: undefined })
}

async function count(): Promise<void> {
  // Unanswered, the number stays as it was; the next stream asks again.
  const answer = await client.notifications.count().catch(() => undefined)
  if (answer) inbox.unread = answer.unread_count
}

/** This device shows it no more, also where no push service tells it so. */
const takeOff = ({ id }: Notification): void => void tellByWorker(closeOf(`note:${id}`, inbox.unread))

/** Shown as read at once; the server's answer has the number. */
export async function readNotification(notification: Notification): Promise<void> {
  const { id, read_at } = notification
  if (read_at !== null) return
  markRead((one) => one.id === id)
  inbox.unread = Math.max(0, inbox.unread - 1)
  const answer = await attempt(() => client.notifications.read([id]))
  if (answer) inbox.unread = answer.unread_count
  takeOff(notification)
}

export async function readAllNotifications(): Promise<void> {
  const answer = await attempt(() => client.notifications.readAll())
  if (!answer) return
  inbox.unread = answer.unread_count
  for (const one of inbox.items ?? []) if (one.read_at === null) takeOff(one)
  markRead(() => true)
}

function markRead(which: (one: Notification) => boolean): void {
  const read_at = new Date().toISOString()
  inbox.items = inbox.items?.map((one) => (one.read_at === null && which(one) ? { ...one, read_at } : one))
}

function arrived({ notification: { texts, ...one }, unread_count }: NotificationFrame): void {
  inbox.unread = unread_count
  if (!inbox.items) return
  inbox.items = [{ ...one, text: texts[settings.language] }, ...inbox.items.filter(({ id }) => id !== one.id)]
}

chat.onFrame((frame: Frame) => {
  if (frame.type === 'notification') arrived(frame)
  else if (frame.type === 'notifications_changed') {
    inbox.unread = frame.unread_count
    if (inbox.items) void loadInbox()
  } else if (frame.type === 'hello') {
    // What happened while the stream was away is not told again.
    if (inbox.items) void loadInbox()
    else void count()
  }
})
watch(
  () => session.status,
  (status) => {
    if (status !== 'out') return
    serial++
    Object.assign(inbox, empty)
  },
)
watch(
  () => inbox.unread,
  (unread) => {
    // On the icon of an installed web client; of no importance where it is refused.
    void (unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.())?.catch(() => {})
  },
)
