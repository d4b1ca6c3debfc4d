import { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import { onlyFile, readUpload as readChunks, type App } from '@bigtech/http'
import type { FastifyRequest } from 'fastify'
import { userErrors } from '../../contract/errors.ts'

export type Upload = Readonly<{ bytes: Buffer; declaredType: string }>

/** Lets the routes of this scope take `multipart/form-data` and raw images, left unread until readUpload. */
export async function useImageBodies(scope: App, maxBytes: number): Promise<void> {
  await scope.register(multipart, {
    // A second file is seen, to be refused.
    limits: { fileSize: maxBytes, files: 2, fields: 5, parts: 6 },
    throwFileSizeLimit: false,
  })
  scope.addContentTypeParser(/^(image\/|application\/octet-stream)/, (_request, payload, done) => done(null, payload))
}

/**
 * The image of a request: the only file of a form, or the body itself.
 * @throws IMAGE_MISSING, IMAGE_TOO_LARGE, IMAGE_TYPE_UNSUPPORTED, ONE_FILE_EXPECTED, MALFORMED_REQUEST
 */
export async function readUpload(request: FastifyRequest, maxBytes: number): Promise<Upload> {
  const upload = request.isMultipart()
    ? await readPart(request, maxBytes)
    : {
        bytes: await readAll(bodyOf(request), maxBytes),
        declaredType: request.headers['content-type'] ?? '',
      }
  if (upload.bytes.length === 0) throw userErrors.IMAGE_MISSING()
  return upload
}

async function readPart(request: FastifyRequest, maxBytes: number): Promise<Upload> {
  const upload = await onlyFile(request.parts(), request.raw)
  if (!upload) throw userErrors.IMAGE_MISSING()
  const { part } = upload
  const bytes = await readAll(upload.bytes, maxBytes)
  if (part.file.truncated) throw tooLarge(maxBytes)
  return { bytes, declaredType: part.mimetype }
}

/** A body of another media type has been parsed already. */
function bodyOf({ body }: FastifyRequest): AsyncIterable<Buffer> | undefined {
  if (body === undefined || body === null || body instanceof Readable) return body ?? undefined
  throw userErrors.IMAGE_TYPE_UNSUPPORTED()
}

async function readAll(source: AsyncIterable<Buffer> | undefined, maxBytes: number): Promise<Buffer> {
  if (!source) throw userErrors.IMAGE_MISSING()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of readChunks(source)) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

const tooLarge = (maxBytes: number) =>
  userErrors.IMAGE_TOO_LARGE({ params: { mb: Math.floor(maxBytes / 1024 / 1024) } })
