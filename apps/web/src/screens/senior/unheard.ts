import { roomUnread, type RoomState } from '@bigtech/client'
import { shallowReactive } from 'vue'
import { chat } from '../../app/chat.ts'
import { session } from '../../app/session.ts'

/**
 * Who says something has read all that came before it, as far as the server knows. Here nobody sees what they answer to: what came before and was
 * not heard is to be heard all the same. `after`: heard up to there, by `seq`; `own`: what they said since, by `seq`.
 */
type Unheard = Readonly<{ after: number; own: readonly number[] }>

const PREFIX = 'bigtech-chat:unheard:'
const keyOf = (roomId: number): string => `${PREFIX}${session.me?.id ?? 0}:${roomId}`
const marks = shallowReactive(new Map<string, Unheard>())

/** Without storage it is kept as long as the page. */
function withStorage<T>(work: (storage: Storage) => T): T | undefined {
  try {
    return work(localStorage)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    return undefined
  }
}
withStorage((storage) => {
  for (const key of Object.keys(storage))
    if (key.startsWith(PREFIX)) marks.set(key, JSON.parse(storage.getItem(key)!) as Unheard)
})

function keep(roomId: number, mark: Unheard | undefined): void {
  const key = keyOf(roomId)
  if (mark) marks.set(key, mark)
  else marks.delete(key)
  withStorage((storage) => (mark ? storage.setItem(key, JSON.stringify(mark)) : storage.removeItem(key)))
}

const readUpTo = (room: Pick<RoomState, 'read_seq' | 'join_seq'>): number => Math.max(room.read_seq, room.join_seq)

/** Where the next that is to be heard comes after. */
export const heardUpTo = (room: RoomState): number => marks.get(keyOf(room.id))?.after ?? readUpTo(room)

/** How many are to be heard, about: changes of a room that came before the last that was read may be among them. */
export function unheardIn(room: RoomState): number {
  const mark = marks.get(keyOf(room.id))
  if (!mark) return roomUnread(room)
  const later = (seqs: readonly number[]) => seqs.filter((seq) => seq > mark.after).length
  return Math.max(0, room.last_seq - mark.after - later(mark.own) - later(room.uncounted))
}

/** Before one says something there. */
export function keepUnheard(room: RoomState): void {
  if (!marks.has(keyOf(room.id))) keep(room.id, { after: readUpTo(room), own: [] })
}

export function heard(roomId: number, seq: number): void {
  const mark = marks.get(keyOf(roomId))
  if (mark && seq > mark.after) keep(roomId, { ...mark, after: seq })
}

/** There is nothing left, or it is looked at as others do. */
export const forgetUnheard = (roomId: number): void => keep(roomId, undefined)

chat.onFrame((frame) => {
  if (frame.type !== 'message' || frame.message.user_id !== session.me?.id) return
  const mark = marks.get(keyOf(frame.room_id))
  if (mark) keep(frame.room_id, { ...mark, own: [...mark.own, frame.message.seq] })
})
