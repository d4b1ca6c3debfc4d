import type { IncomingMessage } from 'node:http'
import { PassThrough, pipeline, type Readable } from 'node:stream'
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

/**
 * The first file of a form, which is all that is wanted of it: what follows is taken from the connection, but no longer parsed. A form of
 * 100,000 parts would hold the loop for a second.
 */
export function onlyFile(file: Readable, request: IncomingMessage): Readable {
  // Read at once, so that the end of a small file is seen before the parser has gone on, however long its reader takes to begin.
  const passed = new PassThrough()
  pipeline(file, passed, () => {
    request.unpipe()
    // An upload that is too large is cut off: its rest is nobody's to read.
    request.resume()
  })
  return passed
}
