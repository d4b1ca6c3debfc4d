import type { Message, TimelineEntry } from '@bigtech/client'
import { dayKey } from '../../lib/time.ts'

/** What a conversation shows, line by line. */
export type Item =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'system'; key: string; message: Message }
  | {
      kind: 'message'
      key: string
      entry: TimelineEntry & { kind: 'message' }
      own: boolean
      /** first and last of what one person said in one minute: the first shows who, the last when */
      first: boolean
      last: boolean
    }
  | { kind: 'outgoing'; key: string; entry: TimelineEntry & { kind: 'outgoing' } }

type Place = Readonly<{ day: string; minute: number }>
/** When messages were written, computed once each: the list is made anew with every change of a room, and may be long. */
const places = new WeakMap<Message, Place>()

function placeOf(message: Message): Place {
  let place = places.get(message)
  if (!place) {
    const { created_at } = message
    places.set(message, (place = { day: dayKey(created_at), minute: Math.floor(Date.parse(created_at) / 60_000) }))
  }
  return place
}

const together = (a: Message | undefined, b: Message | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.user_id === b.user_id &&
  a.message_type !== 'system' &&
  b.message_type !== 'system' &&
  placeOf(a).minute === placeOf(b).minute

/**
 * @param me own id
 * @param firstUnread seq before which the line “unread from here” stands; undefined: none
 */
export function itemsOf(entries: readonly TimelineEntry[], me: number | null, firstUnread: number | undefined): Item[] {
  const items: Item[] = []
  const messageAt = (index: number): Message | undefined => {
    const entry = entries[index]
    return entry?.kind === 'message' ? entry.message : undefined
  }
  let day = ''
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'outgoing') {
      items.push({ kind: 'outgoing', key: entry.key, entry })
      continue
    }
    const { message } = entry
    const today = placeOf(message).day
    if (today !== day) items.push({ kind: 'day', key: `day ${today}`, at: message.created_at })
    const newDay = today !== day
    day = today
    const unreadHere = message.seq === firstUnread
    if (unreadHere) items.push({ kind: 'unread', key: 'unread' })
    if (message.message_type === 'system') {
      items.push({ kind: 'system', key: entry.key, message })
      continue
    }
    const first = newDay || unreadHere || !together(messageAt(index - 1), message)
    const last = !together(message, messageAt(index + 1)) || messageAt(index + 1)!.seq === firstUnread
    items.push({ kind: 'message', key: entry.key, entry, own: message.user_id === me, first, last })
  }
  return items
}

export const seqOfItem = (item: Item | undefined): number | undefined =>
  item?.kind === 'message' ? item.entry.message.seq : item?.kind === 'system' ? item.message.seq : undefined

/** When a message that is shown was written. */
export function dayAt(items: readonly Item[], seq: number): string | undefined {
  const item = items.find((one) => seqOfItem(one) === seq)
  if (item?.kind === 'message') return item.entry.message.created_at
  return item?.kind === 'system' ? item.message.created_at : undefined
}
