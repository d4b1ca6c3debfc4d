import type { Message, MessagePage } from '../types.ts'
import type { RoomState, Window } from './state.ts'

export const nextSeq = (window: Window): number => window.from + window.messages.length

/** Replaces a message of the window by a newer state of it, or appends the one that follows it. Others stay outside. */
export function putMessage(window: Window, message: Message): Window {
  const index = message.seq - window.from
  if (index < 0 || index > window.messages.length) return window
  const known = window.messages[index]
  if (known && known.rev >= message.rev) return window
  if (!known) return { ...window, messages: [...window.messages, message] }
  return { ...window, messages: window.messages.with(index, message) }
}

/** The window a page makes. Without any message the log after it begins at the head. */
export function windowOf(page: MessagePage): Window {
  const from = page.items[0]?.seq ?? Math.max(page.last_seq, page.join_seq) + 1
  return { from, messages: unbroken(page.items, from) }
}

/** Without what was before one's time. */
export function trimmed(window: Window, joinSeq: number): Window {
  if (window.from > joinSeq) return window
  return { from: joinSeq + 1, messages: window.messages.slice(joinSeq + 1 - window.from) }
}

/**
 * The window with a page before or after it. `strays` are states of messages that may be newer than the page's.
 * A page that does not touch the window changes nothing.
 */
export function joinPage(window: Window, page: MessagePage, strays: ReadonlyMap<number, Message>): Window {
  const first = page.items[0]?.seq
  if (first === undefined) return window
  const items = unbroken(page.items, first)
  const end = first + items.length
  let joined = window
  if (first < window.from && end >= window.from)
    joined = { from: first, messages: [...items.slice(0, window.from - first), ...window.messages] }
  else if (first > nextSeq(window)) return window
  for (const message of items) joined = putMessage(joined, message)
  for (const message of [...strays.values()].toSorted((a, b) => a.seq - b.seq)) joined = putMessage(joined, message)
  return joined
}

/** Up to the first hole. By the contract there is none; a window with one would show messages under wrong numbers. */
function unbroken(items: readonly Message[], from: number): readonly Message[] {
  const hole = items.findIndex((message, index) => message.seq !== from + index)
  return hole < 0 ? items : items.slice(0, hole)
}

/** Whether the log goes on before, or after, what is shown. */
export const hasOlder = (room: RoomState): boolean => room.window !== null && room.window.from > room.join_seq + 1
export const hasNewer = (room: RoomState): boolean => room.window !== null && nextSeq(room.window) <= room.last_seq
