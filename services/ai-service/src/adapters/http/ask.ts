import { setTimeout as pause } from 'node:timers/promises'
import { CareFailure } from '../../ports.ts'
import { cancelled } from '../failures.ts'

/** An answer of these services has some kilobytes; one beyond is nonsense. */
const MAX_ANSWER_BYTES = 1 << 20
/** One that asks for more patience is busy for us. */
const MAX_WAIT_MS = 10_000
const USUAL_WAIT_MS = 500

export type Question = Readonly<{
  url: string
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array<ArrayBuffer> | URLSearchParams
  /** Of one try, from the request to the end of the answer. */
  timeoutMs: number
  signal: AbortSignal
}>

/** 429 or 503. */
class Busy extends CareFailure {
  readonly waitMs: number
  constructor(host: string, status: number, waitMs: number) {
    super('busy', `${host} answered ${status}`)
    this.waitMs = waitMs
  }
}

/** 401: what names us is not valid, any more or at all. */
export class NotKnown extends CareFailure {
  constructor(host: string) {
    super('unavailable', `${host} answered 401`)
  }
}

/**
 * One request and its answer as JSON. Nothing that was sent or answered is in its errors: both hold what somebody said. Redirects are not followed: where it goes was agreed to.
 * @throws CareFailure
 */
export async function ask({ url, method = 'POST', headers, body, timeoutMs, signal }: Question): Promise<unknown> {
  const { host } = new URL(url)
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      signal: AbortSignal.any([signal, limit]),
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
    })
    if (!response.ok) {
      await response.body?.cancel()
      if (response.status === 429 || response.status === 503)
        throw new Busy(host, response.status, waitOf(response.headers.get('retry-after')))
      if (response.status === 401) throw new NotKnown(host)
      throw new CareFailure('unavailable', `${host} answered ${response.status}`)
    }
    return parse(await readAtMost(response, host), host)
  } catch (error) {
    if (error instanceof CareFailure) throw error
    if (signal.aborted) throw cancelled()
    if (limit.aborted) throw new CareFailure('timeout', `${host} did not answer in ${timeoutMs} ms`)
    throw new CareFailure('unavailable', `${host}: ${reasonOf(error)}`)
  }
}

/** Once more after 429, 503 and nonsense, and no more than that. */
export async function twice<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const again = error instanceof CareFailure && (error.kind === 'busy' || error.kind === 'nonsense')
    const waitMs = error instanceof Busy ? error.waitMs : 0
    if (!again || waitMs > MAX_WAIT_MS) throw error
    try {
      await pause(waitMs, undefined, { signal })
    } catch {
      throw cancelled()
    }
    return work()
  }
}

async function readAtMost(response: Response, host: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    // Leaving the loop ends the connection.
    if ((size += chunk.length) > MAX_ANSWER_BYTES) throw new CareFailure('nonsense', `${host} answered too much`)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The parser's own errors quote what they read. */
export function parse(text: string, host: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CareFailure('nonsense', `${host} answered what is no JSON`)
  }
}

/** RFC 9110: seconds, or a date. */
function waitOf(retryAfter: string | null): number {
  if (retryAfter === null) return USUAL_WAIT_MS
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : USUAL_WAIT_MS
}

/** As `ECONNREFUSED`: fetch hides it one level down. */
function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: string }
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'no connection')
}

/** Where it leaves to; null for this machine itself. */
export function hostOf(url: string): string | null {
  const { hostname } = new URL(url)
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? null : hostname
}
