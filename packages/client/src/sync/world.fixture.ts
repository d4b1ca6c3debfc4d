import assert from 'node:assert/strict'
import type { Frame } from '../stream/frames.ts'
import type { Room } from '../types.ts'
import { createModel } from './model.fixture.ts'
import { reduce } from './reduce.ts'
import { emptyState, type Effect, type Outgoing, type SyncEvent, type SyncState } from './state.ts'

export type Action = { do: string; at?: number; user?: number; seq?: number; count?: number }

/** A client on the reducer, a server, and everything between them, moved by actions. */
export function createWorld(tellsMore: boolean) {
  let state: SyncState = emptyState
  let channel: Frame[] = []
  let connected = false
  let token: string | undefined
  let last: Frame | undefined
  /** Answers on their way: first read at the server (perhaps in parts), then taken in. */
  let pending: (() => boolean)[] = []
  let pageOps = 0
  const model = createModel((frame) => void (connected && channel.push(frame)), tellsMore)
  const stored = new Map<string, number>()
  /** Opened at its end: such a window is to stay there. */
  const atEnd = new Set<number>()
  /** Whose names were asked for. */
  const named = new Set<number>()

  const dispatch = (event: SyncEvent) => {
    const step = reduce(state, event)
    state = step.state
    for (const effect of step.effects)
      if (effect.type === 'load_people') for (const id of effect.user_ids) named.add(id)
      else pending.push(fetching(effect))
  }

  function fetching(effect: Exclude<Effect, { type: 'load_people' }>): () => boolean {
    const { op } = effect
    if (effect.type === 'load_list') {
      let rooms: Room[] | undefined
      return () => {
        if (rooms) dispatch({ type: 'list_loaded', op, rooms })
        else rooms = model.list()
        return rooms !== undefined && state.listHold?.op !== op
      }
    }
    const { room_id } = effect
    const gone = () => (dispatch({ type: 'room_gone', op, room_id }), true)
    if (effect.type === 'pull') {
      let changes: ReturnType<typeof model.changes>
      let asked = false
      return () => {
        if (asked) return changes ? (dispatch({ type: 'pulled', op, changes }), true) : gone()
        asked = true
        changes = model.changes(room_id, effect.since_rev)
        return false
      }
    }
    let room: ReturnType<typeof model.room>
    let page: ReturnType<typeof model.page>
    const place = effect.type === 'open_room' && effect.around_seq !== undefined ? { around: effect.around_seq } : {}
    const parts = [() => (room = model.room(room_id)), () => (page = model.page(room_id, place))]
    if (op % 2) parts.reverse()
    return () => {
      const part = parts.shift()
      if (part) return (part(), false)
      if (!room || !page) return gone()
      if (effect.type === 'load_room') dispatch({ type: 'room_loaded', op, room })
      else dispatch({ type: 'room_opened', op, room, members: room.members, page })
      return true
    }
  }

  const take = (frame: Frame | undefined) => {
    if (!frame) return
    last = frame
    dispatch({ type: 'frame', frame, now: 0 })
    if ('token' in frame && frame.token) token = frame.token
    if (frame.type === 'resync_required' && frame.room_id === null) token = undefined
  }
  const connect = (from: string | undefined) => {
    channel = []
    connected = true
    const resumed = from !== undefined
    const hello = { connection_id: '', user_id: 1, heartbeat_ms: 1, resumed, token: from ?? model.head() }
    channel.push({ type: 'hello', ...hello })
    if (from === 'unknown') channel.push({ type: 'resync_required', room_id: null, reason: 'unknown_token' })
    else if (from !== undefined) channel.push(...model.replay(from))
  }
  const answer = (at: number) => {
    const work = pending[at % Math.max(1, pending.length)]
    if (work?.()) pending = pending.filter((one) => one !== work)
  }
  const roomAt = (at: number) => [...state.rooms.values()][at % Math.max(1, state.rooms.size)]
  const isRevved = (frame: Frame | undefined): frame is Extract<Frame, { rev: number }> =>
    frame !== undefined && 'rev' in frame

  function act({ do: what, at = 0, user = 1, seq = 0, count = 1 }: Action) {
    const there = model.rooms[at % Math.max(1, model.rooms.length)]
    const here = roomAt(at)
    const place = there ? 1 + (seq % Math.max(1, there.log.length)) : 0
    switch (what) {
      case 'group':
      case 'direct':
        return (
          model.rooms.length < 5 && model.create(what, what === 'direct' ? [2 + (at % 3)] : [2, 3].slice(0, at % 3))
        )
      case 'send':
        return there && model.send(there, user)
      case 'edit':
        return there && model.edit(there, place)
      case 'delete':
        return there && model.delete(there, place)
      case 'react':
        return there && model.react(there, place, user)
      case 'read':
        return there && model.read(there, user, place)
      case 'add':
        return there && model.add(there, user, at % 2 ? 'added' : 'invite')
      case 'leave':
        return there && model.leave(there, user)
      case 'owner':
      case 'admin':
        return there && model.setRole(there, user, what)
      case 'rename':
        return there && model.rename(there)
      case 'mute':
      case 'hide':
        return there && model.settings(there, what)

      case 'deliver':
        for (let i = 0; i < count; i++) take(channel.shift())
        return
      case 'heartbeat':
        return connected && channel.push({ type: 'heartbeat', at: '', heads: model.heads(), token: model.head() })
      case 'drop':
        // Real streams lose their end only; a hole before it may only be where a revision shows it.
        if (
          isRevved(channel[0]) &&
          state.rooms.has(channel[0].room_id) &&
          !state.listHold &&
          !state.holds.has(channel[0].room_id)
        )
          channel.shift()
        return
      case 'duplicate':
        return isRevved(last) && take(last)
      case 'swap': {
        const [first, second] = channel
        if (isRevved(first) && isRevved(second) && first.room_id === second.room_id) channel.splice(0, 2, second, first)
        return
      }
      case 'cut':
        connected = false
        channel = []
        return
      case 'resume':
        return connected || connect(token)
      case 'start':
        return connected || connect(undefined)
      case 'forget':
        return connected || connect('unknown')
      case 'answer':
        return answer(at)

      case 'open':
      case 'around':
        if (!here) return
        if (what === 'open') atEnd.add(here.id)
        else atEnd.delete(here.id)
        return dispatch({ type: 'open', room_id: here.id, ...(what === 'around' ? { around_seq: seq } : {}) })
      case 'close':
        return here && dispatch({ type: 'close', room_id: here.id })
      case 'trim':
        return here && dispatch({ type: 'trim', room_id: here.id, keep: 1 + (seq % 5) })
      case 'older': {
        if (!here?.window || here.paging) return
        const op = --pageOps
        const room_id = here.id
        const before = here.window.from
        let page: ReturnType<typeof model.page>
        let asked = false
        dispatch({ type: 'page_asked', room_id, op })
        return pending.push(() => {
          if (asked) {
            dispatch(page ? { type: 'page_loaded', room_id, op, page } : { type: 'page_failed', room_id, op })
            return true
          }
          asked = true
          page = model.page(room_id, { before })
          return false
        })
      }
      case 'queue':
        return here && dispatch({ type: 'queued', message: outgoing(here.id) })
      case 'post':
      case 'ack': {
        const one = here?.outgoing[0]
        const to = one && model.rooms[one.room_id - 1]
        const message = to && model.send(to, 1, one.client_message_id)
        if (!message) return
        stored.set(one.client_message_id, one.room_id)
        const { room_id, client_message_id } = one
        if (what === 'ack')
          dispatch({ type: 'progressed', room_id, client_message_id, change: { status: 'sent', seq: message.seq } })
        return
      }
      default:
        throw new Error(what)
    }
  }

  return {
    model,
    act,
    stored,
    atEnd,
    named,
    state: () => state,
    /** Everything arrives. */
    settle() {
      if (!connected) connect(token)
      for (let round = 0; round < 3; round++) {
        while (channel.length > 0 || pending.length > 0) {
          take(channel.shift())
          answer(0)
        }
        act({ do: 'heartbeat' })
      }
      while (channel.length > 0) take(channel.shift())
      // The sender repeats what it got no answer for.
      for (const { room_id, client_message_id } of [...state.rooms.values()].flatMap((room) => room.outgoing)) {
        const message = stored.has(client_message_id) && model.send(model.rooms[room_id - 1]!, 1, client_message_id)
        if (message)
          dispatch({ type: 'progressed', room_id, client_message_id, change: { status: 'sent', seq: message.seq } })
      }
      assert.equal(state.holds.size, 0)
      assert.equal(state.listHold, null)
    },
  }
}

let ids = 0
const outgoing = (room_id: number): Outgoing => ({
  client_message_id: `c${++ids}`,
  room_id,
  content: 'x',
  message_type: 'text',
  reply_to: null,
  file_id: null,
  upload: null,
  progress: 0,
  created_at: 0,
  status: 'pending',
  seq: null,
  error: null,
})
