import { AppError } from '@bigtech/kernel'
import { commonErrors } from './common-errors.ts'

/**
 * For the reading of a form or a raw body: whatever goes wrong there, and is not yet an error with a status of its own, is the
 * sender's fault (no boundary, cut off, not a form at all).
 */
export function unreadableUpload(thrown: unknown): never {
  if (thrown instanceof AppError || (thrown as { statusCode?: unknown } | null)?.statusCode !== undefined) throw thrown
  const reason = thrown instanceof Error ? thrown.message : 'unreadable body'
  throw commonErrors.MALFORMED_REQUEST({ params: { reason }, cause: thrown })
}

/** The chunks of an upload, with `unreadableUpload` for what they throw. */
export async function* readUpload(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source
  } catch (error) {
    unreadableUpload(error)
  }
}
