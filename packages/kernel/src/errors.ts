/**
 * What went wrong, in terms a transport can map (HTTP: packages/http; WebSocket: the `error` frame). No status numbers here.
 */
export type ErrorKind =
  | 'invalid' // malformed input, or a business rule of the source documents
  | 'unprocessable' // well-formed input that breaks a schema
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'too_late' // the client took too long to send it
  | 'too_large'
  | 'headers_too_large'
  | 'unsupported_media'
  | 'range_not_satisfiable'
  | 'upgrade_required'
  | 'rate_limited'
  | 'unavailable' // a dependency or this server cannot serve it now; the same call may succeed later
  | 'internal'

export type Texts = Readonly<{ ko: string; en: string }>
export type FieldError = Readonly<{ field: string; message: string }>

export type ErrorDefinition = Readonly<{ kind: ErrorKind } & Texts>
export type ErrorDetails = Readonly<{
  /** Values for `{name}` placeholders in the texts. */
  params?: Readonly<Record<string, string | number>>
  errors?: readonly FieldError[]
  /** The field of the body it is about: it is told there, with the error's own text. */
  field?: string
  /** For rate_limited and unavailable: seconds after which a retry makes sense. */
  retryAfterS?: number
  cause?: unknown
}>

/** An error the caller may see: a stable code, its kind, and its text in Korean and English. */
export class AppError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  readonly texts: Texts
  readonly details: ErrorDetails

  constructor(code: string, definition: ErrorDefinition, details: ErrorDetails = {}) {
    super(fill(definition.en, details.params), { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.kind = definition.kind
    this.texts = { ko: fill(definition.ko, details.params), en: this.message }
    this.details = details
  }
}

export type ErrorFactory = ((details?: ErrorDetails) => AppError) &
  Readonly<{ code: string; definition: ErrorDefinition }>

/**
 * A service's error catalogue: `const errors = defineErrors({ROOM_NOT_FOUND: {kind, ko, en}})`, thrown as
 * `throw errors.ROOM_NOT_FOUND()`. Only catalogued codes can be thrown, and each factory carries what the documents need.
 */
export function defineErrors<const T extends Record<string, ErrorDefinition>>(catalogue: T) {
  const entries = Object.entries(catalogue).map(([code, definition]) => {
    const make = (details?: ErrorDetails) => new AppError(code, definition, details)
    return [code, Object.assign(make, { code, definition })]
  })
  return Object.freeze(Object.fromEntries(entries)) as Readonly<Record<keyof T & string, ErrorFactory>>
}

function fill(text: string, params: ErrorDetails['params'] = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}
