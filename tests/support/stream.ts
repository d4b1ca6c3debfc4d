import { WebSocket } from 'ws'
import type { Cleanup } from '@bigtech/testkit'
import type { Frame } from './types.ts'

export type Closed = { code: number; reason: string }

/** A bare client of docs/realtime.md: it collects frames and follows no rule of its own. */
export type Stream = {
  /** All frames so far, in order of arrival. */
  readonly frames: Frame[]
  /** The first frame so far or to come that matches. @throws when the stream ends or the time is over before */
  seen: (what: string | ((frame: Frame) => boolean), timeoutMs?: number) => Promise<Frame>
  /** Calls back for every frame so far and to come, in order. */
  onFrame: (handle: (frame: Frame) => void) => void
  /** The token of the last frame that carried one. */
  token: () => string | undefined
  /** WebSocket: the close code. SSE: 1000 when the server ended the stream, 1006 when it broke. */
  closed: () => Promise<Closed>
  /** Destroys the socket, as a lost network would. */
  cut(): void
}

export type CommandStream = Stream & {
  send(command: object | string | Buffer): void
  /** Sends with a fresh `ref` and resolves with the `ack` or `error` that bears it. */
  command(command: object, timeoutMs?: number): Promise<Frame>
  readonly socket: WebSocket
}

const TIMEOUT_MS = 8_000

export type StreamAddress = { url: string; token?: string | undefined; headers?: Record<string, string> }

/** Opens `GET /stream` and waits for `hello`. `resume` goes into Last-Event-ID. */
export async function openSse(t: Cleanup, { url, token, headers }: StreamAddress, resume?: string): Promise<Stream> {
  const abort = new AbortController()
  const response = await fetch(`${url}/stream`, {
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(resume === undefined ? {} : { 'last-event-id': resume }),
      ...headers,
    },
    signal: abort.signal,
  })
  if (response.status !== 200) throw new Error(`GET /stream: ${response.status} ${await response.text()}`)
  const inbox = createInbox()
  const read = async (): Promise<Closed> => {
    let rest = ''
    const decoder = new TextDecoder()
    try {
      for await (const chunk of response.body!) {
        const events = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n')
        rest = events.pop()!
        for (const event of events) {
          const data = event.split('\n').filter((line) => line.startsWith('data: '))
          if (data.length > 0) inbox.add(JSON.parse(data.map((line) => line.slice(6)).join('\n')) as Frame)
        }
      }
      return { code: 1000, reason: 'ended' }
    } catch (error) {
      return { code: 1006, reason: error instanceof Error ? error.message : String(error) }
    }
  }
  const closed = read().finally(() => inbox.end())
  t.after(() => abort.abort())
  const stream = { ...inbox, closed: () => soon(closed), cut: () => abort.abort() }
  await stream.seen('hello')
  return stream
}

/** Opens `GET /ws` and waits for `hello`. */
export async function openWs(
  t: Cleanup,
  { url, token, headers }: StreamAddress,
  query: Record<string, string> = {},
): Promise<CommandStream> {
  const address = `${url.replace(/^http/, 'ws')}/ws?${new URLSearchParams(query).toString()}`
  const socket = new WebSocket(address, {
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    perMessageDeflate: false,
  })
  const inbox = createInbox()
  socket.on('message', (data: Buffer) => inbox.add(JSON.parse(data.toString('utf8')) as Frame))
  const closed = new Promise<Closed>((resolve) => {
    socket.on('error', () => {})
    socket.once('close', (code, reason) => {
      inbox.end()
      resolve({ code, reason: reason.toString('utf8') })
    })
  })
  t.after(() => socket.terminate())
  let ref = 0
  const stream: CommandStream = {
    ...inbox,
    closed: () => soon(closed),
    socket,
    cut: () => socket.terminate(),
    send: (command) =>
      socket.send(typeof command === 'string' || Buffer.isBuffer(command) ? command : JSON.stringify(command)),
    command(command, timeoutMs) {
      const mine = `r${++ref}`
      stream.send({ ...command, ref: mine })
      return stream.seen((frame) => frame.ref === mine, timeoutMs)
    },
  }
  await stream.seen('hello')
  return stream
}

/** What must happen, and soon. */
async function soon<T>(event: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(TIMEOUT_MS)
  const tooLate = new Promise<never>((_resolve, reject) =>
    late.addEventListener('abort', () => reject(new Error(`the stream was still open after ${TIMEOUT_MS} ms`))),
  )
  return Promise.race([event, tooLate])
}

function createInbox() {
  const frames: Frame[] = []
  const lookers = new Set<() => void>()
  const handlers = new Set<(frame: Frame) => void>()
  let ended = false
  const look = () => {
    for (const looker of lookers) looker()
  }
  return {
    frames,
    add(frame: Frame) {
      frames.push(frame)
      for (const handle of handlers) handle(frame)
      look()
    },
    end() {
      ended = true
      look()
    },
    onFrame(handle: (frame: Frame) => void) {
      for (const frame of frames) handle(frame)
      handlers.add(handle)
    },
    token: () => frames.findLast((frame) => frame.token !== undefined)?.token,
    seen: (what: string | ((frame: Frame) => boolean), timeoutMs = TIMEOUT_MS): Promise<Frame> => {
      const matches = typeof what === 'string' ? (frame: Frame) => frame.type === what : what
      return new Promise((resolve, reject) => {
        const stop = () => {
          clearTimeout(timer)
          lookers.delete(looker)
        }
        const fail = (why: string) => {
          stop()
          const types = frames.map((frame) => `${frame.type}${frame.rev === undefined ? '' : ` ${frame.rev}`}`)
          reject(new Error(`${why} before a frame matched ${String(what)}; seen: ${types.slice(-40).join(', ')}`))
        }
        let next = 0
        const looker = () => {
          for (; next < frames.length; next++)
            if (matches(frames[next]!)) {
              stop()
              return resolve(frames[next]!)
            }
          if (ended) fail('the stream ended')
        }
        const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs)
        lookers.add(looker)
        looker()
      })
    },
  }
}
