import { defineErrors } from '@bigtech/kernel'

export const storageErrors = defineErrors({
  STORAGE_UNAVAILABLE: {
    kind: 'unavailable',
    ko: '저장소를 사용할 수 없습니다. 잠시 후 다시 시도해 주세요',
    en: 'The storage cannot be used right now; nothing was saved. Try again shortly',
  },
  STORAGE_BUSY: {
    kind: 'unavailable',
    ko: '요청이 많아 잠시 처리할 수 없습니다',
    en: 'Too many writes are waiting; nothing was saved. Try again shortly',
  },
})

/** SQLite primary result codes that mean "the disk or file, not the statement". */
const STORAGE_CODES = new Set([5, 8, 10, 11, 13, 14, 26]) // BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB

/** True for SQLite's own errors about the disk or the file. */
export function isStorageFault(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  return typeof code === 'number' && STORAGE_CODES.has(code & 0xff)
}

/** A storage fault becomes STORAGE_UNAVAILABLE (503, retry later); anything else is returned as it is. */
export function mapSqliteError(error: unknown): unknown {
  return isStorageFault(error) ? storageErrors.STORAGE_UNAVAILABLE({ cause: error, retryAfterS: 5 }) : error
}

export function guardStorage<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw mapSqliteError(error)
  }
}

/** Errors cross threads as plain data … */
export function plainError(error: unknown): unknown {
  const e = error as Error & { errcode?: number }
  return { message: e.message, stack: e.stack, ...(e.errcode === undefined ? {} : { errcode: e.errcode }) }
}

/** … and are made errors again on the other side. */
export function rebuildError(value: unknown): unknown {
  const { message, stack, errcode } = value as { message: string; stack?: string; errcode?: number }
  const error = Object.assign(new Error(message), errcode === undefined ? {} : { errcode })
  if (stack) error.stack = stack
  return mapSqliteError(error)
}

/** True for a broken UNIQUE or PRIMARY KEY constraint (any SQL dialect here). */
export function isUniqueViolation(error: unknown): boolean {
  const e = error as { errcode?: unknown; errno?: unknown; code?: unknown } | undefined
  return e?.errcode === 2067 || e?.errcode === 1555 || e?.errno === 1062 || e?.code === '23505'
}
