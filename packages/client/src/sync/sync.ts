import type { filesApi } from '../api/files.ts'
import type { messagesApi } from '../api/messages.ts'
import type { roomsApi } from '../api/rooms.ts'
import type { presenceApi, usersApi } from '../api/users.ts'
import { NetworkError } from '../errors.ts'
import { guarded } from '../guarded.ts'
import type { CallOptions } from '../http/http.ts'
import type { Connection, ConnectionState, ConnectOptions } from '../stream/connection.ts'
import type { Frame } from '../stream/frames.ts'
import { createFetcher } from './fetcher.ts'
import { nextTick } from './local.ts'
import type { Outbox } from './outbox.ts'
import { createPauses } from './pauses.ts'
import { reduce } from './reduce.ts'
import { createReader } from './reader.ts'
import { createSender, type Sender } from './sender.ts'
import { emptyState, type RoomState, type SyncEvent, type SyncState } from './state.ts'
import { createWaitFor, type WaitFor } from './wait-for.ts'
import { hasNewer, hasOlder, nextSeq } from './window.ts'

export type SyncOptions = {
  transport?: 'ws' | 'sse'
  onState?: (state: ConnectionState) => void
  /** Every frame, after it was taken in: for what is not part of the state (`friend`). */
  onFrame?: (frame: Frame) => void
  /** Where unsent messages outlive this program; of the account that is signed in. Default: they do not. */
  outbox?: Outbox
}

export type Sync = Sender & {
  readonly state: SyncState
  readonly connection: Connection
  /** Called after each change. @returns ends it */
  subscribe(listener: (state: SyncState) => void): () => void
  waitFor: WaitFor
  /** The room list is there. */
  ready(options?: CallOptions): Promise<SyncState>
  /** Loads the members and the newest messages (or those around a place) and keeps them current. @throws RangeError: no such room */
  openRoom(roomId: number, options?: CallOptions & { around_seq?: number }): Promise<RoomState>
  /** The room stays in the list. */
  closeRoom(roomId: number): void
  /** Lets go of all but the newest messages of an opened room, which are a page away (`loadOlder`). */
  trim(roomId: number, keep: number): void
  /** @returns whether there was more */
  loadOlder(roomId: number, options?: CallOptions & { limit?: number }): Promise<boolean>
  loadNewer(roomId: number, options?: CallOptions & { limit?: number }): Promise<boolean>
  /** One has read up to here (default: all there is). Repeated until the server knows. */
  markRead(roomId: number, seq?: number): void
  /** May be called at each key stroke. */
  typing(roomId: number, typing?: boolean): void
  /** Who of these is online, into the state. */
  loadPresence(userIds: readonly number[], options?: CallOptions): Promise<void>
  close(): void
}

export type SyncPorts = {
  connect: (options: ConnectOptions) => Connection
  rooms: ReturnType<typeof roomsApi>
  messages: ReturnType<typeof messagesApi>
  files: ReturnType<typeof filesApi>
  users: ReturnType<typeof usersApi>
  presence: ReturnType<typeof presenceApi>
  random: () => number
  now: () => number
}

const TYPING_EVERY_MS = 3_000

/**
 * Keeps rooms, messages and read positions as the server has them, and sends. Over once its connection is closed: by `close`, or
 * because nobody is signed in any more.
 */
export function createSync(ports: SyncPorts, options: SyncOptions = {}): Sync {
  const { now } = ports
  const ending = new AbortController()
  const over = ending.signal
  const pauses = createPauses(ports.random, over)
  const listeners = new Set<(state: SyncState) => void>()
  const queue: SyncEvent[] = []
  let state = emptyState
  let reducing = false
  let ticking: ReturnType<typeof setTimeout> | undefined
  let pages = 0

  const dispatch = (event: SyncEvent) => {
    queue.push(event)
    if (reducing || over.aborted) return
    reducing = true
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const before = state
        const step = reduce(state, next)
        state = step.state
        for (const effect of step.effects) void run(effect)
        if (state !== before) for (const listener of listeners) guarded(() => listener(state))
      }
    } finally {
      reducing = false
    }
    scheduleTick()
  }
  const scheduleTick = () => {
    const at = nextTick(state)
    clearTimeout(ticking)
    if (at !== undefined) ticking = setTimeout(() => dispatch({ type: 'tick', now: now() }), Math.max(0, at - now()))
  }

  const run = createFetcher({ ...ports, state: () => state, dispatch, pauses, over })
  const connection = ports.connect({
    ...(options.transport ? { transport: options.transport } : {}),
    onFrame(frame) {
      dispatch({ type: 'frame', frame, now: now() })
      options.onFrame?.(frame)
    },
    onState(next) {
      if (next.status === 'open') pauses.wake()
      options.onState?.(next)
      if (next.status === 'closed') finish(next.reason)
    },
  })
  const finish = (reason: string) => {
    ending.abort(new NetworkError(`closed: ${reason}`))
    clearTimeout(ticking)
  }

  const subscribe = (listener: (state: SyncState) => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  const { restore, ...sender } = createSender({
    ...ports,
    outbox: options.outbox,
    state: () => state,
    dispatch,
    subscribe,
    connection: () => connection,
    pauses,
    over,
  })
  const waitFor = createWaitFor({ state: () => state, subscribe, over })
  // Whoever closes before the rooms are known leaves them all as they are.
  void waitFor(({ loaded }) => loaded).then(restore, () => {})

  const openRoom: Sync['openRoom'] = async (roomId, { around_seq, ...wait } = {}) => {
    await waitFor(({ loaded }) => loaded, wait)
    // Twice: a list that came meanwhile may not have had the room yet.
    for (let tried = 0; tried < 2; tried++) {
      dispatch({ type: 'open', room_id: roomId, around_seq })
      const settled = await waitFor(({ listHold, holds }) => listHold === null && !holds.has(roomId), wait)
      const room = settled.rooms.get(roomId)
      if (room?.window) return room
    }
    throw new RangeError(`there is no room ${roomId} for this user`)
  }

  async function loadPage(roomId: number, older: boolean, page: CallOptions & { limit?: number }): Promise<boolean> {
    const room = state.rooms.get(roomId)
    if (!room?.window || room.paging || !(older ? hasOlder(room) : hasNewer(room))) return false
    const { limit = 50, ...call } = page
    const place = older ? { before_seq: room.window.from } : { after_seq: nextSeq(room.window) - 1 }
    const op = --pages
    dispatch({ type: 'page_asked', room_id: roomId, op })
    try {
      const loaded = await ports.messages.page(roomId, { ...place, limit }, call)
      dispatch({ type: 'page_loaded', room_id: roomId, op, page: loaded })
      return true
    } catch (error) {
      dispatch({ type: 'page_failed', room_id: roomId, op })
      throw error
    }
  }

  const typed = new Map<number, number>()
  return {
    ...sender,
    get state() {
      return state
    },
    connection,
    subscribe,
    waitFor,
    ready: (wait) => waitFor(({ loaded }) => loaded, wait),
    openRoom,
    closeRoom: (roomId) => dispatch({ type: 'close', room_id: roomId }),
    trim: (roomId, keep) => dispatch({ type: 'trim', room_id: roomId, keep }),
    loadOlder: (roomId, page = {}) => loadPage(roomId, true, page),
    loadNewer: (roomId, page = {}) => loadPage(roomId, false, page),
    markRead: createReader({ ...ports, state: () => state, dispatch, connection: () => connection, pauses, over }),
    typing(roomId, typing = true) {
      const last = typed.get(roomId) ?? -Infinity
      if (typing ? now() - last < TYPING_EVERY_MS : last === -Infinity) return
      if (typing) typed.set(roomId, now())
      else typed.delete(roomId)
      const told: Promise<unknown> = connection.commands
        ? connection.command({ type: 'typing', room_id: roomId, typing })
        : ports.rooms.typing(roomId, typing)
      // Best effort.
      told.catch(() => {})
    },
    async loadPresence(userIds, call) {
      dispatch({ type: 'presence_loaded', presence: await ports.presence.get(userIds, call) })
    },
    close: () => connection.close(),
  }
}
