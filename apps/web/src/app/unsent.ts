import type { NewMessage, SyncState } from '@bigtech/client'
import { watch } from 'vue'
import { chat } from './chat.ts'
import { session } from './session.ts'

/**
 * Messages that have not been acknowledged are kept by the browser too, for this tab: a page that is loaded anew, or restored, sends
 * them then. Their ids are the same, so that none becomes two.
 */
type Unsent = NewMessage & { room_id: number; client_message_id: string }

const keyOf = (userId: number): string => `bigtech-chat:unsent:${userId}`

function unsentIn(state: SyncState): Unsent[] {
  const found: Unsent[] = []
  for (const { outgoing } of state.rooms.values())
    for (const { room_id, content, message_type, reply_to, file_id, client_message_id, status } of outgoing)
      if (status !== 'sent') found.push({ room_id, content, message_type, reply_to, file_id, client_message_id })
  return found
}

let restoredFor: number | undefined

watch(chat.state, (state) => {
  if (!state.loaded || state.me === null || session.me?.id !== state.me) return
  const key = keyOf(state.me)
  if (restoredFor !== state.me) {
    restoredFor = state.me
    for (const { room_id, ...message } of stored(key)) if (state.rooms.has(room_id)) chat.sync.send(room_id, message)
    return
  }
  const unsent = unsentIn(state)
  if (unsent.length > 0) sessionStorage.setItem(key, JSON.stringify(unsent))
  else if (sessionStorage.getItem(key) !== null) sessionStorage.removeItem(key)
})
watch(
  () => session.status,
  (status, before) => {
    // Whoever signs out is asked first, and means it.
    if (status === 'out' && before === 'in' && restoredFor !== undefined && !session.endedBy)
      sessionStorage.removeItem(keyOf(restoredFor))
    if (status !== 'in') restoredFor = undefined
  },
)

function stored(key: string): Unsent[] {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '[]') as Unsent[]
  } catch {
    return []
  }
}
