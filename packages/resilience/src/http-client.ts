import { childTraceparent } from '@bigtech/telemetry'
import { createPolicy, type Policy } from './policy.ts'

/** An answer of 4xx (but 408 and 429): the dependency is well and refuses this call. The adapter decides what that means. */
export class HttpStatusError extends Error {
  readonly status: number
  /** The decoded JSON body (a problem+json object with `code`, say), or the text if it was not JSON. */
  readonly body: unknown

  constructor(method: string, url: URL, status: number, body: unknown) {
    super(`${method} ${url.origin}${url.pathname} answered ${status}`)
    this.name = 'HttpStatusError'
    this.status = status
    this.body = body
  }
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

export type RequestOptions<T> = {
  query?: Query
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal | undefined
  /** Turns the JSON body into T, or throws: then the answer counts as a failure of the dependency. Default: a cast. */
  decode?: (body: unknown) => T
}

export type HttpClient = {
  /** @param path from the base URL on, with its leading slash; ids in it must be encoded (encodeURIComponent) */
  get<T>(path: string, options?: RequestOptions<T>): Promise<T>
  /**
   * POST with a JSON body. Repeated after a failure only with an `idempotencyKey` (sent as `Idempotency-Key`) or `idempotent: true`:
   * else a lost answer could mean a second effect.
   */
  post<T>(
    path: string,
    body: unknown,
    options?: RequestOptions<T> & { idempotencyKey?: string; idempotent?: boolean },
  ): Promise<T>
}

/**
 * JSON over HTTP to one other service, with a time limit, retries, a circuit breaker and the current trace's `traceparent`.
 * 2xx gives the decoded body (undefined if empty), 4xx throws HttpStatusError; no answer, a late one, 408, 429, 5xx, a redirect or a
 * broken body end as DEPENDENCY_UNAVAILABLE.
 * @param options.headers added to each call, evaluated at each attempt (service tokens expire)
 */
export function createHttpClient(options: {
  baseUrl: string
  policy?: Policy
  headers?: () => Readonly<Record<string, string>>
}): HttpClient {
  const { policy = createPolicy(), headers: ownHeaders = () => ({}) } = options
  const base = options.baseUrl.replace(/\/+$/, '')

  type Call = RequestOptions<unknown> & { method: string; path: string; body?: string; retry: boolean }

  async function send(call: Call): Promise<unknown> {
    const url = withQuery(new URL(base + call.path), call.query)
    const attempt = async (signal: AbortSignal) => {
      const response = await fetch(url, {
        method: call.method,
        signal,
        redirect: 'error',
        headers: {
          accept: 'application/json',
          traceparent: childTraceparent(),
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...ownHeaders(),
          ...call.headers,
        },
        ...(call.body === undefined ? {} : { body: call.body }),
      })
      const text = await response.text()
      if (isAnswer(response.status))
        return { refused: new HttpStatusError(call.method, url, response.status, lenient(text)) }
      if (!response.ok) throw new HttpStatusError(call.method, url, response.status, lenient(text))
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      return { body: call.decode ? call.decode(body) : body }
    }
    const result = await policy.execute(attempt, { retry: call.retry, signal: call.signal })
    if ('refused' in result) throw result.refused
    return result.body
  }

  return {
    get: <T>(path: string, options: RequestOptions<T> = {}) =>
      send({ ...options, method: 'GET', path, retry: true }) as Promise<T>,
    post: <T>(
      path: string,
      body: unknown,
      options: RequestOptions<T> & { idempotencyKey?: string; idempotent?: boolean } = {},
    ) => {
      const { idempotencyKey, idempotent = idempotencyKey !== undefined, headers, ...rest } = options
      return send({
        ...rest,
        method: 'POST',
        path,
        retry: idempotent,
        body: JSON.stringify(body),
        headers: { ...headers, ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }) },
      }) as Promise<T>
    },
  }
}

const isAnswer = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429

function withQuery(url: URL, query: Query = {}): URL {
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

function lenient(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
