import type { Recorder, Who } from '../../history/recorder.ts'
import type { BareHttp } from './http.ts'
import type { Line, LineEnd } from './line.ts'
import type { WireFrame } from './model.ts'
import type { Pauses } from './pause.ts'
import { openSseLine } from './sse.ts'
import { openWsLine } from './ws.ts'

export type BareStream = {
  /** The number of the connection over which a command would go now; undefined: none. */
  readonly commands: number | undefined
  /** Resolves with the `ack` or `error`; undefined when the connection ended before. */
  command(command: object): Promise<WireFrame | undefined>
  hurry(): void
  close(): void
  readonly connections: number
}

/** How long the library may take to be connected again by itself. */
const RECONNECT_MS = 5_000
const COMMAND_DEADLINE_MS = 5_000

/**
 * Keeps a stream open (docs/realtime.md, rules 5 and 8, close codes) and matches commands with their answers.
 * @param options.token the place to resume from; undefined: the beginning
 * @param options.frame every frame but answers. Frames of a connection that was given up are not handed on
 * @param options.fault the client is told that it has a fault
 */
export function openBareStream(options: {
  transport: 'ws' | 'sse'
  url: string
  http: BareHttp
  who: Who
  recorder: Recorder
  pauses: Pauses
  over: AbortSignal
  token: () => string | undefined
  /** A new connection was made by us: what was received over the one before and is not handled is forgotten. */
  renewed: () => void
  frame: (frame: WireFrame) => void
  fault: (text: string) => void
}): BareStream {
  const { transport, http, who, recorder, pauses, over } = options
  const waiting = new Map<string, (frame: WireFrame | undefined) => void>()
  let line: Line | undefined
  let greeted = false
  let heartbeatMs = 15_000
  let attempt = 0
  let connections = 0
  let serial = 0
  let watch: ReturnType<typeof setTimeout> | undefined

  /** Rule 5: without a sign of life the connection is dead. */
  const expectLife = (ms: number) => {
    clearTimeout(watch)
    watch = setTimeout(() => {
      line?.drop()
      ended({ code: undefined, status: undefined, reason: 'no sign of life' })
    }, ms)
  }

  const take = (frame: WireFrame) => {
    if (frame.type === 'hello') {
      greeted = true
      connections++
      heartbeatMs = Number(frame['heartbeat_ms'])
    }
    expectLife(2 * heartbeatMs + (transport === 'sse' ? RECONNECT_MS : 0))
    const ref = frame['ref']
    if (frame.type === 'ack' || frame.type === 'error') {
      if (typeof ref === 'string') waiting.get(ref)?.(frame)
      else if (frame['code'] === 'BAD_FRAME') options.fault(`a command was not understood: ${JSON.stringify(frame)}`)
      return
    }
    if (frame.type === 'heartbeat' || frame.type === 'replayed') attempt = 0
    recorder.frame(who, frame)
    options.frame(frame)
  }

  const ended = ({ code, status, reason }: LineEnd) => {
    clearTimeout(watch)
    line = undefined
    greeted = false
    recorder.ended(who, code === undefined ? `${status ?? ''} ${reason}`.trim() : `${code} ${reason}`.trim())
    for (const resolve of waiting.values()) resolve(undefined)
    waiting.clear()
    if (code === 4502) return options.fault('the server says that this client has a fault (4502)')
    if (code === 4501 || status === 401) http.refused()
    void again(code === 4004 ? 3 : 0)
  }

  const again = async (least: number) => {
    await pauses.pause(Math.max(least, attempt++))
    await connect()
  }

  const connect = async (): Promise<void> => {
    if (over.aborted) return
    let bearer: string
    try {
      bearer = await http.token()
    } catch {
      return again(0)
    }
    if (over.aborted) return
    options.renewed()
    const token = options.token()
    const events = { frame: take, ended }
    line =
      transport === 'ws'
        ? openWsLine({ url: options.url, bearer, token }, events)
        : openSseLine({ url: options.url, bearer: () => http.token(), token }, events)
    expectLife(RECONNECT_MS + 2 * heartbeatMs)
  }

  over.addEventListener('abort', () => {
    clearTimeout(watch)
    line?.drop()
    for (const resolve of waiting.values()) resolve(undefined)
  })
  void connect()

  return {
    get commands() {
      return transport === 'ws' && greeted ? connections : undefined
    },
    get connections() {
      return connections
    },
    command(command) {
      const ref = `${who.client}.${++serial}`
      return new Promise((resolve) => {
        const settle = (frame: WireFrame | undefined) => {
          clearTimeout(timer)
          waiting.delete(ref)
          resolve(frame)
        }
        const timer = setTimeout(() => settle(undefined), COMMAND_DEADLINE_MS)
        waiting.set(ref, settle)
        if (line?.send({ ...command, ref }) !== true) settle(undefined)
      })
    },
    hurry: () => pauses.wake(),
    close: () => line?.drop(),
  }
}
