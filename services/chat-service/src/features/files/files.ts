import { isBlank, newId, withoutInvisible, type Clock } from '@bigtech/kernel'
import { fileErrors, makeThumbnail, stripMetadata, type BlobStore, type Thumbnail } from '@bigtech/files'
import { chatErrors } from '../../contract/errors.ts'
import type { FileStore, StoredFile, Usage } from '../../ports.ts'
import { deleteBlobs, isUncertain, type DoubtfulUploads } from './doubtful-uploads.ts'
import { typeOf } from './file-type.ts'

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
/** Every file of them can be read: one that cannot is damaged, or a bomb. */
const ALWAYS_READ: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/apng', 'image/webp', 'image/gif'])
/** Some of them are of a kind that cannot be read (AVIF of more than 8 bits, TIFF of rare compressions): files like any other. */
const SOMETIMES_READ: ReadonlySet<string> = new Set(['image/avif', 'image/tiff'])

/**
 * Stores an upload. Its type is what its bytes say. A picture that can be shown is stored without its metadata (place, device, …) and with
 * a thumbnail; one of another format (SVG, BMP, HEIC, raw, …) is a file like any other, stored as it came. The thumbnail says which it is.
 * @throws FILE_TOO_LARGE, FILE_MISSING (an empty one), FILE_UNREADABLE, FILE_UNRECOGNISED, IMAGE_UNREADABLE, TOO_MANY_FILES, STORAGE_FULL;
 *   nothing is kept then. STORAGE_UNCERTAIN; what is not needed is found later
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
    const image = await readImage(ports, blob.key, type)
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

type Image = { thumbnail: Thumbnail; /** unless it is as it came */ stripped: Buffer | undefined }

/** Undefined for what is no picture to be shown. @throws IMAGE_UNREADABLE */
async function readImage(ports: FilePorts, key: string, type: string): Promise<Image | undefined> {
  if (!ALWAYS_READ.has(type) && !SOMETIMES_READ.has(type)) return undefined
  const opened = await ports.blobs.open(key)
  const chunks: Buffer[] = []
  for await (const chunk of opened!.stream) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  try {
    const thumbnail = await makeThumbnail(bytes, { maxSize: THUMBNAIL_PIXELS })
    const stripped = await stripMetadata(bytes, type)
    return { thumbnail, stripped: stripped === bytes ? undefined : stripped }
  } catch (error) {
    const isUnreadable = (error as { code?: unknown }).code === fileErrors.IMAGE_UNREADABLE.code
    if (isUnreadable && SOMETIMES_READ.has(type)) return undefined
    throw error
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
