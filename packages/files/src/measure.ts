import { createHash } from 'node:crypto'
import { fileErrors } from './errors.ts'

/** A key as stores make them (newId). */
export const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What the operating system says when the disk, not the caller, is at fault. */
const STORAGE_CODES = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'ENFILE', 'EACCES', 'EPERM'])

export const unavailable = (cause: unknown) => fileErrors.FILE_STORAGE_UNAVAILABLE({ cause, retryAfterS: 30 })

export const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code

/** A fault of a disk becomes FILE_STORAGE_UNAVAILABLE; anything else stays what it is. */
export function asFileError(error: unknown): unknown {
  const code = codeOf(error)
  return typeof code === 'string' && STORAGE_CODES.has(code) ? unavailable(error) : error
}

/** Size and hash of what passes. */
export function createMeasure(maxBytes: number) {
  const hash = createHash('sha256')
  let size = 0
  return {
    /** @throws FILE_TOO_LARGE */
    take(chunk: Uint8Array): void {
      size += chunk.byteLength
      if (size > maxBytes) throw fileErrors.FILE_TOO_LARGE({ params: { limit: maxBytes } })
      hash.update(chunk)
    },
    /** Once, when all has passed. */
    end: () => ({ size, sha256: hash.digest('hex') }),
  }
}
