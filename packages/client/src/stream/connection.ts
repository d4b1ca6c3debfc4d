import { ApiError, NetworkError } from '../errors.ts'
import { guarded } from '../guarded.ts'
import type { Http } from '../http/http.ts'
import type { SessionKeeper } from '../http/session.ts'
import { jitter } from '../http/wait.ts'
import { createCommands, type SendCommand } from './commands.ts'
import { createFocus } from './focus.ts'
import type { Frame, HelloFrame } from './frames.ts'
import { openSse, openWebSocket, type Ending, type Transport } from './transport.ts'

export type ConnectionState =
  | Readonly<{ status: 'connecting' }>
  /** Connected; what was missed is on its way. */
  | Readonly<{ status: 'resuming' }>
  | Readonly<{ status: 'open' }>
  /** @property next_at epoch ms of the next try @property attempt 1, 2, … since the connection was last good */
  | Readonly<{ status: 'reconnecting'; next_at: number; attempt: number; reason: string }>
  /** For good: by `close()`, by a sign-out, or because the server said not to come back. */
  | Readonly<{ status: 'closed'; reason: string; code?: number }>

export type ConnectOptions = {
  /** Default `ws`. */
  transport?: 'ws' | 'sse'
  /** Where to resume: the `token` of an earlier connection. */
  token?: string | undefined
  onState?: (state: ConnectionState) => void
  /** Every frame but answers to commands, in order. When it returns, the frame counts as handled. */
  onFrame?: (frame: Frame) => void
}

export type Connection = {
  readonly state: ConnectionState
  /** The place to resume from after the last frame handled. */
  readonly token: string | undefined
  /** True: `command` reaches the server now. */
  readonly commands: boolean
  /** @throws ApiError when refused; NetworkError when not connected, or the connection ended before the answer */
  command: SendCommand
  /** The room that is shown from now on, on this connection and those after it; null: none. Best effort, over either transport. */
  focus(roomId: number | null): void
  /** Does not wait for the next try. */
  reconnectNow(): void
  close(): void
}

/** A connection that was good this long starts its count of tries anew. */
const GOOD_AFTER_MS = 5_000
/** ms until `hello`; more for later tries */
const OPENING_MS = 5_000
const OVERLOADED = 4004
const SESSION_ENDED = 4501

export type ConnectionPorts = { http: Http; session: SessionKeeper; random: () => number; now: () => number }

/** One stream that comes back by itself (docs/realtime.md, rule 8 and close codes), until it is closed. */
export function createConnection(ports: ConnectionPorts, options: ConnectOptions): Connection {
  const { random, now } = ports
  const { transport: kind = 'ws', onState = () => {}, onFrame = () => {} } = options
  let state: ConnectionState = { status: 'connecting' }
  let token = options.token
  let transport: Transport | undefined
  let attempt = 0
  let heartbeatMs = 15_000
  let greetedAt: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const commands = createCommands((text) => {
    if (!transport?.send || greetedAt === undefined) throw new NetworkError('not connected')
    transport.send(text)
  })

  const focus = createFocus(ports.http)

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer)
    timer = setTimeout(then, ms)
  }
  const enter = (next: ConnectionState) => {
    state = next
    guarded(() => onState(next))
  }
  const close = (reason: string, code?: number) => {
    if (state.status === 'closed') return
    stopWatchingNetwork()
    clearTimeout(timer)
    leave(reason)
    enter({ status: 'closed', reason, ...(code === undefined ? {} : { code }) })
  }
  const leave = (reason: string) => {
    const left = transport
    transport = undefined
    if (greetedAt !== undefined && now() - greetedAt >= GOOD_AFTER_MS) attempt = 0
    greetedAt = undefined
    left?.drop()
    focus.left()
    commands.lost(new NetworkError(`the connection ended: ${reason}`))
  }

  const start = () => {
    if (state.status !== 'connecting') enter({ status: 'connecting' })
    wait(OPENING_MS * 2 ** Math.min(attempt, 2), () => lost({ reason: 'no greeting' }))
    const mine = (kind === 'ws' ? openWebSocket : openSse)(ports.http, {
      token,
      handlers: {
        frame: (frame) => mine === transport && take(frame),
        ended: (ending) => mine === transport && lost(ending),
      },
    })
    transport = mine
  }

  const take = (frame: { type?: unknown }) => {
    wait(2 * heartbeatMs, () => lost({ reason: 'no heartbeat' }))
    if (commands.answered(frame)) return
    const known = frame as Frame & { token?: string }
    if (known.type === 'hello') greet(known)
    guarded(() => onFrame(known))
    if (state.status === 'closed') return
    if (typeof known.token === 'string') token = known.token
    const anew = known.type === 'resync_required' && known.room_id === null
    if (anew) token = undefined
    if (state.status === 'resuming' && (anew || known.type === 'replayed')) enter({ status: 'open' })
  }

  const greet = (hello: HelloFrame) => {
    heartbeatMs = hello.heartbeat_ms
    greetedAt = now()
    wait(2 * heartbeatMs, () => lost({ reason: 'no heartbeat' }))
    focus.opened(hello.connection_id, transport?.send && commands.send)
    enter({ status: hello.resumed ? 'resuming' : 'open' })
  }

  const lost = (ending: Ending) => {
    leave(ending.reason)
    const { code, error, reason } = ending
    if (code === SESSION_ENDED) ports.session.lost('SESSION_ENDED')
    if (code !== undefined && code >= 4500 && code <= 4999) return close(reason, code)
    if (error instanceof ApiError && !error.temporary && error.status < 500) return close(error.code)
    if (code === OVERLOADED) attempt = Math.max(attempt, 4)
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
    const delay = asked + jitter(random, attempt, 1_000, 30_000)
    attempt++
    wait(delay, start)
    enter({ status: 'reconnecting', next_at: now() + delay, attempt, reason })
  }

  const reconnectNow = () => {
    if (state.status === 'reconnecting') wait(0, start)
  }
  const stopWatchingNetwork = watchNetwork({
    back: reconnectNow,
    // The socket would notice only when two heartbeats are missing.
    gone: () => transport && lost({ reason: 'the network is gone' }),
  })
  start()

  return {
    get state() {
      return state
    },
    get token() {
      return token
    },
    get commands() {
      return greetedAt !== undefined && transport?.send !== undefined
    },
    command: commands.send,
    focus: (roomId) => focus.show(roomId),
    reconnectNow,
    close: () => close('closed'),
  }
}

type NetworkEvents = {
  addEventListener?(type: string, listener: () => void): void
  removeEventListener?(type: string, listener: () => void): void
}

/** Browsers tell when there is no network, and when there is one again. */
function watchNetwork({ back, gone }: { back: () => void; gone: () => void }): () => void {
  const source = globalThis as NetworkEvents
  source.addEventListener?.('online', back)
  source.addEventListener?.('offline', gone)
  return () => {
    source.removeEventListener?.('online', back)
    source.removeEventListener?.('offline', gone)
  }
}
