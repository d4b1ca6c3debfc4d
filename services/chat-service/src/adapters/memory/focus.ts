import type { Clock } from '@bigtech/kernel'
import type { FocusStore } from '../../ports.ts'

const LIFETIME_MS = 60_000

type Focus = Readonly<{ user_id: number; room_id: number; until: number }>

/** Of one process. */
export function createMemoryFocus(clock: Clock): FocusStore {
  /** What was said last comes last. */
  const connections = new Map<string, Focus>()
  const rooms = new Map<number, Set<string>>()

  const forget = (connection: string) => {
    const room = connections.get(connection)?.room_id
    if (room === undefined) return
    connections.delete(connection)
    const those = rooms.get(room)!
    those.delete(connection)
    if (those.size === 0) rooms.delete(room)
  }
  const sweep = () => {
    for (const [connection, { until }] of connections) {
      if (until > clock.now()) return
      forget(connection)
    }
  }

  return {
    async set({ user_id, connection_id }, room_id) {
      sweep()
      const connection = `${user_id}/${connection_id}`
      forget(connection)
      if (room_id === null) return
      connections.set(connection, { user_id, room_id, until: clock.now() + LIFETIME_MS })
      const those = rooms.get(room_id) ?? new Set()
      rooms.set(room_id, those.add(connection))
    },
    async focused(roomId) {
      sweep()
      return new Set(Array.from(rooms.get(roomId) ?? [], (connection) => connections.get(connection)!.user_id))
    },
  }
}
