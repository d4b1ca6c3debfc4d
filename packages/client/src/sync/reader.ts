import type { roomsApi } from '../api/rooms.ts'
import { isTemporary } from '../errors.ts'
import type { Connection } from '../stream/connection.ts'
import type { Pauses } from './pauses.ts'
import type { SyncEvent, SyncState } from './state.ts'

export type ReaderPorts = {
  state: () => SyncState
  dispatch: (event: SyncEvent) => void
  connection: () => Connection
  rooms: ReturnType<typeof roomsApi>
  pauses: Pauses
  over: AbortSignal
}

/** Tells the server how far one has read, until it knows: of several positions the furthest, and one call a room at a time. */
export function createReader(ports: ReaderPorts): (roomId: number, seq?: number) => void {
  const wanted = new Map<number, number>()

  async function post(roomId: number, seq: number): Promise<number> {
    const options = { signal: ports.over }
    const connection = ports.connection()
    const answer = connection.commands
      ? connection.command({ type: 'read', room_id: roomId, seq }, options)
      : ports.rooms.markRead(roomId, seq, options)
    return (await answer).read_seq
  }

  async function tell(roomId: number): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const seq = wanted.get(roomId)!
      try {
        const read_seq = await post(roomId, seq)
        ports.dispatch({ type: 'read_acknowledged', room_id: roomId, read_seq })
        if (wanted.get(roomId) === seq) return void wanted.delete(roomId)
      } catch (error) {
        // Refused: no member any more, for example. There is nothing to read then.
        if (!isTemporary(error) || !(await ports.pauses.pause(attempt))) return void wanted.delete(roomId)
      }
    }
  }

  return (roomId, seq = ports.state().rooms.get(roomId)?.last_seq ?? 0) => {
    const told = wanted.get(roomId)
    if (seq <= Math.max(told ?? 0, ports.state().rooms.get(roomId)?.read_seq ?? 0)) return
    wanted.set(roomId, seq)
    if (told === undefined) void tell(roomId)
  }
}
