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

type Part = Readonly<{ type: 'field' } | { type: 'file'; file: Readable }>
type FileIn<P> = Extract<P, { type: 'file' }>

/**
 * The file of a form, its bytes read at once: however long their reader takes to begin, the end of a small file is seen before the
 * parser has gone on. The bytes end with ONE_FILE_EXPECTED where another file follows, so that nothing is kept of either. From the
 * first part too many on, the rest is taken from the connection but no longer parsed: a form of 100,000 parts would hold the loop for
 * a second.
 */
export async function onlyFile<P extends Part>(
  parts: AsyncIterator<P>,
  request: IncomingMessage,
): Promise<{ part: FileIn<P>; bytes: Readable } | undefined> {
  const part = await nextFile(parts)
  if (!part) return undefined
  const bytes = new PassThrough()
  const alone = async function* (source: AsyncIterable<Uint8Array>) {
    yield* source
    if (await nextFile(parts)) throw commonErrors.ONE_FILE_EXPECTED()
  }
  pipeline((part as FileIn<Part>).file, alone, bytes, () => {
    request.unpipe()
    // An upload that is refused is cut off: its rest is nobody's to read.
    request.resume()
  })
  return { part, bytes }
}

async function nextFile<P extends Part>(parts: AsyncIterator<P>): Promise<FileIn<P> | undefined> {
  try {
    for (;;) {
      const { value, done } = await parts.next()
      if (done === true) return undefined
      if (isFile(value)) return value
    }
  } catch (error) {
    unreadableUpload(error)
  }
}

const isFile = <P extends Part>(part: P): part is FileIn<P> => part.type === 'file'
