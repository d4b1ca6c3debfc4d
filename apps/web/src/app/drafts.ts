import { shallowReactive } from 'vue'
import { session } from './session.ts'

/** What was typed and not sent, by room; kept over reloads, per account, where the browser keeps anything. */
const PREFIX = 'bigtech-chat:draft:'
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
  for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) drafts.set(key, storage.getItem(key) ?? '')
})

const keyOf = (roomId: number): string => `${PREFIX}${session.me?.id ?? 0}:${roomId}`

export const draftOf = (roomId: number): string => drafts.get(keyOf(roomId)) ?? ''

export function setDraft(roomId: number, text: string): void {
  const key = keyOf(roomId)
  if (text.trim()) {
    drafts.set(key, text)
    withStorage((storage) => storage.setItem(key, text))
  } else {
    drafts.delete(key)
    withStorage((storage) => storage.removeItem(key))
  }
}
