import { STATUS_CODES } from 'node:http'
import { AppError, type ErrorKind, type FieldError } from '@bigtech/kernel'
import { Type } from 'typebox'
import { commonErrors } from './common-errors.ts'

export const statusOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_late: 408,
  too_large: 413,
  unsupported_media: 415,
  range_not_satisfiable: 416,
  unprocessable: 422,
  upgrade_required: 426,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  unavailable: 503,
}

/** RFC 9457 problem details with our extensions. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'Human-readable; Korean, or English with Accept-Language: en' }),
    code: Type.String({ description: 'Stable identifier of the error' }),
    trace_id: Type.String(),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), { description: 'One entry a field' }),
    ),
  },
  { $id: 'Problem', additionalProperties: false },
)

export type Problem = Readonly<{
  type: string
  title: string
  status: number
  detail: string
  code: string
  trace_id: string
  errors?: readonly FieldError[]
}>

export type Language = 'ko' | 'en'

/** Of Korean and English the one that is liked more; Korean if neither is asked for. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'ko'
  const [best] = acceptLanguage
    .split(',')
    .flatMap((one) => {
      const [, language, quality] = /^\s*(ko|en)(?:-[\w-]+)?\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(one) ?? []
      return language ? [{ language: language.toLowerCase() as Language, quality: Number(quality ?? 1) }] : []
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  return best?.language ?? 'ko'
}

export function toProblem(error: AppError, language: Language, traceId: string): Problem {
  const status = statusOf[error.kind]
  const { field, errors = field ? [{ field, message: error.texts[language] }] : undefined } = error.details
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.texts[language],
    code: error.code,
    trace_id: traceId,
    ...(errors ? { errors } : {}),
  }
}

/** Anything thrown, as an AppError: Fastify's own errors get our texts, the unknown becomes INTERNAL (with its cause, for the log). */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const { code, statusCode, message } = (thrown ?? {}) as { code?: string; statusCode?: number; message?: string }
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return commonErrors.UNSUPPORTED_MEDIA_TYPE({ params: { expected: 'application/json' } })
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return commonErrors.BODY_TOO_LARGE({
        params: { limit: String((thrown as { limit?: number }).limit ?? '1048576') },
      })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return commonErrors.MALFORMED_REQUEST({ params: { reason: 'the JSON body is empty' } })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return commonErrors.REQUEST_TIMEOUT()
    case 'HPE_HEADER_OVERFLOW':
      return commonErrors.HEADERS_TOO_LARGE()
    default:
  }
  if (code?.startsWith('HPE_')) return commonErrors.MALFORMED_REQUEST({ params: { reason: 'unreadable HTTP' } })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return commonErrors.MALFORMED_REQUEST({ params: { reason: message ?? 'unreadable request' } })
  return commonErrors.INTERNAL({ cause: thrown })
}
