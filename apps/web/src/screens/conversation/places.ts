import { roomUnread, type RoomState } from '@bigtech/client'
import { session } from '../../app/session.ts'

/** A message and how far its top stood from the top of the log, in px (negative: partly above). */
export type Place = Readonly<{ seq: number; top: number }>

/** Where one stood in rooms one has left; whoever left a room at its end has no place there. As long as the page lives, per account. */
const places = new Map<string, Place & { last_seq: number }>()
const keyOf = (roomId: number): string => `${session.me?.id ?? 0}:${roomId}`

export function keepPlace(room: RoomState, place: Place | undefined): void {
  if (place) places.set(keyOf(room.id), { ...place, last_seq: room.last_seq })
  else places.delete(keyOf(room.id))
}

/** Whoever has something new to read is led there, not to where they stood before it came. */
export function keptPlace(room: RoomState): Place | undefined {
  const kept = places.get(keyOf(room.id))
  return kept && (kept.last_seq === room.last_seq || roomUnread(room) === 0) ? kept : undefined
}
