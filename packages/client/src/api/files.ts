import { ApiError, NetworkError } from '../errors.ts'
import type { CallOptions, Http } from '../http/http.ts'
import { problemFields, retryAfterOf } from '../http/problem.ts'
import type { SessionKeeper } from '../http/session.ts'
import { uuid } from '../http/uuid.ts'
import { reasonOf, unlessAborted } from '../http/wait.ts'
import type { FileInfo, FileUsage } from '../types.ts'

export type UploadOptions = CallOptions & {
  /** Default: the name of a File, else `file`. */
  name?: string
  onProgress?: (sent: number, total: number) => void
}

/** Large files take their time; whoever gets tired of it has the signal. */
const NO_LIMIT = Infinity
/** ms without a byte sent, or without an answer to the last one, after which a connection counts as dead */
const STALLED_MS = 60_000

export const filesApi = (http: Http, session: SessionKeeper) => ({
  /** To be sent with a message (`file_id`). Not repeated by itself. */
  async upload(file: Blob, options: UploadOptions = {}): Promise<FileInfo> {
    const name = options.name ?? (file as { name?: string }).name ?? 'file'
    const form = multipart(file, name)
    const { onProgress } = options
    const Xhr = (globalThis as { XMLHttpRequest?: new () => Xhr }).XMLHttpRequest
    if (onProgress && Xhr) {
      const once = (token: string) => uploadByXhr(new Xhr(), http, token, form, options)
      const token = await unlessAborted(session.token(), options.signal)
      return once(token).catch(async (error: unknown) => {
        if (!(error instanceof ApiError && error.status === 401 && session.current())) throw error
        return once(await unlessAborted(session.renew(token), options.signal))
      })
    }
    return http.json({
      ...options,
      method: 'POST',
      path: '/files',
      timeoutMs: options.timeoutMs ?? NO_LIMIT,
      repeat: 'never',
      headers: { 'content-type': form.type },
      body: () => (onProgress ? counted(form.body, onProgress) : form.body),
    })
  },
  usage: (options?: CallOptions): Promise<FileUsage> => http.json({ ...options, path: '/files/usage' }),
  download: (id: string, options?: CallOptions): Promise<Blob> =>
    http.blob({ timeoutMs: NO_LIMIT, ...options, path: `/files/${encodeURIComponent(id)}` }),
  /** A small WebP of an image. */
  thumbnail: (id: string, options?: CallOptions): Promise<Blob> =>
    http.blob({ ...options, path: `/files/${encodeURIComponent(id)}/thumbnail` }),
  /** The answer itself, to read as a stream. @param range first and last byte */
  open: (id: string, range?: readonly [number, number], options?: CallOptions): Promise<Response> =>
    http.open({
      ...options,
      path: `/files/${encodeURIComponent(id)}`,
      headers: range ? { range: `bytes=${range[0]}-${range[1]}` } : {},
    }),
})

/** A form of one file (RFC 7578), as bytes whose number is known. */
function multipart(file: Blob, name: string): { body: Blob; type: string } {
  const boundary = `bigtech-${uuid()}`
  const quoted = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted}"\r\n` +
    `content-type: ${file.type || 'application/octet-stream'}\r\n\r\n`
  const type = `multipart/form-data; boundary=${boundary}`
  return { body: new Blob([head, file, `\r\n--${boundary}--\r\n`]), type }
}

/** The bytes, telling how many the connection has taken. */
function counted(body: Blob, onProgress: (sent: number, total: number) => void): ReadableStream<Uint8Array> {
  const reader = body.stream().getReader()
  let sent = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) return controller.close()
      sent += value.byteLength
      onProgress(sent, body.size)
      controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** What is used of XMLHttpRequest: the only way browsers tell the progress of an upload. */
type Xhr = {
  upload: { addEventListener(type: 'progress', listener: (event: { loaded: number; total: number }) => void): void }
  addEventListener(type: 'load' | 'error' | 'abort', listener: () => void): void
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  send(body: Blob): void
  abort(): void
  getResponseHeader(name: string): string | null
  status: number
  statusText: string
  responseText: string
}

async function uploadByXhr(
  xhr: Xhr,
  http: Http,
  token: string,
  form: { body: Blob; type: string },
  options: UploadOptions,
): Promise<FileInfo> {
  const { signal } = options
  const abort = () => xhr.abort()
  let stalled = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      stalled = true
      xhr.abort()
    }, STALLED_MS)
  }
  try {
    return await new Promise<FileInfo>((resolve, reject) => {
      if (signal?.aborted) return reject(reasonOf(signal))
      signal?.addEventListener('abort', abort)
      xhr.upload.addEventListener('progress', ({ loaded, total }) => {
        alive()
        options.onProgress?.(loaded, total)
      })
      xhr.addEventListener('error', () => reject(new NetworkError('the upload failed')))
      xhr.addEventListener('abort', () =>
        reject(signal?.aborted ? reasonOf(signal) : new NetworkError('the upload was cut off', { timedOut: stalled })),
      )
      xhr.addEventListener('load', () => {
        const body = parse(xhr.responseText)
        if (xhr.status >= 200 && xhr.status < 300) return resolve(body as FileInfo)
        const fields = { code: `HTTP_${xhr.status}`, detail: xhr.statusText, ...problemFields(body) }
        const retryAfterMs = retryAfterOf(xhr.getResponseHeader('retry-after'))
        reject(new ApiError({ ...fields, status: xhr.status, retryAfterMs }))
      })
      xhr.open('POST', http.url('/files'))
      xhr.setRequestHeader('authorization', `Bearer ${token}`)
      xhr.setRequestHeader('content-type', form.type)
      xhr.setRequestHeader('accept-language', http.language)
      alive()
      xhr.send(form.body)
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
