import { ApiError, type FieldError, type ProblemFields } from '../errors.ts'

/** An answer that is an error. What is no problem document (of a proxy, say) gets the code `HTTP_<status>`. */
export async function problemOf(answer: Response): Promise<ApiError> {
  const body = await answer.json().catch(() => undefined)
  const retryAfterMs = retryAfterOf(answer.headers.get('retry-after'))
  const fields = problemFields(body)
  return new ApiError({
    code: `HTTP_${answer.status}`,
    detail: answer.statusText,
    ...fields,
    status: answer.status,
    retryAfterMs,
  })
}

export function problemFields(body: unknown): Partial<ProblemFields> {
  if (typeof body !== 'object' || body === null) return {}
  const { code, detail, errors, trace_id } = body as Record<string, unknown>
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(Array.isArray(errors) ? { errors: errors as FieldError[] } : {}),
    ...(typeof trace_id === 'string' ? { traceId: trace_id } : {}),
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). @returns ms */
export function retryAfterOf(header: string | null): number | undefined {
  if (header === null || header === '') return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
