import type { Frame } from '../stream/frames.ts'
import { changeOutgoing, tick, typed } from './local.ts'
import { applyChanges, applyRead, applyReads, openedRoom, putRow, settleOutgoing, summaryOf } from './room.ts'
import type { Effect, Hold, RoomFrame, RoomState, Step, SyncEvent, SyncState } from './state.ts'
import { joinPage } from './window.ts'

/**
 * The client's rule of docs/realtime.md as a function: what is known, and what happened, give what is known now and what is to be
 * fetched. Frames of a room whose snapshot is on its way wait in a hold; they are applied after it, where what is old is ignored.
 */
export function reduce(before: SyncState, event: SyncEvent): Step {
  let state = before
  const effects: Effect[] = []

  const set = (change: Partial<SyncState>) => {
    state = { ...state, ...change }
  }
  const setRoom = (room: RoomState) => {
    if (state.rooms.get(room.id) !== room) set({ rooms: new Map(state.rooms).set(room.id, room) })
  }
  const removeRoom = (roomId: number) => {
    if (!state.rooms.has(roomId)) return
    const rooms = new Map(state.rooms)
    rooms.delete(roomId)
    set({ rooms })
  }
  const newOp = (): number => {
    set({ ops: state.ops + 1 })
    return state.ops
  }
  const setHold = (roomId: number, hold: Hold | undefined) => {
    const holds = new Map(state.holds)
    if (hold) holds.set(roomId, hold)
    else holds.delete(roomId)
    set({ holds })
  }

  /** Fetches a room anew; `frames` (and those to come) are applied after that. */
  const load = (roomId: number, kind: 'room' | 'open', frames: readonly RoomFrame[], around?: number) => {
    const op = newOp()
    setHold(roomId, { kind, op, frames })
    if (kind === 'room') effects.push({ type: 'load_room', op, room_id: roomId })
    else effects.push({ type: 'open_room', op, room_id: roomId, around_seq: around })
  }
  const reload = (roomId: number) => {
    const opened = state.rooms.get(roomId)?.window || state.holds.get(roomId)?.kind === 'open'
    load(roomId, opened ? 'open' : 'room', [])
  }
  const pull = (room: RoomState, frames: readonly RoomFrame[]) => {
    const op = newOp()
    setHold(room.id, { kind: 'pull', op, frames })
    effects.push({ type: 'pull', op, room_id: room.id, since_rev: room.rev })
  }
  const release = (roomId: number) => {
    const frames = state.holds.get(roomId)?.frames ?? []
    setHold(roomId, undefined)
    for (const frame of frames) onRoomFrame(frame)
  }
  const loadAll = () => {
    const opened = [...state.rooms.values()].filter((room) => room.window).map((room) => room.id)
    const opening = [...state.holds].filter(([, hold]) => hold.kind === 'open').map(([id]) => id)
    const reopen = new Set([...opened, ...opening, ...(state.listHold?.reopen ?? [])])
    const op = newOp()
    set({ holds: new Map(), listHold: { op, frames: [], reopen } })
    effects.push({ type: 'load_list', op })
  }

  const onFrame = (frame: Frame, now: number) => {
    switch (frame.type) {
      case 'hello':
        set({ me: frame.user_id })
        if (!frame.resumed) loadAll()
        return
      case 'resync_required':
        if (frame.room_id === null) return loadAll()
        return onRoomFrame({ ...frame, room_id: frame.room_id })
      case 'heartbeat':
        for (const [room, rev] of Object.entries(frame.heads)) onRoomFrame({ type: 'head', room_id: Number(room), rev })
        return
      case 'presence': {
        const { user_id, online, last_seen_at } = frame
        return set({ presence: new Map(state.presence).set(user_id, { user_id, online, last_seen_at }) })
      }
      case 'typing':
        return set(typed(state, frame, now))
      case 'message':
      case 'message_changed':
      case 'skip':
      case 'read':
      case 'changes':
      case 'room_joined':
      case 'room_left':
      case 'room_settings':
        return onRoomFrame(frame)
      default:
    }
  }

  const onRoomFrame = (frame: RoomFrame) => {
    const { room_id } = frame
    if (state.listHold) return set({ listHold: { ...state.listHold, frames: [...state.listHold.frames, frame] } })
    if (frame.type === 'room_left' || (frame.type === 'room_settings' && frame.hidden)) {
      setHold(room_id, undefined)
      return removeRoom(room_id)
    }
    if (frame.type === 'room_joined' || frame.type === 'resync_required') return reload(room_id)
    const hold = state.holds.get(room_id)
    if (hold) return setHold(room_id, { ...hold, frames: [...hold.frames, frame] })
    const room = state.rooms.get(room_id)
    if (room) return onKnownRoom(room, frame)
    // Of rooms that are hidden nothing but a new message counts.
    const appears = frame.type === 'message' || (frame.type === 'changes' && frame.messages.length > 0)
    const shownAgain = frame.type === 'room_settings'
    if (appears || shownAgain) load(room_id, 'room', [frame])
  }

  const onKnownRoom = (room: RoomState, frame: RoomFrame) => {
    switch (frame.type) {
      case 'message':
      case 'message_changed':
      case 'skip':
        if (frame.rev <= room.rev) return
        if (frame.rev > room.rev + 1) return pull(room, [frame])
        return setRoom({
          ...(frame.type === 'skip' ? room : putRow(room, frame.message, state.me)),
          rev: frame.rev,
        })
      case 'changes':
        if (room.rev < frame.from_rev) return pull(room, [frame])
        return setRoom(applyChanges(room, frame, state.me))
      case 'head':
        return frame.rev > room.rev ? pull(room, []) : undefined
      case 'read':
        return setRoom(applyRead(room, frame.user_id, frame.read_seq, state.me))
      case 'room_settings':
        return setRoom({ ...room, muted: frame.muted })
      default:
    }
  }

  const findPeople = () => {
    const unknown = new Set<number>()
    for (const room of state.rooms.values()) {
      if (room === before.rooms.get(room.id)) continue
      for (const id of room.members?.keys() ?? []) if (!state.people.has(id)) unknown.add(id)
    }
    if (unknown.size > 0) effects.push({ type: 'load_people', user_ids: [...unknown] })
  }

  const isCurrent = (roomId: number, op: number): boolean => state.holds.get(roomId)?.op === op
  const onRoom = (roomId: number, change: (room: RoomState) => RoomState) => {
    const room = state.rooms.get(roomId)
    if (room) setRoom(change(room))
  }

  switch (event.type) {
    case 'frame':
      onFrame(event.frame, event.now)
      break
    case 'list_loaded': {
      if (state.listHold?.op !== event.op) break
      const { frames, reopen } = state.listHold
      const loaded = event.rooms.map((room): RoomState => {
        const known = state.rooms.get(room.id)
        const window = known?.window ?? null
        return { ...summaryOf(room, known), window, ...(window ? { members: known!.members } : {}) }
      })
      set({ loaded: true, listHold: null, rooms: new Map(loaded.map((room) => [room.id, room])) })
      set(
        peopleOf(
          state,
          event.rooms.flatMap((room) => room.members),
        ),
      )
      for (const roomId of reopen) load(roomId, 'open', [])
      for (const frame of frames) onRoomFrame(frame)
      break
    }
    case 'room_loaded':
      if (!isCurrent(event.room.id, event.op)) break
      set(peopleOf(state, event.room.members))
      setRoom(summaryOf(event.room, state.rooms.get(event.room.id)))
      release(event.room.id)
      break
    case 'room_opened':
      if (!isCurrent(event.room.id, event.op)) break
      set(peopleOf(state, event.members))
      setRoom(openedRoom(event, state.rooms.get(event.room.id)))
      release(event.room.id)
      break
    case 'room_gone':
      if (!isCurrent(event.room_id, event.op)) break
      removeRoom(event.room_id)
      setHold(event.room_id, undefined)
      break
    case 'pulled': {
      const { changes } = event
      if (!isCurrent(changes.room_id, event.op)) break
      onRoom(changes.room_id, (room) => applyReads(applyChanges(room, changes, state.me), changes.reads, state.me))
      release(changes.room_id)
      break
    }
    case 'open':
      if (state.listHold)
        set({ listHold: { ...state.listHold, reopen: new Set(state.listHold.reopen).add(event.room_id) } })
      else load(event.room_id, 'open', state.holds.get(event.room_id)?.frames ?? [], event.around_seq)
      break
    case 'close': {
      onRoom(event.room_id, (room) => ({ ...room, window: null, paging: null }))
      const hold = state.holds.get(event.room_id)
      if (hold?.kind === 'open') load(event.room_id, 'room', hold.frames)
      break
    }
    case 'page_asked':
      onRoom(event.room_id, (room) => ({ ...room, paging: { op: event.op, strays: new Map() } }))
      break
    case 'page_loaded':
      onRoom(event.room_id, (room) => {
        const { window, paging } = room
        if (!window || paging?.op !== event.op) return room
        return { ...room, window: joinPage(window, event.page, paging.strays), paging: null }
      })
      break
    case 'page_failed':
      onRoom(event.room_id, (room) => (room.paging?.op === event.op ? { ...room, paging: null } : room))
      break
    case 'read_acknowledged':
      onRoom(event.room_id, (room) => (state.me === null ? room : applyRead(room, state.me, event.read_seq, state.me)))
      break
    case 'people_loaded':
      set(
        peopleOf(
          state,
          event.people.map(({ id, ...person }) => ({ user_id: id, ...person })),
        ),
      )
      break
    case 'tick':
      set(tick(state, event.now))
      break
    case 'queued':
      onRoom(event.message.room_id, (room) => ({ ...room, outgoing: [...room.outgoing, event.message] }))
      break
    case 'progressed':
    case 'cancelled':
      onRoom(event.room_id, (room) => settleOutgoing(changeOutgoing(room, event)))
      break
    default:
  }
  findPeople()
  return { state, effects }
}

type Named = { user_id: number; username: string; display_name: string; profile_image_url: string | null }

function peopleOf(state: SyncState, named: readonly Named[]): Pick<SyncState, 'people'> {
  if (named.length === 0) return state
  const people = new Map(state.people)
  for (const { user_id, username, display_name, profile_image_url } of named)
    people.set(user_id, { user_id, username, display_name, profile_image_url })
  return { people }
}
