import multipart from '@fastify/multipart'
import { fileErrors } from '@bigtech/files'
import { commonErrors, documented, operation, onlyFile, principalOf, readUpload, type App } from '@bigtech/http'
import type { FastifyReply } from 'fastify'
import { create as contentDisposition } from 'content-disposition'
import { parse as parseRange } from 'range-parser'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import { FileSchema } from '../../contract/schemas.ts'
import { accessFile, uploadFile, type FilePorts } from './files.ts'

const Params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const Share = Type.Object({ used: Type.Integer({ examples: [12] }), allowed: Type.Integer({ examples: [20_000] }) })
const ERRORS = [chatErrors.FILE_NOT_FOUND]
const BINARY = { type: 'string', format: 'binary' }

export async function filesHttp(app: App, ports: FilePorts): Promise<void> {
  await app.register(multipart, {
    // A second file is seen, to be refused.
    // Whoever reads the bytes counts them: one more than is allowed comes through, and is refused with the error of the documents.
    throwFileSizeLimit: false,
    limits: { files: 2, fields: 5, parts: 6, fieldSize: 10_000, fileSize: ports.maxBytes + 1 },
  })

  app.post(
    '/files',
    {
      ...operation({
        id: 'uploadFile',
        tag: 'files',
        summary: 'Upload a file (multipart field "file"), to be sent with a message',
        description:
          'Pictures that the server can read (JPEG, PNG, WebP and GIF; AVIF and TIFF of most kinds) get a thumbnail and lose their metadata. ' +
          'Any other file, pictures of other formats (SVG, BMP, HEIC, ...) among them, is stored as it is, with all that it tells, and sent as `file`.',
        consumes: ['multipart/form-data'],
        response: { 201: FileSchema },
        idempotent: false,
        errors: [
          chatErrors.FILE_MISSING,
          commonErrors.ONE_FILE_EXPECTED,
          chatErrors.FILE_UNREADABLE,
          chatErrors.FILE_UNRECOGNISED,
          fileErrors.IMAGE_UNREADABLE,
          chatErrors.TOO_MANY_FILES,
          chatErrors.STORAGE_FULL,
          fileErrors.FILE_TOO_LARGE,
        ],
      }),
      bodyLimit: ports.maxBytes + 64 * 1024,
    },
    async (request, reply) => {
      if (!request.isMultipart()) throw chatErrors.FILE_MISSING()
      const upload = await onlyFile(request.parts(), request.raw)
      if (!upload) throw chatErrors.FILE_MISSING()
      const { id, name, type, size, width, height, has_thumbnail } = await uploadFile(ports, {
        owner_id: principalOf(request).user_id,
        name: upload.part.filename ?? '',
        claimedType: upload.part.mimetype,
        source: readUpload(upload.bytes),
      })
      const thumbnail_url = has_thumbnail ? `/files/${id}/thumbnail` : null
      return reply
        .code(201)
        .header('location', `/files/${id}`)
        .send({ id, name, type, size, width, height, has_thumbnail, url: `/files/${id}`, thumbnail_url })
    },
  )

  app.get(
    '/files/usage',
    operation({
      id: 'readUsage',
      tag: 'files',
      summary: 'What your files take, and what they may',
      description:
        'Files of deleted messages count until they are removed, some minutes later (a day after they came).',
      response: { 200: Type.Object({ files: Share, bytes: Share }) },
    }),
    async (request) => {
      const { files, bytes } = await ports.files.usage(principalOf(request).user_id)
      const { limits } = ports
      return { files: { used: files, allowed: limits.files }, bytes: { used: bytes, allowed: limits.bytes } }
    },
  )

  app.get(
    '/files/:id',
    operation({
      id: 'getFile',
      tag: 'files',
      summary: 'The file, for its uploader and the members who see it in a room; supports Range',
      params: Params,
      response: {
        200: documented('The bytes, with the media type found in them', '*/*', BINARY),
        206: documented('The range asked for', '*/*', BINARY),
      },
      errors: [...ERRORS, chatErrors.RANGE_NOT_SATISFIABLE],
    }),
    async (request, reply) => {
      const file = await accessFile(ports, request.params.id, principalOf(request).user_id)
      const range = readRange(request.headers.range, file.size)
      const opened = await ports.blobs.open(file.blob_key, range)
      if (!opened) throw chatErrors.FILE_NOT_FOUND()
      if (range) {
        reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`)
        reply.header('content-length', range.end - range.start + 1)
      } else reply.header('content-length', file.size)
      return sendBytes(reply, file.type, file.name).header('accept-ranges', 'bytes').send(opened.stream)
    },
  )

  app.get(
    '/files/:id/thumbnail',
    operation({
      id: 'getThumbnail',
      tag: 'files',
      summary: 'A small WebP of an image',
      params: Params,
      response: { 200: documented('The thumbnail', 'image/webp', BINARY) },
      errors: ERRORS,
    }),
    async (request, reply) => {
      const file = await accessFile(ports, request.params.id, principalOf(request).user_id)
      const opened = file.thumbnail_key ? await ports.blobs.open(file.thumbnail_key) : undefined
      if (!opened) throw chatErrors.FILE_NOT_FOUND()
      return sendBytes(reply, 'image/webp', `${file.name}.webp`)
        .header('content-length', opened.size)
        .send(opened.stream)
    },
  )
}

/** Never rendered as a page of ours: sniffing off, always an attachment, sandboxed. */
function sendBytes(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply
    .type(type)
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', contentDisposition(name))
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'private, max-age=31536000, immutable')
}

/** A single byte range (RFC 9110 section 14.2); several ranges, another unit or a malformed one mean the whole file. */
export function readRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  if (header === undefined || size === 0) return undefined
  const { code, type, ranges } = parseRange(size, header)
  const malformed = (code & 1) !== 0
  if (type !== 'bytes' || malformed || ranges.length > 1) return undefined
  if (!ranges[0]) throw chatErrors.RANGE_NOT_SATISFIABLE()
  return ranges[0]
}
