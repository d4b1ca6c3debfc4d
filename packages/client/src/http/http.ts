import { ApiError, isTemporary, NetworkError } from '../errors.ts'
import { problemOf } from './problem.ts'
import type { SessionKeeper } from './session.ts'
import { uuid } from './uuid.ts'
import { jitter, reasonOf, sleep, unlessAborted } from './wait.ts'

export type CallOptions = {
  signal?: AbortSignal | undefined
  /** ms for each try, until the answer is complete. Default 15 s. */
  timeoutMs?: number | undefined
}

type Body = NonNullable<RequestInit['body']>

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

export type Call = CallOptions & {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Query
  /** sent as JSON */
  json?: unknown
  /** sent as it is; a function makes it anew for each try */
  body?: (() => Body) | undefined
  headers?: Readonly<Record<string, string>>
  /** false: without a token */
  signedIn?: boolean
  /**
   * What makes a repeat harmless: `key`: the server remembers this client's Idempotency-Key; `nature`: it just is. `never`: a lost
   * answer is the caller's to judge. Default: GET `nature`, all others `key`.
   */
  repeat?: 'key' | 'nature' | 'never'
}

export type Http = {
  /** The decoded JSON answer; undefined of 204. @throws ApiError, NetworkError, the signal's reason */
  json<T>(call: Call): Promise<T>
  blob(call: Call): Promise<Blob>
  /** The answer once its headers are there; its body has no time limit. Never repeated, but for a renewed token. */
  open(call: Call): Promise<Response>
  url(path: string): string
  /** of error texts */
  readonly language: 'ko' | 'en'
}

export type HttpOptions = {
  baseUrl: string
  fetch: typeof fetch
  language: () => 'ko' | 'en'
  random: () => number
  session: () => SessionKeeper
}

const TIMEOUT_MS = 15_000
const TRIES = 4
const BASE_MS = 200
const CAP_MS = 5_000
/** A longer Retry-After is told to the caller instead of waited for. */
const LONGEST_WAIT_MS = 10_000

export function createHttp(options: HttpOptions): Http {
  const url = (path: string): string => `${options.baseUrl}${path}`

  async function attempt<T>(call: Call, headers: Headers, read: (answer: Response) => Promise<T>): Promise<T> {
    const { timeoutMs = TIMEOUT_MS, signal } = call
    const limit = new AbortController()
    const timer = timeoutMs === Infinity ? undefined : setTimeout(() => limit.abort(), timeoutMs)
    try {
      const answer = await options.fetch(url(call.path) + queryOf(call.query), {
        method: call.method ?? 'GET',
        headers,
        signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
        ...bodyOf(call),
      })
      if (!answer.ok) throw await problemOf(answer)
      return await read(answer)
    } catch (error) {
      if (error instanceof ApiError) throw error
      if (signal?.aborted) throw reasonOf(signal)
      if (limit.signal.aborted) throw new NetworkError(`no answer within ${timeoutMs} ms`, { timedOut: true })
      throw new NetworkError(causeText(error), { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  /** With a token; once more with another one when the server does not take it. */
  async function authorised<T>(call: Call, headers: Headers, read: (answer: Response) => Promise<T>): Promise<T> {
    if (call.signedIn === false) return attempt(call, headers, read)
    const session = options.session()
    const token = await unlessAborted(session.token(), call.signal)
    headers.set('authorization', `Bearer ${token}`)
    try {
      return await attempt(call, headers, read)
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401 && session.current())) throw error
      const known = session.current()!.access_token
      const other = known === token ? await unlessAborted(session.renew(token), call.signal) : known
      headers.set('authorization', `Bearer ${other}`)
      return attempt(call, headers, read)
    }
  }

  async function run<T>(call: Call, read: (answer: Response) => Promise<T>): Promise<T> {
    const repeat = call.repeat ?? (call.method === undefined || call.method === 'GET' ? 'nature' : 'key')
    const headers = new Headers({ 'accept-language': options.language(), ...call.headers })
    if (call.json !== undefined) headers.set('content-type', 'application/json')
    if (repeat === 'key' && !headers.has('idempotency-key')) headers.set('idempotency-key', uuid())
    for (let tried = 1; ; tried++) {
      try {
        return await authorised(call, headers, read)
      } catch (error) {
        if (repeat === 'never' || tried >= TRIES || !isTemporary(error)) throw error
        const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
        if (asked > LONGEST_WAIT_MS) throw error
        await sleep(asked + jitter(options.random, tried - 1, BASE_MS, CAP_MS), call.signal)
      }
    }
  }

  return {
    url,
    get language() {
      return options.language()
    },
    json: <T>(call: Call) =>
      run(call, async (answer) => (answer.status === 204 ? undefined : await answer.json()) as T),
    blob: (call) => run(call, (answer) => answer.blob()),
    open: (call) => run({ repeat: 'never', ...call }, async (answer) => answer),
  }
}

function queryOf(query: Query | undefined): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)] satisfies [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

function bodyOf(call: Call): { body?: Body; duplex?: 'half' } {
  if (call.json !== undefined) return { body: JSON.stringify(call.json) }
  if (!call.body) return {}
  const body = call.body()
  return body instanceof ReadableStream ? { body, duplex: 'half' } : { body }
}

/** Node hides what happened in the cause. */
function causeText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
