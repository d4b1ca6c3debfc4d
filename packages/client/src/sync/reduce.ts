import type { Frame } from '../stream/frames.ts'
import type { Message, Room } from '../types.ts'
import { changeOutgoing, queueOutgoing, tick, typed } from './local.ts'
import { createDraft, peopleOf } from './draft.ts'
import {
  applyChanges,
  applyRead,
  applySettings,
  changesMadeName,
  isNamedBefore,
  namedIn,
  openedRoom,
  putRow,
  settleOutgoing,
  summaryOf,
} from './room.ts'
import type { RoomFrame, RoomState, Step, SyncEvent, SyncState } from './state.ts'
import { hasNewer, joinPage, nextSeq, trimmed } from './window.ts'

/**
 * The client's rule of docs/realtime.md as a function: what is known, and what happened, give what is known now and what is to be
 * fetched. Frames of a room whose snapshot is on its way wait in a hold; they are applied after it, where what is old is ignored.
 */
export function reduce(before: SyncState, event: SyncEvent): Step {
  const draft = createDraft(before)
  const { set, setRoom, removeRoom, setHold, newOp, effects } = draft

  /** Fetches a room anew; `frames` (and those to come) are applied after that. */
  const load = (roomId: number, kind: 'room' | 'open', frames: readonly RoomFrame[], around?: number) => {
    const op = newOp()
    setHold(roomId, { kind, op, frames })
    if (kind === 'room') effects.push({ type: 'load_room', op, room_id: roomId })
    else effects.push({ type: 'open_room', op, room_id: roomId, around_seq: around })
  }
  const reload = (roomId: number) => {
    const opened = draft.state.rooms.get(roomId)?.window || draft.state.holds.get(roomId)?.kind === 'open'
    load(roomId, opened ? 'open' : 'room', [])
  }
  const pull = (room: RoomState, frames: readonly RoomFrame[]) => {
    const op = newOp()
    setHold(room.id, { kind: 'pull', op, frames })
    effects.push({ type: 'pull', op, room_id: room.id, since_rev: room.rev })
  }
  const release = (roomId: number) => {
    const frames = draft.state.holds.get(roomId)?.frames ?? []
    setHold(roomId, undefined)
    for (const frame of frames) onRoomFrame(frame)
  }
  const loadAll = () => {
    const opened = [...draft.state.rooms.values()].filter((room) => room.window).map((room) => room.id)
    const opening = [...draft.state.holds].filter(([, hold]) => hold.kind === 'open').map(([id]) => id)
    const reopen = new Set([...opened, ...opening, ...(draft.state.listHold?.reopen ?? [])])
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
        return set({ presence: new Map(draft.state.presence).set(user_id, { user_id, online, last_seen_at }) })
      }
      case 'typing':
        return set(typed(draft.state, frame, now))
      case 'person':
        // Those of no room are of friends, whom whoever shows a list of them knows.
        return frame.room_id === undefined ? undefined : onRoomFrame({ ...frame, room_id: frame.room_id })
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
    if (draft.state.listHold)
      return set({ listHold: { ...draft.state.listHold, frames: [...draft.state.listHold.frames, frame] } })
    if (frame.type === 'room_left' || (frame.type === 'room_settings' && frame.hidden)) {
      setHold(room_id, undefined)
      return removeRoom(room_id)
    }
    if (frame.type === 'room_joined' || frame.type === 'resync_required') return reload(room_id)
    const hold = draft.state.holds.get(room_id)
    if (hold) return setHold(room_id, { ...hold, frames: [...hold.frames, frame] })
    if (frame.type === 'person') return onPerson(frame)
    const room = draft.state.rooms.get(room_id)
    if (room) return onKnownRoom(room, frame)
    // Of rooms that are hidden nothing but a new message counts.
    const appears = frame.type === 'message' || (frame.type === 'changes' && frame.messages.length > 0)
    const shownAgain = frame.type === 'room_settings'
    if (appears || shownAgain) load(room_id, 'room', [frame])
  }

  const onPerson = (frame: Extract<RoomFrame, { type: 'person' }>) => {
    set(peopleOf(draft.state, [frame]))
    const room = draft.state.rooms.get(frame.room_id)
    // No room is named after oneself, whoever else has the same name.
    if (!room || frame.user_id === draft.state.me || !isNamedBefore(room, frame)) return
    if (room.type === 'direct') setRoom({ ...room, name: frame.display_name })
    else reload(room.id)
  }

  const onKnownRoom = (room: RoomState, frame: RoomFrame) => {
    switch (frame.type) {
      case 'message':
      case 'message_changed':
      case 'skip':
        if (frame.rev <= room.rev) return
        if (frame.rev > room.rev + 1) return pull(room, [frame])
        setRoom({
          ...(frame.type === 'skip' ? room : putRow(room, frame.message, draft.state.me)),
          rev: frame.rev,
        })
        if (frame.type !== 'skip' && changesMadeName(room, [frame.message])) reload(room.id)
        return
      case 'changes':
        if (room.rev < frame.from_rev) return pull(room, [frame])
        return applied(room, applyChanges(room, frame, draft.state.me), frame.messages)
      case 'head':
        return frame.rev > room.rev ? pull(room, []) : undefined
      case 'read':
        return setRoom(applyRead(room, frame.user_id, frame.read_seq, draft.state.me))
      case 'room_settings':
        if (frame.join_seq === undefined) return reload(room.id)
        return setRoom(applySettings(room, frame, frame.join_seq, draft.state.me))
      default:
    }
  }

  /**
   * Takes what was missed, and fetches the room anew when that does not do: its name is made of other names now, or the messages do not join those
   * at the end of which one is, because the conversation was cleared in between.
   */
  const applied = (room: RoomState, next: RoomState, news: readonly Message[], afterwards = () => {}) => {
    setRoom(next)
    afterwards()
    if (changesMadeName(room, news) || (!hasNewer(room) && hasNewer(next))) reload(room.id)
  }

  const findPeople = () => {
    const unknown = new Set<number>()
    for (const room of draft.state.rooms.values()) {
      const known = before.rooms.get(room.id)
      if (room === known) continue
      for (const id of namedIn(room, known)) if (!draft.state.people.has(id)) unknown.add(id)
    }
    if (unknown.size > 0) effects.push({ type: 'load_people', user_ids: [...unknown] })
  }

  const isCurrent = (roomId: number, op: number): boolean => draft.state.holds.get(roomId)?.op === op
  const onRoom = (roomId: number, change: (room: RoomState) => RoomState) => {
    const room = draft.state.rooms.get(roomId)
    if (room) setRoom(change(room))
  }

  switch (event.type) {
    case 'frame':
      onFrame(event.frame, event.now)
      break
    case 'list_loaded': {
      if (draft.state.listHold?.op !== event.op) break
      const { frames, reopen } = draft.state.listHold
      const loaded = event.rooms.map((room): RoomState => {
        const known = draft.state.rooms.get(room.id)
        const window = known?.window ?? null
        return { ...summaryOf(room, known), window, ...(window ? { members: known!.members } : {}) }
      })
      set({ loaded: true, listHold: null, rooms: new Map(loaded.map((room) => [room.id, room])) })
      set(
        peopleOf(
          draft.state,
          event.rooms.flatMap((room) => room.members),
        ),
      )
      for (const roomId of reopen) if (draft.state.rooms.has(roomId)) load(roomId, 'open', [])
      for (const frame of frames) onRoomFrame(frame)
      break
    }
    case 'room_loaded':
      if (!isCurrent(event.room.id, event.op)) break
      set(peopleOf(draft.state, event.room.members))
      if (!isHidden(event.room) || draft.state.rooms.has(event.room.id))
        setRoom(summaryOf(event.room, draft.state.rooms.get(event.room.id)))
      release(event.room.id)
      break
    case 'room_opened':
      if (!isCurrent(event.room.id, event.op)) break
      set(peopleOf(draft.state, event.members))
      setRoom(openedRoom(event, draft.state.rooms.get(event.room.id)))
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
      const room = draft.state.rooms.get(changes.room_id)
      if (room) {
        const next = applyChanges(room, changes, draft.state.me)
        applied(room, next, changes.messages, () => release(room.id))
      } else release(changes.room_id)
      break
    }
    case 'open':
      if (draft.state.listHold)
        set({ listHold: { ...draft.state.listHold, reopen: new Set(draft.state.listHold.reopen).add(event.room_id) } })
      else load(event.room_id, 'open', draft.state.holds.get(event.room_id)?.frames ?? [], event.around_seq)
      break
    case 'close': {
      onRoom(event.room_id, (room) => ({ ...room, window: null, paging: null }))
      const hold = draft.state.holds.get(event.room_id)
      if (hold?.kind === 'open') load(event.room_id, 'room', hold.frames)
      break
    }
    case 'trim':
      onRoom(event.room_id, (room) => {
        const { window } = room
        if (!window || window.messages.length <= event.keep) return room
        return { ...room, window: trimmed(window, nextSeq(window) - event.keep - 1) }
      })
      break
    case 'page_asked':
      onRoom(event.room_id, (room) => ({ ...room, paging: { op: event.op, strays: new Map() } }))
      break
    case 'page_loaded':
      onRoom(event.room_id, (room) => {
        const { window, paging } = room
        if (!window || paging?.op !== event.op) return room
        return { ...room, window: trimmed(joinPage(window, event.page, paging.strays), room.join_seq), paging: null }
      })
      break
    case 'page_failed':
      onRoom(event.room_id, (room) => (room.paging?.op === event.op ? { ...room, paging: null } : room))
      break
    case 'read_acknowledged':
      onRoom(event.room_id, (room) =>
        draft.state.me === null ? room : applyRead(room, draft.state.me, event.read_seq, draft.state.me),
      )
      break
    case 'people_loaded':
      set(
        peopleOf(
          draft.state,
          event.people.map(({ id, ...person }) => ({ user_id: id, ...person })),
        ),
      )
      break
    case 'presence_loaded':
      set({ presence: new Map([...draft.state.presence, ...event.presence.map((one) => [one.user_id, one] as const)]) })
      break
    case 'tick':
      set(tick(draft.state, event.now))
      break
    case 'queued':
      onRoom(event.message.room_id, (room) => settleOutgoing(queueOutgoing(room, event.message)))
      break
    case 'progressed':
    case 'cancelled':
      onRoom(event.room_id, (room) => settleOutgoing(changeOutgoing(room, event)))
      break
    default:
  }
  findPeople()
  return { state: draft.state, effects }
}

/** A server that does not tell: cleared is a direct room with a past of which nothing is shown. */
const isHidden = ({ hidden, type, last_seq, join_seq }: Room): boolean =>
  hidden ?? (type === 'direct' && last_seq > 0 && last_seq <= join_seq)
