import multipart from '@fastify/multipart'
import { commonErrors, readUpload, unreadableUpload, type App } from '@bigtech/http'
import type { FastifyRequest } from 'fastify'
import { aiErrors } from '../contract/errors.ts'
import { LANGUAGE } from '../contract/schemas.ts'
import type { Decoder } from '../ports.ts'
import { checkSamePerson } from './same-person.ts'

/** What a form holds, whatever the order of its parts. */
export type Recording = Readonly<{ bytes: Uint8Array; language: string; keepText: boolean }>

/** Beside what a body takes: the form's own lines. */
const FORM_BYTES = 64 * 1024

export const useRecordings = (app: App, { maxBytes }: Decoder): unknown =>
  app.register(multipart, {
    // Whoever reads the bytes counts them: one more than is allowed comes through, and is refused with the error of the documents.
    throwFileSizeLimit: false,
    limits: { files: 2, fields: 6, parts: 7, fieldSize: 1_000, fileSize: maxBytes + 1 },
  })

export const recordingLimit = ({ maxBytes }: Decoder): { bodyLimit: number } => ({ bodyLimit: maxBytes + FORM_BYTES })

export const recordingErrors = [
  aiErrors.AUDIO_MISSING,
  aiErrors.AUDIO_EMPTY,
  aiErrors.AUDIO_TOO_BIG,
  aiErrors.AUDIO_FORMAT_UNKNOWN,
  aiErrors.AUDIO_UNREADABLE,
  aiErrors.USER_ID_OF_ANOTHER,
  commonErrors.ONE_FILE_EXPECTED,
  commonErrors.VALIDATION_FAILED,
] as const

/** What a request says that it brings, as far as that is allowed. @throws AUDIO_MISSING when it is no form */
export function sizeOf(request: FastifyRequest, { maxBytes }: Decoder): number {
  if (!request.isMultipart()) throw aiErrors.AUDIO_MISSING({ field: 'file' })
  const said = Number(request.headers['content-length'])
  return said >= 0 ? Math.min(said, maxBytes + FORM_BYTES) : maxBytes
}

/** @throws AUDIO_MISSING, AUDIO_TOO_BIG, ONE_FILE_EXPECTED, VALIDATION_FAILED, USER_ID_OF_ANOTHER */
export async function readRecording(request: FastifyRequest, { maxBytes }: Decoder): Promise<Recording> {
  const fields = new Map<string, string>()
  let bytes: Uint8Array | undefined
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') fields.set(part.fieldname, String(part.value))
      else if (bytes) throw commonErrors.ONE_FILE_EXPECTED()
      else bytes = await whole(readUpload(part.file), maxBytes)
    }
  } catch (error) {
    // Of a form that is refused the rest is taken from the connection, and no longer parsed.
    request.raw.unpipe()
    request.raw.resume()
    unreadableUpload(error)
  }
  if (!bytes) throw aiErrors.AUDIO_MISSING({ field: 'file' })
  checkSamePerson(request.principal?.user_id, fields.get('user_id') ?? 'anonymous')
  return { bytes, language: languageIn(fields), keepText: keepTextIn(fields) }
}

async function whole(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBytes) throw aiErrors.AUDIO_TOO_BIG({ field: 'file' })
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

function languageIn(fields: ReadonlyMap<string, string>): string {
  const language = fields.get('language_code') ?? 'ko-KR'
  if (language.length <= 35 && new RegExp(LANGUAGE).test(language)) return language
  const message = 'language_code: BCP 47, as ko-KR'
  throw commonErrors.VALIDATION_FAILED({ errors: [{ field: 'language_code', message }] })
}

function keepTextIn(fields: ReadonlyMap<string, string>): boolean {
  const keep = fields.get('keep_text') ?? 'false'
  if (keep === 'true' || keep === 'false') return keep === 'true'
  throw commonErrors.VALIDATION_FAILED({ errors: [{ field: 'keep_text', message: 'keep_text: true or false' }] })
}
