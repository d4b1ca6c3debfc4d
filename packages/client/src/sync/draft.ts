import type { Effect, Hold, RoomState, SyncState } from './state.ts'

/** The state while one event is worked in. What it was made of is left as it was. */
export type Draft = ReturnType<typeof createDraft>

export function createDraft(before: SyncState) {
  let state = before
  const effects: Effect[] = []

  const set = (change: Partial<SyncState>) => {
    state = { ...state, ...change }
  }
  const without = <K, V>(entries: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
    if (!entries.has(key)) return entries
    const left = new Map(entries)
    left.delete(key)
    return left
  }

  return {
    get state() {
      return state
    },
    effects,
    set,
    setRoom: (room: RoomState) => {
      if (state.rooms.get(room.id) !== room) set({ rooms: new Map(state.rooms).set(room.id, room) })
    },
    removeRoom: (roomId: number) => set({ rooms: without(state.rooms, roomId) }),
    setHold: (roomId: number, hold: Hold | undefined) =>
      set({ holds: hold ? new Map(state.holds).set(roomId, hold) : without(state.holds, roomId) }),
    newOp: (): number => {
      set({ ops: state.ops + 1 })
      return state.ops
    },
  }
}

type Named = { user_id: number; username: string; display_name: string; profile_image_url: string | null }

export function peopleOf(state: SyncState, named: readonly Named[]): Pick<SyncState, 'people'> {
  if (named.length === 0) return state
  const people = new Map(state.people)
  for (const { user_id, username, display_name, profile_image_url } of named)
    people.set(user_id, { user_id, username, display_name, profile_image_url })
  return { people }
}
