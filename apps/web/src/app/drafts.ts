import { shallowReactive } from 'vue'
import { session } from './session.ts'

/** What was typed and not sent, by room; kept over reloads, per account. */
const PREFIX = 'bigtech-chat:draft:'
const drafts = shallowReactive(new Map<string, string>())

for (let i = 0; i < localStorage.length; i++) {
  const key = localStorage.key(i)
  if (key?.startsWith(PREFIX)) drafts.set(key, localStorage.getItem(key) ?? '')
}

const keyOf = (roomId: number): string => `${PREFIX}${session.me?.id ?? 0}:${roomId}`

export const draftOf = (roomId: number): string => drafts.get(keyOf(roomId)) ?? ''

export function setDraft(roomId: number, text: string): void {
  const key = keyOf(roomId)
  if (text.trim()) {
    drafts.set(key, text)
    localStorage.setItem(key, text)
  } else {
    drafts.delete(key)
    localStorage.removeItem(key)
  }
}
