import { isBlank, newId, withoutInvisible, type Clock } from '@bigtech/kernel'
import { fileErrors, makeThumbnail, sniffType, stripMetadata, type BlobStore, type Thumbnail } from '@bigtech/files'
import { chatErrors } from '../../contract/errors.ts'
import type { FileStore, StoredFile, Usage } from '../../ports.ts'
import { deleteBlobs, isUncertain, type DoubtfulUploads } from './doubtful-uploads.ts'

export type FilePorts = {
  files: FileStore
  blobs: BlobStore
  clock: Clock
  maxBytes: number
  /** Of one account. */
  limits: Usage
  doubtful: Pick<DoubtfulUploads, 'note'>
}

const THUMBNAIL_PIXELS = 480
const SNIFFED_BYTES = 8_192
/** Types a browser could run as a page; kept as plain bytes. Served as attachments anyway. */
const PLAIN = 'application/octet-stream'

/**
 * Stores an upload. Its type is what its bytes say; an image that cannot be decoded is refused as lying, one that can is stored without
 * its metadata (place, device, …).
 * @throws FILE_TOO_LARGE, FILE_MISSING (an empty one), FILE_UNREADABLE, TOO_MANY_FILES, STORAGE_FULL; nothing is kept then.
 *   STORAGE_UNCERTAIN; what is not needed is found later
 */
export async function uploadFile(
  ports: FilePorts,
  upload: { owner_id: number; name: string; claimedType: string; source: AsyncIterable<Uint8Array> },
): Promise<StoredFile> {
  const head: Uint8Array[] = []
  let blob = await ports.blobs.put(keepHead(upload.source, head), { maxBytes: ports.maxBytes })
  const kept = new Set([blob.key])
  try {
    if (blob.size === 0) throw chatErrors.FILE_MISSING()
    const { type, extension } = await typeOf(Buffer.concat(head), upload.claimedType)
    const image = type.startsWith('image/') ? await readImage(ports, blob.key, type) : undefined
    const small = image && (await ports.blobs.put(once(image.thumbnail.data), { maxBytes: ports.maxBytes }))
    if (small) kept.add(small.key)
    if (image?.stripped) {
      const { key } = blob
      blob = await ports.blobs.put(once(image.stripped), { maxBytes: image.stripped.length })
      kept.add(blob.key)
      await ports.blobs.delete(key)
    }
    const file: StoredFile = {
      id: newId(),
      owner_id: upload.owner_id,
      name: safeName(upload.name, extension),
      type,
      size: blob.size,
      width: image?.thumbnail.width ?? null,
      height: image?.thumbnail.height ?? null,
      has_thumbnail: small !== undefined,
      blob_key: blob.key,
      thumbnail_key: small?.key ?? null,
      created_at: ports.clock.now(),
    }
    const outcome = await add(ports, file, kept)
    if (outcome === 'too_many_files') throw chatErrors.TOO_MANY_FILES({ params: { limit: ports.limits.files } })
    if (outcome === 'storage_full')
      throw chatErrors.STORAGE_FULL({ params: { mb: Math.floor(ports.limits.bytes / 1_048_576) } })
    return file
  } catch (error) {
    for (const key of kept) await ports.blobs.delete(key)
    throw error
  }
}

async function add(ports: FilePorts, file: StoredFile, kept: Set<string>) {
  try {
    return await ports.files.add(file, ports.limits)
  } catch (error) {
    if (isUncertain(error)) {
      ports.doubtful.note(file)
      kept.clear()
    }
    throw error
  }
}

/** @throws FILE_NOT_FOUND also where the file exists but is not for this user: its existence is not told */
export async function accessFile(ports: { files: FileStore }, id: string, userId: number): Promise<StoredFile> {
  const file = await ports.files.get(id)
  if (!file || !(await ports.files.visibleTo(id, userId))) throw chatErrors.FILE_NOT_FOUND()
  return file
}

/** Removes uploads that no message uses, a day after they came. */
export async function removeOrphans(ports: Pick<FilePorts, 'files' | 'blobs' | 'clock'>): Promise<number> {
  const orphans = await ports.files.takeOrphans(ports.clock.now() - 24 * 3_600_000, 100)
  for (const file of orphans) await deleteBlobs(ports.blobs, file)
  return orphans.length
}

async function typeOf(head: Buffer, claimed: string): Promise<{ type: string; extension: string }> {
  const found = await sniffType(head)
  if (claimed.startsWith('image/') && !found?.mime.startsWith('image/'))
    throw chatErrors.FILE_UNREADABLE({ params: { reason: `${claimed} ≠ ${found?.mime ?? 'unknown'}` } })
  if (found) return { type: found.mime, extension: `.${found.ext}` }
  const isText = claimed === 'text/plain' && !head.includes(0)
  return isText ? { type: 'text/plain', extension: '.txt' } : { type: PLAIN, extension: '' }
}

type Image = { thumbnail: Thumbnail; /** unless it is as it came */ stripped: Buffer | undefined }

async function readImage(ports: FilePorts, key: string, type: string): Promise<Image> {
  const opened = await ports.blobs.open(key)
  const chunks: Buffer[] = []
  for await (const chunk of opened!.stream) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  try {
    const thumbnail = await makeThumbnail(bytes, { maxSize: THUMBNAIL_PIXELS })
    const stripped = await stripMetadata(bytes, type)
    return { thumbnail, stripped: stripped === bytes ? undefined : stripped }
  } catch (error) {
    if (error instanceof Error && (error as { code?: string }).code !== fileErrors.IMAGE_UNREADABLE.code) throw error
    throw chatErrors.FILE_UNREADABLE({ params: { reason: 'image' }, cause: error })
  }
}

/**
 * A name to show and to save under: no path, no control characters, and something to be seen before its extension.
 * @param extension of the type found, for a name that has none of its own to keep
 */
export function safeName(name: string, extension = ''): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  // oxlint-disable-next-line no-control-regex -- control and direction-changing characters disguise file names
  const clean = base.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim()
  if (NAMELESS.has(withoutInvisible(clean).trim())) return `file${extension}`
  const [stem, own] = splitName(clean)
  return stem !== '' && isBlank(stem) ? `file${own}` : shorten(clean)
}

const NAMELESS: ReadonlySet<string> = new Set(['', '.', '..'])

function splitName(name: string): [stem: string, extension: string] {
  const [extension = ''] = /\.[^.\s]{1,16}$/.exec(name) ?? []
  return [name.slice(0, name.length - extension.length), extension]
}

const MAX_NAME_LENGTH = 150
/** What file systems take: a longer name would be cut where it is saved, and its extension lost. */
const MAX_NAME_BYTES = 255
const graphemes = new Intl.Segmenter()

const isShort = (name: string) => name.length <= MAX_NAME_LENGTH && Buffer.byteLength(name) <= MAX_NAME_BYTES

/** The beginning of a long name, of whole letters, and its extension. */
function shorten(name: string): string {
  if (isShort(name)) return name
  const [long, extension] = splitName(name)
  let stem = ''
  for (const { segment } of graphemes.segment(long)) {
    if (!isShort(stem + segment + extension)) break
    stem += segment
  }
  return stem + extension
}

async function* keepHead(source: AsyncIterable<Uint8Array>, head: Uint8Array[]): AsyncGenerator<Uint8Array> {
  let kept = 0
  for await (const chunk of source) {
    if (kept < SNIFFED_BYTES) {
      head.push(chunk)
      kept += chunk.length
    }
    yield chunk
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
