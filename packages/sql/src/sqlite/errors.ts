import { storageErrors } from '../errors.ts'

/** SQLite primary result codes that mean "the disk or file, not the statement". */
const STORAGE_CODES = new Set([5, 8, 10, 11, 13, 14, 26]) // BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB

/** What node:sqlite says then; the code alone is one of all of Node. Its statements end with a database. */
const CLOSED = /^(database is not open|statement has been finalized)$/

/** True for SQLite's own errors about the disk or the file, and for a database that was closed under whoever asks. */
export function isStorageFault(error: unknown): boolean {
  const { errcode, code, message } = (error ?? {}) as { errcode?: unknown; code?: unknown; message?: unknown }
  const isClosed = code === 'ERR_INVALID_STATE' && typeof message === 'string' && CLOSED.test(message)
  return isClosed || (typeof errcode === 'number' && STORAGE_CODES.has(errcode & 0xff))
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
