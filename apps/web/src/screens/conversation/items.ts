import type { Message, TimelineEntry } from '@bigtech/client'
import { albumOf } from '../../lib/albums.ts'
import { dayKey } from '../../lib/time.ts'

type MessageEntry = TimelineEntry & { kind: 'message' }

/** What a conversation shows, line by line. */
export type Item =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'system'; key: string; message: Message }
  | {
      kind: 'message'
      key: string
      entry: MessageEntry
      own: boolean
      /** first and last of what one person said in one minute: the first shows who, the last when */
      first: boolean
      last: boolean
    }
  | {
      kind: 'album'
      key: string
      /** two and more, in the order of the log */
      entries: readonly MessageEntry[]
      own: boolean
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
  let next = 0
  for (const [index, entry] of entries.entries()) {
    // It stands in an album already.
    if (index < next) continue
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
    const album = albumAt(entries, index, firstUnread)
    next = index + album.length
    const after = messageAt(next)
    const last = !together(album.at(-1)!.message, after) || after!.seq === firstUnread
    const shown = { key: entry.key, own: message.user_id === me, first, last }
    items.push(album.length > 1 ? { kind: 'album', entries: album, ...shown } : { kind: 'message', entry, ...shown })
  }
  return items
}

/** The pictures from here on that were sent together, one after the other; of anything else the message alone. */
function albumAt(entries: readonly TimelineEntry[], index: number, firstUnread: number | undefined): MessageEntry[] {
  const head = entries[index] as MessageEntry
  const album = albumOf(head.message)
  const found = [head]
  if (!album) return found
  for (let entry = entries[index + 1]; entry?.kind === 'message'; entry = entries[index + found.length]) {
    const { message } = entry
    const belongs = albumOf(message) === album && message.user_id === head.message.user_id
    if (!belongs || message.seq === firstUnread || placeOf(message).day !== placeOf(head.message).day) break
    found.push(entry)
  }
  return found
}

/** Of several messages in one, the last. */
export const seqOfItem = (item: Item | undefined): number | undefined => item && messagesOf(item).at(-1)?.seq

/** Whether a message is shown there. */
export const holdsSeq = (item: Item, seq: number): boolean => messagesOf(item).some((message) => message.seq === seq)

function messagesOf(item: Item): readonly Message[] {
  if (item.kind === 'message') return [item.entry.message]
  if (item.kind === 'album') return item.entries.map(({ message }) => message)
  return item.kind === 'system' ? [item.message] : []
}

/** When a message that is shown was written. */
export function dayAt(items: readonly Item[], seq: number): string | undefined {
  const item = items.find((one) => holdsSeq(one, seq))
  return item && messagesOf(item)[0]?.created_at
}
