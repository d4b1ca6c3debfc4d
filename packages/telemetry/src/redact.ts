/** Keys whose values never reach a log line, whatever their case and with or without a prefix such as `new_` or `access_`. */
const SENSITIVE = /(^|[_-])(authorization|cookie|password|passwd|token|secret|api_?key)s?$|(token|password|secret)$/i

const REDACTED = '[redacted]'
/** Deeper objects are shown as `[object]`: a log line is flat, and a cycle must end somewhere. */
const MAX_DEPTH = 5

/** A copy of the fields of a log line without the values of sensitive keys, at any depth. Errors pass (see describeError). */
export function redact(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    copy[key] = isSensitive(key) && value !== undefined && value !== null ? REDACTED : redactValue(value, depth + 1)
  }
  return copy
}

/** Log lines have few different keys; the bound is for those that tell of somebody else's. */
const MAX_KNOWN = 1_000
const known = new Map<string, boolean>()

function isSensitive(key: string): boolean {
  let sensitive = known.get(key)
  if (sensitive === undefined) {
    sensitive = SENSITIVE.test(key)
    if (known.size < MAX_KNOWN) known.set(key, sensitive)
  }
  return sensitive
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return describeError(value)
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth > MAX_DEPTH) return '[object]'
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1))
  return redact(Object.fromEntries(Object.entries(value)), depth)
}

/** What a log line says of an error: no arbitrary properties, which may hold commands or private text. */
export function describeError(error: Error, depth = 0): Record<string, unknown> {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: error.stack,
    ...(cause instanceof Error && depth < MAX_DEPTH ? { cause: describeError(cause, depth + 1) } : {}),
  }
}
