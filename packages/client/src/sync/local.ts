import type { TypingFrame } from '../stream/frames.ts'
import type { Outgoing, RoomState, SyncEvent, SyncState } from './state.ts'

/** What is ours alone or soon forgotten: who types, messages on their way. */

const TYPING_MS = 5_000

export function typed(state: SyncState, frame: TypingFrame, now: number): Partial<SyncState> {
  const room = state.rooms.get(frame.room_id)
  if (!room || frame.user_id === state.me) return {}
  const typing = new Map(room.typing)
  if (frame.typing) typing.set(frame.user_id, now + TYPING_MS)
  else typing.delete(frame.user_id)
  return { rooms: new Map(state.rooms).set(room.id, { ...room, typing }) }
}

/** Forgets who stopped typing without saying so. */
export function tick(state: SyncState, now: number): Partial<SyncState> {
  const late = [...state.rooms.values()].filter((room) => [...room.typing.values()].some((until) => until <= now))
  if (late.length === 0) return {}
  const rooms = new Map(state.rooms)
  for (const room of late)
    rooms.set(room.id, { ...room, typing: new Map([...room.typing].filter(([, until]) => until > now)) })
  return { rooms }
}

/** epoch ms of the next `tick` that changes something */
export function nextTick(state: SyncState): number | undefined {
  let next: number | undefined
  for (const room of state.rooms.values())
    for (const until of room.typing.values()) if (next === undefined || until < next) next = until
  return next
}

/** In the order of sending: what an earlier program left stands before what was written since. */
export function queueOutgoing(room: RoomState, message: Outgoing): RoomState {
  return { ...room, outgoing: [...room.outgoing, message].sort((a, b) => a.created_at - b.created_at) }
}

export function changeOutgoing(
  room: RoomState,
  event: Extract<SyncEvent, { type: 'progressed' | 'cancelled' }>,
): RoomState {
  const concerns = (one: { client_message_id: string }) => one.client_message_id === event.client_message_id
  if (!room.outgoing.some(concerns)) return room
  const outgoing =
    event.type === 'cancelled'
      ? room.outgoing.filter((one) => !concerns(one))
      : room.outgoing.map((one) => (concerns(one) ? { ...one, ...event.change } : one))
  return { ...room, outgoing }
}
