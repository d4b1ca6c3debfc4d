export type FieldError = { field: string; message: string }

export type ProblemFields = {
  status: number
  /** stable upper-snake identifier */
  code: string
  /** text for people, in the client's language */
  detail: string
  /** one entry a field, of 422 */
  errors: readonly FieldError[]
  traceId: string
  /** ms; from Retry-After */
  retryAfterMs: number | undefined
}

/** The server's answer was no: its problem document (RFC 9457). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: readonly FieldError[]
  readonly traceId: string
  readonly retryAfterMs: number | undefined

  constructor(fields: Pick<ProblemFields, 'status' | 'code'> & Partial<ProblemFields>) {
    super(fields.detail ?? fields.code)
    this.status = fields.status
    this.code = fields.code
    this.detail = fields.detail ?? fields.code
    this.errors = fields.errors ?? []
    this.traceId = fields.traceId ?? ''
    this.retryAfterMs = fields.retryAfterMs
  }

  /** The same call may succeed later. */
  get temporary(): boolean {
    return [408, 429, 502, 503, 504].includes(this.status) || this.code === 'IDEMPOTENCY_IN_PROGRESS'
  }
}

/** No answer: whether the server did what was asked is unknown. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  readonly timedOut: boolean

  constructor(message: string, options: { cause?: unknown; timedOut?: boolean } = {}) {
    super(message, { cause: options.cause })
    this.timedOut = options.timedOut ?? false
  }
}

/** Nobody is signed in (any more). */
export const notSignedIn = (): ApiError =>
  new ApiError({ status: 401, code: 'NOT_AUTHENTICATED', detail: 'Sign in first' })

/** Worth repeating, if repeating does no harm. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ApiError && error.temporary)
