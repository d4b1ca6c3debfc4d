import type { Mention } from '@bigtech/client'
import { shallowReactive } from 'vue'
import { session } from './session.ts'

/** What was typed and not sent, by room, and whom it calls; kept over reloads, per account, where the browser keeps anything. */
const PREFIX = 'bigtech-chat:draft:'
const MENTIONS = 'bigtech-chat:draft-mentions:'
const drafts = shallowReactive(new Map<string, string>())

/** Without storage, or space in it, a draft lives as long as the page. */
function withStorage(work: (storage: Storage) => void): void {
  try {
    work(localStorage)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

withStorage((storage) => {
  for (const key of Object.keys(storage))
    if (key.startsWith(PREFIX) || key.startsWith(MENTIONS)) drafts.set(key, storage.getItem(key) ?? '')
})

const keyOf = (prefix: string, roomId: number): string => `${prefix}${session.me?.id ?? 0}:${roomId}`

export const draftOf = (roomId: number): string => drafts.get(keyOf(PREFIX, roomId)) ?? ''

export function draftMentionsOf(roomId: number): readonly Mention[] {
  const kept = drafts.get(keyOf(MENTIONS, roomId))
  return kept === undefined ? [] : (JSON.parse(kept) as Mention[])
}

export function setDraft(roomId: number, text: string, mentions: readonly Mention[] = []): void {
  keep(keyOf(PREFIX, roomId), text.trim() ? text : undefined)
  keep(keyOf(MENTIONS, roomId), mentions.length > 0 ? JSON.stringify(mentions) : undefined)
}

function keep(key: string, value: string | undefined): void {
  if (value !== undefined) {
    drafts.set(key, value)
    withStorage((storage) => storage.setItem(key, value))
  } else if (drafts.delete(key)) withStorage((storage) => storage.removeItem(key))
}
